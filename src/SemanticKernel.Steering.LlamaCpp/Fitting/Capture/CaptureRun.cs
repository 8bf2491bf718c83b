using System.Runtime.ExceptionServices;
using SemanticKernel.Steering.LlamaCpp.Engine;

namespace SemanticKernel.Steering.LlamaCpp.Fitting.Capture;

/// <summary>
/// Reads all texts once. Contexts on the same weights share the batches out among themselves, each on few threads, so that no
/// processor waits for others within a node of the graph or while rows are pooled.
/// </summary>
internal sealed class CaptureRun : IDisposable
{
    private const string Stage = "Reading texts";

    private readonly FitJob _job;
    private readonly IProgress<FitProgress>? _progress;
    private readonly List<Range> _batches;
    private readonly List<CaptureWorker> _workers = [];
    private readonly object _gate = new();
    private int _next = -1;
    private int _done;

    /// <exception cref="LlamaModelException">llama.cpp has not enough memory for the contexts.</exception>
    internal CaptureRun(FitJob job, SampleStore store, TokenSketch?[] sketches, IProgress<FitProgress>? progress)
    {
        (_job, _progress) = (job, progress);
        _batches = TextBatches.Pack(job, job.BatchSize);
        var threads = job.Settings.Threads ?? ProcessorTopology.PhysicalCores;
        var workers = CountWorkers(threads);
        try
        {
            while (_workers.Count < workers)
            {
                _workers.Add(new CaptureWorker(job, store, sketches, _batches.MostTexts(), threads / workers));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <exception cref="SteeringFitException">The callback failed, or the graph did not show what it should.</exception>
    /// <exception cref="LlamaModelException">llama.cpp failed.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    internal void Run(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var tasks = _workers.Select(worker => Task.Factory.StartNew(
            () => Read(worker, stop), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        try
        {
            Task.WaitAll(tasks, CancellationToken.None);
        }
        catch (AggregateException error)
        {
            // The first failure cancels the others, and is what counts.
            cancellationToken.ThrowIfCancellationRequested();
            ExceptionDispatchInfo.Throw(error.InnerExceptions.FirstOrDefault(inner => inner is not OperationCanceledException) ?? error.InnerExceptions[0]);
        }
    }

    public void Dispose() => _workers.ForEach(worker => worker.Dispose());

    private void Read(CaptureWorker worker, CancellationTokenSource stop)
    {
        try
        {
            for (int batch; (batch = Interlocked.Increment(ref _next)) < _batches.Count;)
            {
                worker.Read(_batches[batch], stop.Token);
                Report(_batches[batch].End.Value - _batches[batch].Start.Value, stop.Token);
            }
        }
        catch
        {
            stop.Cancel();
            throw;
        }
    }

    /// <summary>One context per thread, as far as there are batches and a quarter of the memory budget goes. One alone where tokens are sketched: a sketch depends on their order.</summary>
    private int CountWorkers(int threads)
    {
        var affordable = _job.Options.MemoryBudget / 4 / Math.Max(1, _job.BatchSize * _job.BytesPerToken);
        return _job.NeedsSketch || _job.UsesGpu ? 1 : (int)Math.Clamp(affordable, 1, Math.Min(threads, _batches.Count));
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
