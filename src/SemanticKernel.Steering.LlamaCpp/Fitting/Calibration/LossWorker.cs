using System.Numerics.Tensors;
using SemanticKernel.Steering.LlamaCpp.Engine;

namespace SemanticKernel.Steering.LlamaCpp.Fitting.Calibration;

/// <summary>A context that tells how likely answers are. For one thread at a time.</summary>
internal sealed class LossWorker : IDisposable
{
    private readonly LlamaModel _model;
    private readonly LossCallback _callback;
    private readonly FitContext _own;
    private readonly float[] _scratch;

    /// <exception cref="LlamaModelException">llama.cpp has not enough memory for the context.</exception>
    internal LossWorker(LlamaModel model, SteeredLlamaOptions settings, int contextSize, int batchSize, int sequences, int threads)
    {
        _model = model;
        _scratch = new float[model.VocabularySize];
        _callback = new LossCallback(model, settings.StateAccess);
        _own = new FitContext(threads, batchSize, pool => LlamaContext.Open(model, _callback, pool, new ContextSettings
        {
            ContextSize = contextSize, BatchSize = batchSize, MaxSequences = sequences, MaxOutputs = batchSize, Threads = threads,
            UsesGpu = settings.GpuLayers != 0, KvCacheType = settings.KvCacheType, FlashAttention = settings.FlashAttention,
        }));
    }

    /// <summary>The sum of the negative logarithms of the probabilities of the answers' tokens, in nats. A text longer than a batch is read in several.</summary>
    internal double Measure(TokenizedText[] texts, Range range, SteeringOperation?[] operations, CancellationToken cancellationToken)
    {
        using var registration = cancellationToken.UnsafeRegister(static state => ((LossCallback)state!).RequestAbort(), _callback);
        _callback.Use(operations);
        _own.Context.Clear(wipe: false);
        _callback.Begin(_own.Batch);
        var loss = 0.0;
        for (var text = range.Start.Value; text < range.End.Value; text++)
        {
            for (var token = 0; token < texts[text].Tokens.Length; token++)
            {
                if (_own.Batch.IsFull)
                {
                    loss += Decode(cancellationToken);
                }

                _callback.Add(_own.Batch, texts[text], text, token, text - range.Start.Value);
            }
        }

        return loss + Decode(cancellationToken);
    }

    public void Dispose() => _own.Dispose();

    private double Decode(CancellationToken cancellationToken)
    {
        _callback.Decode(_own.Context, _own.Batch, cancellationToken);
        var loss = _callback.Outputs.Sum(output => Loss(_own.Context.Logits(output.Row, _model.VocabularySize), output.Next));
        _callback.Begin(_own.Batch);
        return loss;
    }

    private double Loss(ReadOnlySpan<float> logits, int token)
    {
        var largest = TensorPrimitives.Max(logits);
        TensorPrimitives.Subtract(logits, largest, _scratch);
        TensorPrimitives.Exp(_scratch, _scratch);
        return Math.Log(TensorPrimitives.Sum<float>(_scratch)) + largest - logits[token];
    }
}
