using SemanticKernel.Steering.LlamaCpp.Models;

namespace SemanticKernel.Steering.LlamaCpp.Engine;

/// <summary>Chooses the next token of an answer from its logits and ends the answer where it ends. Allocates nothing.</summary>
internal sealed class AnswerWriter(LlamaVocabulary vocabulary, LlamaContext context, RequestEnd ending)
{
    internal bool HasFiniteLogits(Slot slot)
    {
        var logits = context.Logits(slot.OutputRow, vocabulary.Count);
        return !logits.IsEmpty && Finite.IndexOfNonFinite(logits) < 0;
    }

    /// <summary>Takes a token from the slot's row of logits, or the whole prompt where that is what was asked for.</summary>
    internal void Write(Slot slot)
    {
        var request = slot.Request!;
        request.OnLogits?.Invoke(context.Logits(slot.OutputRow, vocabulary.Count), request.Output.Written);
        if (request.Capture is { } capture)
        {
            ending.End(slot, EndReason.Stop, TryCapture(capture, slot));
            return;
        }

        var token = slot.Sampler!.Sample(context, slot.OutputRow);
        if (vocabulary.IsEndOfGeneration(token))
        {
            ending.End(slot, EndReason.Stop, null);
            return;
        }

        request.Output.Write(token);
        if (CompletesStopSequence(request.Stops, token))
        {
            ending.End(slot, EndReason.Stop, null);
        }
        else if (request.Output.Written == request.MaxTokens)
        {
            ending.End(slot, EndReason.Length, null);
        }
        else
        {
            slot.Append(token, RowKind.Generated);
        }
    }

    private Exception? TryCapture(PrefixCapture capture, Slot slot)
    {
        try
        {
            capture.Take(slot, context);
            return null;
        }
        catch (Exception exception) when (exception is LlamaModelException or OutOfMemoryException)
        {
            return exception;
        }
    }

    private bool CompletesStopSequence(StopMatcher stops, int token)
    {
        if (stops.IsEmpty)
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[LlamaVocabulary.MaxPieceBytes];
        var count = vocabulary.GetBytes(token, bytes);
        return count > 0 && stops.Take(bytes[..count]) >= 0;
    }
}
