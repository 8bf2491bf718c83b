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
    private const int Sequences = 32;

    private readonly FitJob _job;
    private readonly LlamaThreadPoolHandle _pool;
    private readonly nint _context;
    private readonly nint _memory;
    private readonly TokenBatch _batch;
    private readonly List<int> _finished = [];

    internal BarePrefill(FitJob job, int threads)
    {
        _job = job;
        _pool = LlamaThreadPoolHandle.Create(threads);
        _batch = new TokenBatch(job.BatchSize);
        var buffer = LlamaNative.llama_context_default_params();
        ref var parameters = ref ParamsBuffer.As<LlamaContextParams>(ref buffer);
        parameters.ContextSize = (uint)(job.LongestText + job.BatchSize);
        parameters.BatchSize = parameters.MicroBatchSize = (uint)job.BatchSize;
        parameters.MaxSequences = Sequences;
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
        Read(_job.Source.Texts);
        Read(_job.Target.Texts);
        return clock.Elapsed.TotalSeconds;
    }

    public void Dispose()
    {
        LlamaNative.llama_detach_threadpool(_context);
        LlamaNative.llama_free(_context);
        _batch.Dispose();
        _pool.Dispose();
    }

    private void Read(TokenizedText[] texts)
    {
        LlamaNative.llama_memory_clear(_memory, false);
        var inBatch = 0;
        for (var text = 0; text < texts.Length; text++)
        {
            inBatch++;
            for (var i = 0; i < texts[text].Tokens.Length; i++)
            {
                if (_batch.IsFull)
                {
                    Decode();
                    inBatch = 1;
                }

                _batch.Add(texts[text].Tokens[i], i, text % Sequences, _job.NeedsOutputs);
            }

            _finished.Add(text % Sequences);
            if (inBatch == Sequences)
            {
                Decode();
                inBatch = 0;
            }
        }

        Decode();
    }

    private void Decode()
    {
        if (_batch.Count > 0 && LlamaNative.llama_decode(_context, _batch.Native) is var status and not 0)
        {
            throw new InvalidOperationException($"llama_decode returned {status}.");
        }

        _finished.ForEach(sequence => LlamaNative.llama_memory_seq_rm(_memory, sequence, 0, -1));
        _finished.Clear();
        _batch.Clear();
    }
}
