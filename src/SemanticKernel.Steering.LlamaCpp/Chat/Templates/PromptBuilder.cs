using System.Runtime.InteropServices;
using SemanticKernel.Steering.LlamaCpp.Models;

namespace SemanticKernel.Steering.LlamaCpp.Chat.Templates;

/// <summary>Collects the tokens of one prompt with their origins.</summary>
internal sealed class PromptBuilder
{
    private readonly PromptText _prompt;
    private readonly LlamaVocabulary _vocabulary;
    private readonly List<int> _tokens = [];
    private readonly List<TokenOrigin> _origins = [];
    private int _lastUserTurnStart = -1;

    internal PromptBuilder(PromptText prompt, LlamaVocabulary vocabulary)
    {
        _prompt = prompt;
        _vocabulary = vocabulary;
    }

    internal void AddBos(int token)
    {
        _tokens.Add(token);
        _origins.Add(TokenOrigin.Bos);
    }

    internal void AddSpecial(TextMatch special)
    {
        var isBos = _tokens.Count == 0 && special.Value == _vocabulary.Bos;
        Add(special.Value, isBos ? TokenOrigin.Bos : TokenOrigin.Template, special.End - 1);
    }

    internal void AddRun(TextRun run, PlacedToken[] tokens)
    {
        foreach (var token in tokens)
        {
            Add(token.Id, OriginOf(run, token), run.PositionOf(Math.Max(token.Start, token.End - 1)));
        }
    }

    internal EncodedPrompt Build()
    {
        var hasUser = _prompt.Roles.Contains(ChatTurnRole.User);
        var start = hasUser ? _lastUserTurnStart : 0;
        return new EncodedPrompt([.. _tokens], [.. _origins], start >= 0 ? start : _tokens.Count, FindAnswers());
    }

    private void Add(int token, TokenOrigin origin, int lastPosition)
    {
        if (_lastUserTurnStart < 0 && lastPosition >= _prompt.LastUserTurnStart)
        {
            _lastUserTurnStart = _tokens.Count;
        }

        _tokens.Add(token);
        _origins.Add(origin);
    }

    /// <summary>A token that holds any content counts as content, of the first message it reaches into.</summary>
    private static TokenOrigin OriginOf(TextRun run, PlacedToken token)
    {
        // A space that the tokenizer added belongs to a message only if it stands within it.
        return token.Start == token.End
            ? token.Start > 0 && token.Start < run.Text.Length && run.OriginOf(token.Start - 1) == run.OriginOf(token.Start)
                ? run.OriginOf(token.Start)
                : TokenOrigin.Template
            : run.FindContent(token.Start, token.End) is var content and >= 0 ? run.OriginOf(content) : TokenOrigin.Template;
    }

    private List<AnswerTokens> FindAnswers()
    {
        var isRawText = _prompt.Roles.Count == 0;
        var contents = new Range[Math.Max(_prompt.Roles.Count, 1)];
        for (int start = 0, end; start < _origins.Count; start = end)
        {
            var length = CollectionsMarshal.AsSpan(_origins)[start..].IndexOfAnyExcept(_origins[start]);
            end = length < 0 ? _origins.Count : start + length;
            if (_origins[start].Kind == TokenOriginKind.Content)
            {
                contents[_origins[start].Turn] = start..end;
            }
        }

        return contents
            .Select((content, turn) => new AnswerTokens(turn, content, content.End.Value > 0 ? FindEndOfTurn(content.End.Value) : null))
            .Where(answer => isRawText || _prompt.Roles[answer.Turn] == ChatTurnRole.Assistant)
            .ToList();
    }

    private int? FindEndOfTurn(int start)
    {
        for (var i = start; i < _tokens.Count && _origins[i].Kind == TokenOriginKind.Template; i++)
        {
            if (_vocabulary.IsEndOfGeneration(_tokens[i]))
            {
                return i;
            }
        }

        return null;
    }
}
