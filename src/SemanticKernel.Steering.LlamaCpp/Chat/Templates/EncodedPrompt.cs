namespace SemanticKernel.Steering.LlamaCpp.Chat.Templates;

/// <summary>A prompt as tokens, with the origin of each.</summary>
internal sealed class EncodedPrompt
{
    internal EncodedPrompt(int[] tokens, TokenOrigin[] origins, int lastUserTurnStart, IReadOnlyList<AnswerTokens> answers)
    {
        Tokens = tokens;
        Origins = origins;
        LastUserTurnStart = lastUserTurnStart;
        Answers = answers;
    }

    /// <summary>The token ids, the beginning-of-sequence token included.</summary>
    internal int[] Tokens { get; }

    /// <summary>The origin of each of <see cref="Tokens"/>.</summary>
    internal TokenOrigin[] Origins { get; }

    /// <summary>
    /// Index of the first token of the last user turn, its template header included; 0 if there is no user turn. Where a
    /// template folds the system message into the user turn (Gemma), the turn starts before the system message.
    /// </summary>
    internal int LastUserTurnStart { get; }

    /// <summary>The assistant turns in order. Raw text counts as one answer.</summary>
    internal IReadOnlyList<AnswerTokens> Answers { get; }
}
