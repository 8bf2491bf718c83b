using SemanticKernel.Steering.LlamaCpp.Engine;

namespace SemanticKernel.Steering.LlamaCpp.Fitting;

/// <summary>
/// Runs texts through a context, many per decode, each as a sequence of its own, every token flagged as an output so that
/// the last layer keeps all rows. Texts longer than a batch continue in the next one.
/// </summary>
internal sealed class ActivationRecorder(LlamaContext context, CaptureCallback callback, TokenBatch batch, int maxSequences)
{
    private readonly List<int> _finished = [];

    internal void Record(IReadOnlyList<TokenizedText> texts, Action<int> reportDone, CancellationToken cancellationToken)
    {
        using var registration = cancellationToken.UnsafeRegister(static state => ((CaptureCallback)state!).RequestAbort(), callback);
        callback.BeginSet(texts.Count);
        context.Clear(wipe: false);
        Begin();
        var inBatch = 0;
        for (var text = 0; text < texts.Count; text++)
        {
            var (tokens, selected) = texts[text];
            inBatch++;
            for (var i = 0; i < tokens.Length; i++)
            {
                if (batch.IsFull)
                {
                    Decode(cancellationToken);
                    reportDone(text);
                    inBatch = 1;
                }

                batch.Add(tokens[i], i, text % maxSequences, output: true);
                callback.AddRow(text, selected[i], isLastOfText: i == tokens.Length - 1);
            }

            _finished.Add(text % maxSequences);
            if (inBatch == maxSequences)
            {
                Decode(cancellationToken);
                reportDone(text + 1);
                inBatch = 0;
            }
        }

        Decode(cancellationToken);
        reportDone(texts.Count);
    }

    private void Begin()
    {
        batch.Clear();
        callback.ClearRows();
    }

    private void Decode(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (batch.Count > 0)
        {
            callback.BeginDecode(batch);
            var status = context.Decode(batch);
            cancellationToken.ThrowIfCancellationRequested();
            if (callback.EndDecode(status == DecodeStatus.Aborted) is { } fault)
            {
                throw new SteeringFitException($"Recording hidden states failed: {fault.Message}", fault);
            }

            if (status != DecodeStatus.Ok)
            {
                throw new LlamaModelException($"llama_decode failed with status {(int)status} ({status}) on a batch of {batch.Count} tokens.");
            }
        }

        foreach (var sequence in _finished)
        {
            context.Remove(sequence);
        }

        _finished.Clear();
        Begin();
    }
}
