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

    /// <summary>As many as a quarter of the memory budget holds.</summary>
    private int CountWorkers(int threads)
    {
        var bytes = _job.BytesOfContext(_job.BatchSize, Math.Max(_job.LongestText, _job.BatchSize), _batches.MostTexts());
        if (_job is { NeedsOutputs: true, UsesGpu: false } && _job.LongestText > _job.BatchSize)
        {
            // The logits of texts in several decodes are computed, all but those of the last: the cache has to be filled to its end.
            bytes += _job.BatchSize * _job.BytesOfLogits;
        }

        return _job.CountContexts(bytes, _job.Options.MemoryBudget / 4, threads, _batches.Count);
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
