using SemanticKernel.Steering.LlamaCpp.Engine;
using SemanticKernel.Steering.LlamaCpp.Interop.Handles;

namespace SemanticKernel.Steering.LlamaCpp.Fitting.Causal;

/// <summary>A context that reads batches of texts up to a site, through the maps of all sites before it. For one thread at a time.</summary>
internal sealed class ReplayWorker : IDisposable
{
    private readonly ReplayCallback _callback;
    private readonly LlamaThreadPoolHandle _pool;
    private readonly TokenBatch _batch;
    private readonly LlamaContext _context;

    /// <exception cref="LlamaModelException">llama.cpp has not enough memory for the context.</exception>
    internal ReplayWorker(FitJob job, CausalTexts texts, int batchSize, int sequences, int threads)
    {
        _callback = new ReplayCallback(job, texts);
        _pool = LlamaThreadPoolHandle.Create(threads);
        _batch = new TokenBatch(batchSize);
        try
        {
            _context = job.Open(_callback, _pool, batchSize, batchSize, sequences, threads);
        }
        catch
        {
            _batch.Dispose();
            _pool.Dispose();
            throw;
        }
    }

    /// <summary>Reads texts in one decode and pools them at the last of the hooks.</summary>
    internal void Read(Range texts, IEnumerable<int> hooks, TokenSketch? sketch, CancellationToken cancellationToken)
    {
        using var registration = cancellationToken.UnsafeRegister(static state => ((ReplayCallback)state!).RequestAbort(), _callback);
        _callback.LookFor(hooks);
        _callback.SketchOfSite = sketch;
        _context.Clear(wipe: false);
        _callback.Fill(_batch, texts);
        _callback.Decode(_context, _batch, cancellationToken);
    }

    public void Dispose()
    {
        _context.Dispose();
        _batch.Dispose();
        _pool.Dispose();
    }
}
