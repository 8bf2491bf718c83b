using System.Runtime.ExceptionServices;
using SemanticKernel.Steering.LlamaCpp.Chat.Templates;
using SemanticKernel.Steering.LlamaCpp.Engine;

namespace SemanticKernel.Steering.LlamaCpp.Fitting;

/// <summary>Turns training texts into tokens and marks those that count.</summary>
internal sealed class TrainingTokenizer(ModelTemplate template, TokenSelection selection, int contextSize)
{
    private const int AnswerStartTokens = 4;

    /// <exception cref="SteeringFitException">A text cannot be used; the message says which and why.</exception>
    internal TokenizedText[] Tokenize(string set, IReadOnlyList<TrainingExample> examples)
    {
        var tokenized = new TokenizedText[examples.Count];
        try
        {
            Parallel.For(0, tokenized.Length, i => tokenized[i] = Tokenize($"{set} text {i + 1}", examples[i]));
        }
        catch (AggregateException error)
        {
            // Many texts may be unusable; the first one found says enough.
            ExceptionDispatchInfo.Throw(error.Flatten().InnerExceptions[0]);
        }

        return tokenized;
    }

    private TokenizedText Tokenize(string name, TrainingExample example)
    {
        var prompt = example.Text is { } text
            ? template.Texts.Encode(text)
            : template.Chat.Encode([.. example.Messages.Select(message => new ChatTurn(ReadRole(name, message.Role), message.Content))], addGenerationPrompt: false);
        if (prompt.Tokens.Length > contextSize)
        {
            throw new SteeringFitException($"The {name} has {prompt.Tokens.Length} tokens, but the context holds {contextSize}. Shorten it or raise ContextSize.");
        }

        var answer = prompt.Answers is [.., { Content: var content }] ? content : default;
        var selected = new bool[prompt.Tokens.Length];
        for (var i = 0; i < selected.Length; i++)
        {
            selected[i] = selection switch
            {
                TokenSelection.LastPromptToken => i == answer.Start.Value - 1,
                TokenSelection.AnswerStart => i >= answer.Start.Value && i < Math.Min(answer.End.Value, answer.Start.Value + AnswerStartTokens),
                _ => IsSelected(prompt.Origins[i], example.Messages.Count - 1),
            };
        }

        return Array.IndexOf(selected, true) >= 0
            ? new TokenizedText(prompt.Tokens, selected, KindsOf(prompt), example.Weight)
            : throw new SteeringFitException($"The {name} has no tokens to fit on ({selection}).");
    }

    /// <summary>The tokens of the last answer are what a model would have generated; raw text counts as one answer.</summary>
    private static RowKind[] KindsOf(EncodedPrompt prompt)
    {
        var kinds = new RowKind[prompt.Tokens.Length];
        var answer = prompt.Answers is [.., { Content: var content }] && content.End.Value > prompt.LastUserTurnStart ? content.Start.Value : kinds.Length;
        for (var i = 0; i < kinds.Length; i++)
        {
            kinds[i] = prompt.Origins[i].Kind == TokenOriginKind.Bos ? RowKind.Bos
                : i < prompt.LastUserTurnStart ? RowKind.EarlierPrompt
                : i < answer ? RowKind.LastUserTurn
                : RowKind.Generated;
        }

        return kinds;
    }

    private bool IsSelected(TokenOrigin origin, int lastTurn) => selection switch
    {
        TokenSelection.AllTokens => true,
        TokenSelection.WithoutBos => origin.Kind != TokenOriginKind.Bos,
        // Raw text has no roles and counts as an answer.
        TokenSelection.Answer => origin.Kind == TokenOriginKind.Content && origin.Role is null or ChatTurnRole.Assistant,
        TokenSelection.LastTurn => origin.Kind == TokenOriginKind.Content && (origin.Role is null || origin.Turn == lastTurn),
        _ => throw new SteeringFitException($"Unknown token selection {selection}."),
    };

    private static ChatTurnRole ReadRole(string name, string role) => role switch
    {
        "system" => ChatTurnRole.System,
        "user" => ChatTurnRole.User,
        "assistant" => ChatTurnRole.Assistant,
        _ => throw new SteeringFitException($"The {name} has a message of role '{role}'; use system, user or assistant."),
    };
}
