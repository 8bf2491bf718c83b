using SemanticKernel.Steering.LlamaCpp.Engine;

namespace SemanticKernel.Steering.LlamaCpp.Fitting.Calibration;

/// <summary>How unlikely a steered model finds the answers of texts. The same operations always give the same number.</summary>
internal sealed class AnswerLoss : IDisposable
{
    private const long LogitsBudget = 64L << 20;
    private const long WorkersBudget = 512L << 20;
    private const int MaxBatchSize = 512;

    private readonly TokenizedText[] _texts;
    private readonly List<Range> _batches;
    private readonly ContextGroup<LossWorker> _workers;

    /// <summary>Prepares to measure.</summary>
    /// <exception cref="LlamaModelException">llama.cpp has not enough memory for the contexts.</exception>
    internal AnswerLoss(LlamaModel model, SteeredLlamaOptions settings, TokenizedText[] texts)
    {
        _texts = texts;
        var bytesOfLogits = sizeof(float) * (long)model.VocabularySize;
        var batchSize = (int)Math.Clamp(LogitsBudget / bytesOfLogits, 1, MaxBatchSize);
        var contextSize = Math.Max(batchSize, texts.Max(text => text.Tokens.Length));
        _batches = TextBatches.Pack(texts, batchSize);
        AnswerTokens = texts.Sum(text => text.Kinds.Skip(1).Count(kind => kind == RowKind.Generated));
        var threads = settings.Threads ?? ProcessorTopology.PhysicalCores;

        // llama.cpp holds logits twice: in the graph and where they are read.
        var affordable = WorkersBudget / ((2 * batchSize * bytesOfLogits) + (contextSize * model.CacheBytesPerToken(settings.KvCacheType)));
        var workers = settings.GpuLayers != 0 || model.Runtime.DecodesTakeTurns ? 1 : (int)Math.Clamp(affordable, 1, Math.Min(threads, _batches.Count));
        _workers = new ContextGroup<LossWorker>(workers, () => new LossWorker(model, settings, contextSize, batchSize, _batches.MostTexts(), threads / workers));
    }

    /// <summary>How many tokens the answers have.</summary>
    internal int AnswerTokens { get; }

    /// <summary>The mean negative log-likelihood of a token of an answer, in nats.</summary>
    /// <param name="operations">What is done at each hook; null for nothing.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="SteeringFitException">Steering produced a value that is not finite.</exception>
    /// <exception cref="LlamaModelException">llama.cpp failed.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    internal double Measure(SteeringOperation?[] operations, CancellationToken cancellationToken)
    {
        var losses = new double[_batches.Count];
        _workers.ForEach(losses.Length, (worker, batch, token) => losses[batch] = worker.Measure(_texts, _batches[batch], operations, token), cancellationToken);
        return losses.Sum() / AnswerTokens;
    }

    public void Dispose() => _workers.Dispose();
}
