using SemanticKernel.Steering.LlamaCpp.Engine;
using SemanticKernel.Steering.LlamaCpp.Interop.Handles;

namespace SemanticKernel.Steering.LlamaCpp.Fitting.Capture;

/// <summary>Fits all sites on what the unsteered model makes of the texts: one pass.</summary>
internal sealed class SimultaneousFit(FitJob job, IProgress<FitProgress>? progress)
{
    private const string FitStage = "Fitting maps";
    private const int MaxSequences = 32;
    private const int MinSketchRows = 256;

    private long SiteBytes => (long)job.TextCount * job.Model.Width * sizeof(float);

    private bool FitsInMemory => job.Sites.Count * SiteBytes <= job.Options.MemoryBudget / 2;

    /// <exception cref="SteeringFitException">The texts cannot be fitted with these options.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    internal FittedSites Run(CancellationToken cancellationToken)
    {
        using var source = CreateStore(job.Source);
        using var target = CreateStore(job.Target);
        var sketches = Capture(source, target, cancellationToken);
        var fitted = new FittedSites();
        progress?.Report(new FitProgress(FitStage, 0, job.Sites.Count));
        var together = FitsInMemory ? job.Sites.Count : (int)Math.Clamp(job.Options.MemoryBudget / 2 / SiteBytes, 1, job.Sites.Count);
        foreach (var some in Enumerable.Range(0, job.Sites.Count).Chunk(together))
        {
            Fit(some, source, target, sketches, fitted, cancellationToken);
        }

        return fitted;
    }

    /// <summary>Fits some of the sites on all cores.</summary>
    private void Fit(int[] sites, SampleStore source, SampleStore target, TokenSketch?[] sketches, FittedSites fitted, CancellationToken cancellationToken)
    {
        var samples = sites.ToDictionary(site => job.Sites[site], site => job.SamplesOf(job.Sites[site], source.Take(site), target.Take(site), sketches[site]));
        var before = fitted.Maps.Count;
        var maps = SiteLoop.Run(
            samples,
            (site, own) => SiteFit.Run(site, own.Fit, own.HeldOut, job.Options),
            done => progress?.Report(new FitProgress(FitStage, before + done, job.Sites.Count)),
            cancellationToken);
        foreach (var (site, (map, trust)) in maps)
        {
            fitted.Add(site, map, trust);
        }
    }

    private SampleStore CreateStore(FitSide side) => FitsInMemory
        ? SampleStore.InMemory(job.Sites.Count, side.Texts.Length, job.Model.Width)
        : SampleStore.OnDisk(job.Sites.Count, side.Texts.Length, job.Model.Width);

    private TokenSketch?[] Capture(SampleStore source, SampleStore target, CancellationToken cancellationToken)
    {
        var batchSize = job.BatchSize;
        var threads = job.Settings.Threads ?? ProcessorTopology.ThreadsFor(job.Model.ParameterCount);
        var callback = new CaptureCallback(job.Model.Hooks, job.Model.Library.Tensors, job.Hooks, batchSize, job.Settings.ForceDeviceMemoryPath);
        using var pool = LlamaThreadPoolHandle.Create(threads);
        using var batch = new TokenBatch(batchSize);

        // Room for a long text that is under way and for a batch of others behind it.
        using var context = job.Open(callback, pool, job.LongestText + batchSize, batchSize, MaxSequences, threads);
        var recorder = new ActivationRecorder(context, callback, batch, MaxSequences, job.NeedsOutputs);
        var sketches = job.Sites.Select(_ => job.NeedsSketch ? new TokenSketch(job.Model.Width, SketchRows()) : null).ToArray();
        Record("Reading source texts", job.Source, source, sketches);
        Record("Reading target texts", job.Target, target, new TokenSketch?[sketches.Length]);
        return sketches;

        void Record(string stage, FitSide side, SampleStore store, TokenSketch?[] tokens)
        {
            for (var i = 0; i < job.Hooks.Length; i++)
            {
                callback.Record(job.Hooks[i], new SiteCapture(i, job.Model.Width, job.Options.Pooling, store, tokens[i]));
            }

            recorder.Record(side, done => progress?.Report(new FitProgress(stage, done, side.Texts.Length)), cancellationToken);
        }
    }

    /// <summary>As many rows per sketch as a quarter of the budget holds.</summary>
    private int SketchRows() => (int)Math.Clamp(
        job.Options.MemoryBudget / 4 / ((long)job.Sites.Count * job.Model.Width * sizeof(float)), MinSketchRows, TokenSketch.DefaultCapacity);
}
