using SemanticKernel.Steering.LlamaCpp.Engine;
using SemanticKernel.Steering.LlamaCpp.Interop.Handles;

namespace SemanticKernel.Steering.LlamaCpp.Fitting.Capture;

/// <summary>Fits all sites on what the unsteered model makes of the texts: one pass.</summary>
internal sealed class SimultaneousFit(FitJob job, IProgress<FitProgress>? progress)
{
    private const int MaxSequences = 32;
    private const int MinSketchRows = 256;

    /// <exception cref="SteeringFitException">The texts cannot be fitted with these options.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    internal Dictionary<Site, SiteMap> Run(CancellationToken cancellationToken)
    {
        using var source = CreateStore(job.Source.Length);
        using var target = CreateStore(job.Target.Length);
        var sketches = Capture(source, target, cancellationToken);
        var maps = new Dictionary<Site, SiteMap>();
        for (var i = 0; i < job.Sites.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            progress?.Report(new FitProgress("Fitting maps", i, job.Sites.Count));
            maps.Add(job.Sites[i], SiteMap.Fit(SamplesOf(source, i, job.Source.Length, sketches[i]), SamplesOf(target, i, job.Target.Length, null), job.Options));
        }

        progress?.Report(new FitProgress("Fitting maps", maps.Count, maps.Count));
        return maps;
    }

    private SampleStore CreateStore(int texts)
    {
        var bytes = (long)job.Sites.Count * job.TextCount * job.Model.Width * sizeof(float);
        return bytes <= job.Options.MemoryBudget / 2
            ? SampleStore.InMemory(job.Sites.Count, texts, job.Model.Width)
            : SampleStore.OnDisk(job.Sites.Count, texts, job.Model.Width);
    }

    private TokenSketch?[] Capture(SampleStore source, SampleStore target, CancellationToken cancellationToken)
    {
        var batchSize = job.BatchSize;
        var threads = job.Settings.Threads ?? ProcessorTopology.ThreadsFor(job.Model.ParameterCount);
        var callback = new CaptureCallback(job.Model.Hooks, job.Model.Library.Tensors, job.Sites, batchSize, job.Settings.ForceDeviceMemoryPath);
        using var pool = LlamaThreadPoolHandle.Create(threads);
        using var batch = new TokenBatch(batchSize);
        // Room for a long text that is under way and for a batch of others behind it.
        using var context = job.Open(callback, pool, job.LongestText + batchSize, batchSize, MaxSequences, threads);
        var recorder = new ActivationRecorder(context, callback, batch, MaxSequences, job.NeedsOutputs);
        var sketches = job.Sites.Select(_ => job.NeedsSketch ? new TokenSketch(job.Model.Width, SketchRows()) : null).ToArray();
        Record("Reading source texts", job.Source, source, sketches);
        Record("Reading target texts", job.Target, target, new TokenSketch?[sketches.Length]);
        return sketches;

        void Record(string stage, TokenizedText[] texts, SampleStore store, TokenSketch?[] tokens)
        {
            for (var i = 0; i < job.Sites.Count; i++)
            {
                callback.Record(job.Sites[i], new SiteCapture(i, job.Model.Width, job.Options.Pooling, store, tokens[i]));
            }

            recorder.Record(texts, done => progress?.Report(new FitProgress(stage, done, texts.Length)), cancellationToken);
        }
    }

    /// <summary>As many rows per sketch as a quarter of the budget holds.</summary>
    private int SketchRows() => (int)Math.Clamp(
        job.Options.MemoryBudget / 4 / ((long)job.Sites.Count * job.Model.Width * sizeof(float)), MinSketchRows, TokenSketch.DefaultCapacity);

    private ActivationSamples SamplesOf(SampleStore store, int site, int texts, TokenSketch? sketch) => new(texts, job.Model.Width, store.Take(site), sketch);
}
