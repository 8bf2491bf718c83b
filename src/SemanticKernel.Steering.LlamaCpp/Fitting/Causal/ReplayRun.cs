namespace SemanticKernel.Steering.LlamaCpp.Fitting.Causal;

/// <summary>
/// For texts that are too many to be under way at once: reads them again for every site, through all maps so far, and stops
/// behind the site. Takes about half as many passes as there are sites, and the memory of a decode per context.
/// </summary>
internal sealed class ReplayRun : ICausalRun, IDisposable
{
    private readonly FitJob _job;
    private readonly CausalTexts _texts;
    private readonly IReadOnlyList<Range> _batches;
    private readonly CancellationToken _cancellationToken;
    private readonly ContextGroup<ReplayWorker> _workers;
    private int _next;

    /// <exception cref="LlamaModelException">llama.cpp has not enough memory for the contexts.</exception>
    internal ReplayRun(FitJob job, CausalTexts texts, IReadOnlyList<Range> batches, int threads, CancellationToken cancellationToken)
    {
        (_job, _texts, _batches, _cancellationToken) = (job, texts, batches, cancellationToken);
        var batchSize = batches.Max(job.CountTokens);
        var bytes = job.BytesOfContext(batchSize, batchSize, batches.MostTexts());
        var workers = job.CountContexts(bytes, job.Options.MemoryBudget, threads, batches.Count);
        _workers = new ContextGroup<ReplayWorker>(workers, () => new ReplayWorker(job, texts, batchSize, batches.MostTexts(), threads / workers));
    }

    /// <inheritdoc/>
    public CausalStop? RunToNextSite()
    {
        if (_next == _job.Hooks.Length)
        {
            return null;
        }

        var hook = _job.Hooks[_next++];
        int[] hooks = [.. _texts.FittedHooks, hook];
        var sketch = _job.NeedsSketch ? new TokenSketch(_job.Model.Width) : null;
        _workers.ForEach(_batches.Count, (worker, batch, token) => worker.Read(_batches[batch], hooks, sketch, token), _cancellationToken);
        return _texts.StopAt(hook, sketch);
    }

    /// <inheritdoc/>
    public void Steer(SiteMap map) => _texts.Use(_job.Hooks[_next - 1], map);

    public void Dispose() => _workers.Dispose();
}
