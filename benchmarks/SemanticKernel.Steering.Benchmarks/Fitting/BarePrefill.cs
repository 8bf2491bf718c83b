using System.Diagnostics;
using SemanticKernel.Steering.LlamaCpp;
using SemanticKernel.Steering.LlamaCpp.Engine;
using SemanticKernel.Steering.LlamaCpp.Fitting;
using SemanticKernel.Steering.LlamaCpp.Interop;
using SemanticKernel.Steering.LlamaCpp.Interop.Handles;

namespace SemanticKernel.Steering.Benchmarks;

/// <summary>The texts of a fit read by llama.cpp as it comes: in the same decodes, with the same rows flagged as outputs, without a callback.</summary>
internal sealed unsafe class BarePrefill : IDisposable
{
    private readonly FitJob _job;
    private readonly LlamaThreadPoolHandle _pool;
    private readonly nint _context;
    private readonly nint _memory;
    private readonly TokenBatch _batch;
    private readonly List<Range> _batches;

    internal BarePrefill(FitJob job, int threads)
    {
        _job = job;
        _pool = LlamaThreadPoolHandle.Create(threads);
        _batch = new TokenBatch(job.BatchSize);
        _batches = TextBatches.Pack(job, job.BatchSize);
        var buffer = LlamaNative.llama_context_default_params();
        ref var parameters = ref ParamsBuffer.As<LlamaContextParams>(ref buffer);
        parameters.ContextSize = (uint)Math.Max(job.LongestText, job.BatchSize);
        parameters.BatchSize = parameters.MicroBatchSize = (uint)job.BatchSize;
        parameters.MaxSequences = (uint)_batches.MostTexts();
        parameters.MaxOutputs = parameters.MaxOutputsPerSequence = (uint)job.BatchSize;
        parameters.Threads = parameters.BatchThreads = threads;
        parameters.FlashAttention = -1;
        parameters.KeyType = parameters.ValueType = 1;
        parameters.OffloadKqv = parameters.OpOffload = (byte)(job.UsesGpu ? 1 : 0);
        parameters.UnifiedKv = 1;
        _context = LlamaNative.llama_init_from_model(job.Model.Handle.DangerousGetHandle(), buffer);
        if (_context == 0)
        {
            throw new InvalidOperationException("llama.cpp could not open a context.");
        }

        _memory = LlamaNative.llama_get_memory(_context);
        LlamaNative.llama_attach_threadpool(_context, _pool.DangerousGetHandle(), _pool.DangerousGetHandle());
    }

    /// <summary>Seconds to read all texts.</summary>
    internal double Run()
    {
        var clock = Stopwatch.StartNew();
        foreach (var batch in _batches)
        {
            LlamaNative.llama_memory_clear(_memory, false);
            for (var text = batch.Start.Value; text < batch.End.Value; text++)
            {
                Add(_job.Texts[text].Tokens, text - batch.Start.Value);
            }

            Decode();
        }

        return clock.Elapsed.TotalSeconds;
    }

    public void Dispose()
    {
        LlamaNative.llama_detach_threadpool(_context);
        LlamaNative.llama_free(_context);
        _batch.Dispose();
        _pool.Dispose();
    }

    private void Add(int[] tokens, int sequence)
    {
        for (var i = 0; i < tokens.Length; i++)
        {
            if (_batch.IsFull)
            {
                Decode();
            }

            _batch.Add(tokens[i], i, sequence, _job.NeedsOutputs);
        }
    }

    private void Decode()
    {
        if (LlamaNative.llama_decode(_context, _batch.Native) is var status and not 0)
        {
            throw new InvalidOperationException($"llama_decode returned {status}.");
        }

        _batch.Clear();
    }
}
