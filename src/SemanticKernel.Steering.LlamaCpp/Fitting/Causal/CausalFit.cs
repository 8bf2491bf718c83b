using SemanticKernel.Steering.LlamaCpp.Engine;

namespace SemanticKernel.Steering.LlamaCpp.Fitting.Causal;

/// <summary>
/// Fits every site on what the maps before it leave of the texts: in one pass if the texts fit into memory together. Else the sites of the last
/// layer are read for one by one, because only there every token needs room for its logits; and if that is not enough, all are.
/// </summary>
internal sealed class CausalFit(FitJob job, IProgress<FitProgress>? progress)
{
    private const int MinBatchSize = 64;
    private const long MinLogits = 16 << 20;

    private readonly int _threads = job.Settings.Threads ?? ProcessorTopology.PhysicalCores;
    private readonly CausalTexts _texts = new(job);
    private readonly FittedSites _fitted = new();

    /// <exception cref="SteeringFitException">The texts cannot be fitted with these options.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    internal FittedSites Run(CancellationToken cancellationToken)
    {
        var early = job.At(..job.SitesBeforeOutputs);
        if (FindObstacle(job) is not { } obstacle)
        {
            FitTogether(job, cancellationToken);
        }
        else if (early.Sites.Count > 0 && FindObstacle(early) is null)
        {
            FitTogether(early, cancellationToken);
            FitOneByOne(job.At(early.Sites.Count..), $"Fitting the last layer's sites, reading all texts for each, because with logits {obstacle}", cancellationToken);
        }
        else
        {
            FitOneByOne(job, $"Fitting site by site, reading all texts for each, because {obstacle}", cancellationToken);
        }

        return _fitted.Maps.Count == job.Sites.Count
            ? _fitted
            : throw new SteeringFitException($"The graph showed {_fitted.Maps.Count} of the {job.Sites.Count} sites.");
    }

    private void FitTogether(FitJob part, CancellationToken cancellationToken)
    {
        using var run = new LockstepRun(part, _texts, Pack(part), _threads, cancellationToken);
        Fit(run, "Fitting site by site", cancellationToken);
    }

    private void FitOneByOne(FitJob part, string stage, CancellationToken cancellationToken)
    {
        using var run = new ReplayRun(part, _texts, Pack(part), _threads, cancellationToken);
        Fit(run, stage, cancellationToken);
    }

    private void Fit(ICausalRun run, string stage, CancellationToken cancellationToken)
    {
        progress?.Report(new FitProgress(stage, _fitted.Maps.Count, job.Sites.Count));
        CausalFitter.Fit(run, job.Options, _fitted, done => progress?.Report(new FitProgress(stage, done, job.Sites.Count)), cancellationToken);
    }

    /// <summary>Why the texts cannot all be under way at once; null if they can.</summary>
    private string? FindObstacle(FitJob part)
    {
        var batches = Pack(part);
        return batches.Sum(batch => BytesOf(part, batch)) > job.Options.MemoryBudget
                ? $"together they exceed the memory budget of {job.Options.MemoryBudget >> 20} MiB"
            : batches.Count > 1 && job.Model.Runtime.DecodesTakeTurns ? "contexts of this runtime cannot wait for each other"
            : null;
    }

    private static long BytesOf(FitJob part, Range batch)
    {
        var tokens = part.CountTokens(batch);
        return part.BytesOfContext(tokens, tokens, batch.End.Value - batch.Start.Value);
    }

    /// <summary>Equal shares, a multiple of the threads in number, so that no thread has nothing to do at the end of a wave.</summary>
    private List<Range> Pack(FitJob part)
    {
        var tokens = part.Texts.Sum(text => (long)text.Tokens.Length);
        var logits = Math.Max(MinLogits, part.Options.MemoryBudget / 2);
        var largest = part.NeedsOutputs ? Math.Clamp(logits / part.BytesOfLogits, 1, part.BatchSize) : part.BatchSize;
        var waves = Math.Max(1, (tokens + (largest * _threads) - 1) / (largest * _threads));
        var share = (tokens + (waves * _threads) - 1) / (waves * _threads);

        // Texts stay whole, so a share may end half a text early.
        return TextBatches.Pack(part, (int)Math.Max(part.LongestText, Math.Min(largest, Math.Max(MinBatchSize, share + (part.LongestText / 2)))));
    }
}
