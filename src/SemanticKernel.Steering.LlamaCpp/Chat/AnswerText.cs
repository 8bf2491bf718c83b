using System.Buffers;
using System.Text;
using SemanticKernel.Steering.LlamaCpp.Engine;
using SemanticKernel.Steering.LlamaCpp.Models;

namespace SemanticKernel.Steering.LlamaCpp.Chat;

/// <summary>
/// Turns tokens into text as they come. Characters whose bytes are spread over tokens wait until they are whole, and text
/// that may be the start of a stop sequence waits until that is decided; the stop sequence itself is left out.
/// </summary>
internal sealed class AnswerText(LlamaVocabulary vocabulary, StopMatcher stops)
{
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly ArrayBufferWriter<byte> _held = new();
    private bool _isStopped;

    /// <summary>Takes a token and returns the text that is certain now, which may be empty.</summary>
    internal string Take(int token)
    {
        if (_isStopped)
        {
            return string.Empty;
        }

        var bytes = vocabulary.GetBytes([token]);
        var end = stops.IsEmpty ? -1 : stops.Take(bytes);
        if (end >= 0)
        {
            _isStopped = true;
            _held.Write(bytes.AsSpan(0, end));
            return Release(stops.MatchLength, flush: true);
        }

        _held.Write(bytes);
        return Release(stops.Pending, flush: false);
    }

    /// <summary>The rest of the text, when no more tokens come.</summary>
    internal string Finish() => _isStopped ? string.Empty : Release(0, flush: true);

    private string Release(int keep, bool flush)
    {
        var certain = _held.WrittenSpan[..^Math.Min(keep, _held.WrittenCount)];
        var rest = _held.WrittenSpan[certain.Length..].ToArray();
        var characters = new char[_decoder.GetCharCount(certain, flush)];
        _decoder.GetChars(certain, characters, flush);
        _held.ResetWrittenCount();
        if (!flush)
        {
            _held.Write(rest);
        }

        return new string(characters);
    }
}
