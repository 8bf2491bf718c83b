namespace SemanticKernel.Steering.LlamaCpp.Fitting.Capture;

/// <summary>Fits all sites on what the unsteered model makes of the texts: one pass.</summary>
internal sealed class SimultaneousFit(FitJob job, IProgress<FitProgress>? progress)
{
    private const string FitStage = "Fitting maps";
    private const int MinSketchRows = 256;

    private long SiteBytes => (long)job.Texts.Length * job.Model.Width * sizeof(float);

    /// <summary>Sites whose samples are copied at a time, if all are at hand.</summary>
    private int Copies => DirectionFitter.CopiesSamples(job.Options.Estimator) ? Math.Min(Environment.ProcessorCount, job.Sites.Count) : 0;

    private bool FitsInMemory => (job.Sites.Count + Copies) * SiteBytes <= job.Options.MemoryBudget / 2;

    /// <exception cref="SteeringFitException">The texts cannot be fitted with these options.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    internal FittedSites Run(CancellationToken cancellationToken)
    {
        using var store = FitsInMemory
            ? SampleStore.InMemory(job.Sites.Count, job.Texts.Length, job.Model.Width)
            : SampleStore.OnDisk(job.Sites.Count, job.Texts.Length, job.Model.Width);
        var sketches = job.Sites.Select(_ => job.NeedsSketch ? new TokenSketch(job.Model.Width, SketchRows()) : null).ToArray();
        using (var capture = new CaptureRun(job, store, sketches, progress))
        {
            capture.Run(cancellationToken);
        }

        var fitted = new FittedSites();
        progress?.Report(new FitProgress(FitStage, 0, job.Sites.Count));
        var bytes = Copies > 0 ? 2 * SiteBytes : SiteBytes;
        var together = FitsInMemory ? job.Sites.Count : (int)Math.Clamp(job.Options.MemoryBudget / 2 / bytes, 1, job.Sites.Count);

        // What is read from disk goes into the same arrays again and again: garbage of this size would wait for long to be collected.
        var rows = new float[]?[together];
        foreach (var sites in Enumerable.Range(0, job.Sites.Count).Chunk(together))
        {
            for (var i = 0; i < sites.Length; i++)
            {
                rows[i] = store.Take(sites[i], rows[i]);
            }

            Fit(sites, rows, sketches, fitted, cancellationToken);
        }

        return fitted;
    }

    /// <summary>Fits some of the sites on all cores.</summary>
    private void Fit(int[] sites, float[]?[] rows, TokenSketch?[] sketches, FittedSites fitted, CancellationToken cancellationToken)
    {
        var samples = sites.Select((site, i) => (site, rows: rows[i]!)).ToDictionary(
            entry => job.Sites[entry.site], entry => job.SamplesOf(job.Sites[entry.site], entry.rows, sketches[entry.site]));
        var before = fitted.Maps.Count;
        var maps = SiteLoop.Run(
            samples,
            (site, own) => SiteFit.Run(site, own.Fit, own.HeldOut, job.Options, cancellationToken),
            done => progress?.Report(new FitProgress(FitStage, before + done, job.Sites.Count)),
            cancellationToken);
        foreach (var (site, (map, trust)) in maps)
        {
            fitted.Add(site, map, trust);
        }
    }

    /// <summary>As many rows per sketch as a quarter of the budget holds.</summary>
    private int SketchRows() => (int)Math.Clamp(
        job.Options.MemoryBudget / 4 / ((long)job.Sites.Count * job.Model.Width * sizeof(float)), MinSketchRows, TokenSketch.DefaultCapacity);
}
