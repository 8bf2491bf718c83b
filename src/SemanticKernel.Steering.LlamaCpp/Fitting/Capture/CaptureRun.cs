using SemanticKernel.Steering.LlamaCpp.Engine;

namespace SemanticKernel.Steering.LlamaCpp.Fitting.Capture;

/// <summary>Reads all texts once.</summary>
internal sealed class CaptureRun : IDisposable
{
    private const string Stage = "Reading texts";

    private readonly FitJob _job;
    private readonly IProgress<FitProgress>? _progress;
    private readonly List<Range> _batches;
    private readonly ContextGroup<CaptureWorker> _workers;
    private readonly object _gate = new();
    private int _done;

    /// <exception cref="LlamaModelException">llama.cpp has not enough memory for the contexts.</exception>
    internal CaptureRun(FitJob job, SampleStore store, TokenSketch?[] sketches, IProgress<FitProgress>? progress)
    {
        (_job, _progress) = (job, progress);
        _batches = TextBatches.Pack(job, job.BatchSize);
        var threads = job.Settings.Threads ?? ProcessorTopology.PhysicalCores;
        var workers = CountWorkers(threads);
        _workers = new ContextGroup<CaptureWorker>(workers, () => new CaptureWorker(job, store, sketches, _batches.MostTexts(), threads / workers));
    }

    /// <exception cref="SteeringFitException">The callback failed, or the graph did not show what it should.</exception>
    /// <exception cref="LlamaModelException">llama.cpp failed.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    internal void Run(CancellationToken cancellationToken) => _workers.ForEach(
        _batches.Count,
        (worker, batch, token) =>
        {
            worker.Read(_batches[batch], token);
            Report(_batches[batch].End.Value - _batches[batch].Start.Value, token);
        },
        cancellationToken);

    public void Dispose() => _workers.Dispose();

    /// <summary>One context per thread, as far as there are batches and a quarter of the memory budget goes. One alone where tokens are sketched: a sketch depends on their order.</summary>
    private int CountWorkers(int threads)
    {
        // The logits of texts in several decodes are computed, all but those of the last: the cache has to be filled to its end.
        var logits = _job is { NeedsOutputs: true, UsesGpu: false } && _job.LongestText > _job.BatchSize ? 2L * sizeof(float) * _job.Model.VocabularySize : 0;
        var affordable = _job.Options.MemoryBudget / 4 / Math.Max(1, _job.BatchSize * (_job.BytesPerToken + logits));
        return _job.NeedsSketch || !_job.ComputesSideBySide ? 1 : (int)Math.Clamp(affordable, 1, Math.Min(threads, _batches.Count));
    }

    private void Report(int texts, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _progress?.Report(new FitProgress(Stage, _done += texts, _job.Texts.Length));
        }
    }
}
