using SemanticKernel.Steering.LlamaCpp.Engine;

namespace SemanticKernel.Steering.LlamaCpp.Fitting.Capture;

/// <summary>
/// Runs texts through a context, many per decode, each as a sequence of its own. Texts longer than a batch continue in the
/// next one.
/// </summary>
internal sealed class ActivationRecorder(LlamaContext context, CaptureCallback callback, TokenBatch batch, int maxSequences, bool outputs)
{
    private readonly List<int> _finished = [];
    private bool _isInsideText;

    internal void Record(FitSide side, Action<int> reportDone, CancellationToken cancellationToken)
    {
        using var registration = cancellationToken.UnsafeRegister(static state => ((CaptureCallback)state!).RequestAbort(), callback);
        context.Clear(wipe: false);
        Begin();
        var inBatch = 0;
        for (var text = 0; text < side.Texts.Length; text++)
        {
            var (tokens, selected) = (side.Texts[text].Tokens, side.Texts[text].Selected);
            inBatch++;
            for (var i = 0; i < tokens.Length; i++)
            {
                if (batch.IsFull)
                {
                    _isInsideText = i > 0;
                    Decode(cancellationToken);
                    reportDone(text);
                    inBatch = 1;
                }

                batch.Add(tokens[i], i, text % maxSequences, outputs);
                callback.AddRow(text, selected[i], isHeldOut: text >= side.FitCount, isLastOfText: i == tokens.Length - 1);
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
        reportDone(side.Texts.Length);
    }

    private void Begin()
    {
        batch.Clear();
        callback.ClearRows();
        _isInsideText = false;
    }

    private void Decode(CancellationToken cancellationToken)
    {
        if (batch.Count > 0)
        {
            callback.StopsBehindLastSite = !_isInsideText;
            callback.Decode(context, batch, cancellationToken);
        }

        cancellationToken.ThrowIfCancellationRequested();
        foreach (var sequence in _finished)
        {
            context.Remove(sequence);
        }

        _finished.Clear();
        Begin();
    }
}
