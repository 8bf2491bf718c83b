namespace SemanticKernel.Steering.LlamaCpp.Fitting.Causal;

/// <summary>A context that reads batches of texts up to a site, through the maps of all sites before it. For one thread at a time.</summary>
internal sealed class ReplayWorker : IDisposable
{
    private readonly ReplayCallback _callback;
    private readonly FitContext _own;

    /// <exception cref="LlamaModelException">llama.cpp has not enough memory for the context.</exception>
    internal ReplayWorker(FitJob job, CausalTexts texts, int batchSize, int sequences, int threads)
    {
        _callback = new ReplayCallback(job, texts);
        _own = new FitContext(threads, batchSize, pool => job.Open(_callback, pool, batchSize, batchSize, sequences, threads));
    }

    /// <summary>Reads texts in one decode and pools them at the last of the hooks.</summary>
    internal void Read(Range texts, IEnumerable<int> hooks, TokenSketch? sketch, CancellationToken cancellationToken)
    {
        using var registration = cancellationToken.UnsafeRegister(static state => ((ReplayCallback)state!).RequestAbort(), _callback);
        _callback.LookFor(hooks);
        _callback.SketchOfSite = sketch;
        _own.Context.Clear(wipe: false);
        _callback.Fill(_own.Batch, texts);
        _callback.Decode(_own.Context, _own.Batch, cancellationToken);
    }

    public void Dispose() => _own.Dispose();
}
