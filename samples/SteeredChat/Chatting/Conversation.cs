using System.Text;
using Microsoft.SemanticKernel.ChatCompletion;

namespace SteeredChat;

/// <summary>What was said so far. The oldest turns go when the context has no room for another one.</summary>
internal sealed class Conversation
{
    private const int TurnOverhead = 16; // the template's tokens around a question and its answer
    private const int LongAnswer = 256;

    private readonly int _contextSize;
    private readonly int? _maxTokens;
    private readonly List<Turn> _turns;

    public Conversation(int contextSize, int? maxTokens)
        : this(contextSize, maxTokens, [])
    {
    }

    private Conversation(int contextSize, int? maxTokens, List<Turn> turns) =>
        (_contextSize, _maxTokens, _turns) = (contextSize, maxTokens, turns);

    /// <summary>Tokens of all turns that are remembered.</summary>
    public int Tokens => _turns.Sum(turn => turn.Tokens);

    public int Turns => _turns.Count;

    public string? LastQuestion => _turns.Count > 0 ? _turns[^1].Question : null;

    /// <summary>Tokens that an answer should at least have.</summary>
    private int Reserve => Math.Min(_maxTokens ?? LongAnswer, _contextSize / 4);

    /// <summary>A conversation that goes its own way from here.</summary>
    /// <param name="isLastLeftOut">Whether the last turn is left out, to ask its question again.</param>
    public Conversation Fork(bool isLastLeftOut) => new(_contextSize, _maxTokens, [.. _turns.SkipLast(isLastLeftOut ? 1 : 0)]);

    /// <summary>The conversation as the model sees it, up to a new question.</summary>
    /// <param name="question">The question.</param>
    /// <param name="skipped">How many of the oldest turns are left out.</param>
    public ChatHistory AskedWith(string question, int skipped)
    {
        var history = new ChatHistory();
        foreach (var turn in _turns.Skip(skipped))
        {
            history.AddUserMessage(turn.Question);
            history.AddAssistantMessage(turn.Answer);
        }

        history.AddUserMessage(question);
        return history;
    }

    /// <summary>Remembers a turn.</summary>
    /// <param name="question">The question.</param>
    /// <param name="answer">Its answer, or what there is of it.</param>
    /// <param name="totalTokens">Tokens of the whole conversation up to here; null if unknown.</param>
    public void Add(string question, string answer, int? totalTokens) =>
        _turns.Add(new Turn(question, answer, Math.Max(0, totalTokens - Tokens ?? Estimate(question) + Estimate(answer))));

    /// <summary>Forgets the oldest turns.</summary>
    public void Drop(int turns) => _turns.RemoveRange(0, turns);

    /// <summary>How many of the oldest turns have to go for a question and a fair answer to fit, as far as that can be guessed.</summary>
    public int TooMany(string question)
    {
        var free = _contextSize - Reserve - Estimate(question) - Tokens;
        var turns = 0;
        while (free < 0 && turns < _turns.Count)
        {
            free += _turns[turns++].Tokens;
        }

        return turns;
    }

    public void Clear() => _turns.Clear();

    /// <summary>Guesses the tokens of a text: from what earlier turns took or, before there are any, on the safe side.</summary>
    private int Estimate(string text)
    {
        var known = _turns.Sum(turn => Encoding.UTF8.GetByteCount(turn.Question) + Encoding.UTF8.GetByteCount(turn.Answer));
        var perByte = known > 0 ? Math.Clamp((double)Tokens / known, 0.1, 1) : 0.5;
        return TurnOverhead + (int)Math.Ceiling(perByte * Encoding.UTF8.GetByteCount(text));
    }

    private sealed record Turn(string Question, string Answer, int Tokens);
}
