using SemanticKernel.Steering.LlamaCpp.Engine;
using SemanticKernel.Steering.LlamaCpp.Interop.Handles;

namespace SemanticKernel.Steering.LlamaCpp.Fitting.Capture;

/// <summary>A context that reads batches of texts, each text as a sequence of its own. For one thread at a time.</summary>
internal sealed class CaptureWorker : IDisposable
{
    private readonly FitJob _job;
    private readonly CaptureCallback _callback;
    private readonly LlamaThreadPoolHandle _pool;
    private readonly TokenBatch _batch;
    private readonly LlamaContext _context;

    /// <exception cref="LlamaModelException">llama.cpp has not enough memory for the context.</exception>
    internal CaptureWorker(FitJob job, SampleStore store, TokenSketch?[] sketches, int sequences, int threads)
    {
        _job = job;
        _callback = new CaptureCallback(job, store, sketches);
        _pool = LlamaThreadPoolHandle.Create(threads);
        _batch = new TokenBatch(job.BatchSize);
        try
        {
            _context = job.Open(_callback, _pool, Math.Max(job.LongestText, job.BatchSize), job.BatchSize, sequences, threads);
        }
        catch
        {
            _batch.Dispose();
            _pool.Dispose();
            throw;
        }
    }

    /// <summary>Reads texts in one decode, or a text that is longer than a batch in several.</summary>
    internal void Read(Range texts, CancellationToken cancellationToken)
    {
        using var registration = cancellationToken.UnsafeRegister(static state => ((CaptureCallback)state!).RequestAbort(), _callback);
        _context.Clear(wipe: false);
        Begin();
        for (var text = texts.Start.Value; text < texts.End.Value; text++)
        {
            for (var token = 0; token < _job.Texts[text].Tokens.Length; token++)
            {
                if (_batch.IsFull)
                {
                    Decode(goesOn: true, cancellationToken);
                    Begin();
                }

                _callback.Add(_batch, text, token, text - texts.Start.Value);
            }
        }

        Decode(goesOn: false, cancellationToken);
    }

    public void Dispose()
    {
        _context.Dispose();
        _batch.Dispose();
        _pool.Dispose();
    }

    private void Begin()
    {
        _batch.Clear();
        _callback.ClearRows();
    }

    private void Decode(bool goesOn, CancellationToken cancellationToken)
    {
        _callback.StopsBehindLastSite = !goesOn;
        _callback.Decode(_context, _batch, cancellationToken);
    }
}
