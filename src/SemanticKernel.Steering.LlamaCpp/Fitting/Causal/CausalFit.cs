using SemanticKernel.Steering.LlamaCpp.Engine;

namespace SemanticKernel.Steering.LlamaCpp.Fitting.Causal;

/// <summary>Fits every site on what the maps before it leave of the texts: in one pass if the texts fit into memory together, else in one per site.</summary>
internal sealed class CausalFit(FitJob job, IProgress<FitProgress>? progress)
{
    private const int MaxBatchSize = 512;
    private const int MinBatchSize = 64;

    private readonly int _threads = job.Settings.Threads ?? ProcessorTopology.PhysicalCores;

    /// <exception cref="SteeringFitException">The texts cannot be fitted with these options.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    internal FittedSites Run(CancellationToken cancellationToken)
    {
        var batchSize = ChooseBatchSize();
        var batches = TextBatches.Pack(job, batchSize);
        var obstacle = FindObstacle(batches.Count);
        if (obstacle is null)
        {
            using var run = new LockstepRun(job, batches, _threads, cancellationToken);
            return Fit(run, "Fitting site by site");
        }

        using var replay = new ReplayRun(job, batches, batchSize, _threads, cancellationToken);
        return Fit(replay, $"Fitting site by site, reading all texts for each, because {obstacle}");
    }

    /// <summary>Why the texts cannot all be under way at once; null if they can.</summary>
    private string? FindObstacle(int batches) =>
        job.Texts.Sum(text => text.Tokens.Length * job.BytesPerToken) > job.Options.MemoryBudget
            ? $"together they exceed the memory budget of {job.Options.MemoryBudget >> 20} MiB"
        : batches > 1 && job.Model.Runtime.DecodesTakeTurns ? "contexts of this runtime cannot wait for each other"
        : null;

    private FittedSites Fit(ICausalRun run, string stage)
    {
        progress?.Report(new FitProgress(stage, 0, job.Sites.Count));
        var fitted = CausalFitter.Fit(run, job.Options, done => progress?.Report(new FitProgress(stage, done, job.Sites.Count)));
        return fitted.Maps.Count == job.Sites.Count
            ? fitted
            : throw new SteeringFitException($"The graph showed {fitted.Maps.Count} of the {job.Sites.Count} sites.");
    }

    /// <summary>Equal shares, a multiple of the threads in number, so that no thread has nothing to do at the end of a wave.</summary>
    private int ChooseBatchSize()
    {
        var tokens = job.Texts.Sum(text => (long)text.Tokens.Length);
        var largest = job.UsesGpu ? job.BatchSize : MaxBatchSize;
        var waves = Math.Max(1, (tokens + ((long)largest * _threads) - 1) / ((long)largest * _threads));
        var share = (tokens + (waves * _threads) - 1) / (waves * _threads);
        // Texts stay whole, so a share may end half a text early.
        return (int)Math.Max(job.LongestText, Math.Min(largest, Math.Max(MinBatchSize, share + (job.LongestText / 2))));
    }
}
