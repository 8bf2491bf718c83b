using System.Diagnostics;
using System.Runtime.InteropServices;
using SemanticKernel.Steering.LlamaCpp;
using SemanticKernel.Steering.LlamaCpp.Engine;
using SemanticKernel.Steering.LlamaCpp.Interop;

namespace SemanticKernel.Steering.Benchmarks;

/// <summary>llama.cpp as it comes: a context without callbacks, decoded in a plain loop, with the engine's settings, threads and samplers.</summary>
internal sealed unsafe class BareContext : IDisposable
{
    private readonly SteeredLlamaEngine _engine;
    private readonly nint _context;
    private readonly nint _memory;
    private readonly TokenBatch _batch;
    private readonly delegate* unmanaged[Cdecl]<nint, float*, nuint, int, int, int, int> _setControlVector;

    internal BareContext(SteeredLlamaEngine engine, SteeredLlamaOptions options)
    {
        var sequences = options.MaxConcurrentRequests!.Value;
        var batchSize = Math.Min(options.BatchSize, engine.ContextSize);
        _engine = engine;
        _batch = new TokenBatch(batchSize);
        var buffer = LlamaNative.llama_context_default_params();
        ref var parameters = ref ParamsBuffer.As<LlamaContextParams>(ref buffer);
        parameters.ContextSize = (uint)(engine.ContextSize * sequences);
        parameters.BatchSize = parameters.MicroBatchSize = (uint)batchSize;
        parameters.MaxSequences = parameters.MaxOutputs = (uint)sequences;
        parameters.MaxOutputsPerSequence = 1;
        parameters.Threads = parameters.BatchThreads = options.Threads!.Value;
        parameters.FlashAttention = -1;
        parameters.KeyType = parameters.ValueType = 1;
        parameters.OffloadKqv = parameters.OpOffload = (byte)(options.GpuLayers != 0 ? 1 : 0);
        parameters.UnifiedKv = 1;
        _context = LlamaNative.llama_init_from_model(engine.Model.Handle.DangerousGetHandle(), buffer);
        if (_context == 0)
        {
            throw new InvalidOperationException("llama.cpp could not open a context.");
        }

        _memory = LlamaNative.llama_get_memory(_context);
        LlamaNative.llama_attach_threadpool(_context, engine.ThreadPool.DangerousGetHandle(), engine.ThreadPool.DangerousGetHandle());
        _setControlVector = (delegate* unmanaged[Cdecl]<nint, float*, nuint, int, int, int, int>)
            NativeLibrary.GetExport(NativeLibrary.Load(engine.Model.Library.Info.Path), "llama_set_adapter_cvec");
    }

    /// <summary>Adds a small vector to the output of every block but the first, or stops doing so.</summary>
    internal void UseControlVector(bool on)
    {
        var model = _engine.Model;
        var values = Enumerable.Repeat(1e-4f, model.Width * (model.Identity.Layers - 1)).ToArray();
        fixed (float* data = values)
        {
            if (_setControlVector(_context, on ? data : null, on ? (nuint)values.Length : 0, model.Width, 1, model.Identity.Layers) != 0)
            {
                throw new InvalidOperationException("llama.cpp refused the control vector.");
            }
        }
    }

    /// <summary>Seconds to read the prompts, one per sequence, and to generate tokens for each.</summary>
    internal (double Prompt, double Decode) Run(IReadOnlyList<int[]> prompts, int tokens)
    {
        LlamaNative.llama_memory_clear(_memory, false);
        var samplers = prompts.Select((_, i) => CreateSampler((uint)i)).ToArray();
        var clock = Stopwatch.StartNew();
        var next = new int[prompts.Count];
        ReadPrompts(prompts, samplers, next);

        var prompt = clock.Elapsed.TotalSeconds;
        for (var token = 1; token < tokens; token++)
        {
            _batch.Clear();
            for (var sequence = 0; sequence < prompts.Count; sequence++)
            {
                _batch.Add(next[sequence], prompts[sequence].Length + token - 1, sequence, output: true);
            }

            Decode();
            for (var sequence = 0; sequence < prompts.Count; sequence++)
            {
                next[sequence] = LlamaNative.llama_sampler_sample(samplers[sequence], _context, sequence);
            }
        }

        var total = clock.Elapsed.TotalSeconds;
        Array.ForEach(samplers, LlamaNative.llama_sampler_free);
        return (prompt, total - prompt);
    }

    public void Dispose()
    {
        LlamaNative.llama_detach_threadpool(_context);
        LlamaNative.llama_free(_context);
        _batch.Dispose();
    }

    private static nint CreateSampler(uint seed)
    {
        var chain = LlamaNative.llama_sampler_chain_init(LlamaNative.llama_sampler_chain_default_params());
        LlamaNative.llama_sampler_chain_add(chain, LlamaNative.llama_sampler_init_temp(ServingBenchmark.Sampling.Temperature));
        LlamaNative.llama_sampler_chain_add(chain, LlamaNative.llama_sampler_init_dist(seed));
        return chain;
    }

    /// <summary>Reads as many prompts per decode as the batch holds.</summary>
    private void ReadPrompts(IReadOnlyList<int[]> prompts, nint[] samplers, int[] next)
    {
        var lastRows = new Dictionary<int, int>();
        _batch.Clear();
        for (var sequence = 0; sequence < prompts.Count; sequence++)
        {
            var prompt = prompts[sequence];
            for (var i = 0; i < prompt.Length; i++)
            {
                var isLast = i == prompt.Length - 1;
                var row = _batch.Add(prompt[i], i, sequence, isLast);
                if (isLast)
                {
                    lastRows[sequence] = row;
                }

                if (_batch.IsFull || (isLast && sequence == prompts.Count - 1))
                {
                    Decode();
                    _batch.Clear();
                    foreach (var (ended, output) in lastRows)
                    {
                        next[ended] = LlamaNative.llama_sampler_sample(samplers[ended], _context, output);
                    }

                    lastRows.Clear();
                }
            }
        }
    }

    private void Decode()
    {
        if (LlamaNative.llama_decode(_context, _batch.Native) is var status and not 0)
        {
            throw new InvalidOperationException($"llama_decode returned {status}.");
        }
    }
}
