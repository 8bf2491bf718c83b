using System.Buffers;
using System.Text;
using SemanticKernel.Steering.LlamaCpp.Interop;
using SemanticKernel.Steering.LlamaCpp.Interop.Handles;

namespace SemanticKernel.Steering.LlamaCpp.Models;

/// <summary>
/// The tokenizer of a model. Thread-safe: llama.cpp only reads the vocabulary. Its memory belongs to the model, so every
/// call holds the model, and throws <see cref="ObjectDisposedException"/> once it is freed.
/// </summary>
internal sealed unsafe class LlamaVocabulary
{
    /// <summary>Room for the bytes of any token.</summary>
    internal const int MaxPieceBytes = 4096;

    private readonly LlamaModelHandle _model;
    private readonly nint _vocabulary;

    internal LlamaVocabulary(LlamaModelHandle model)
    {
        _model = model;
        _vocabulary = LlamaNative.llama_model_get_vocab(model.DangerousGetHandle());
        Count = LlamaNative.llama_vocab_n_tokens(_vocabulary);
        Bos = LlamaNative.llama_vocab_bos(_vocabulary);
        AddsBos = LlamaNative.llama_vocab_get_add_bos(_vocabulary) && Bos >= 0;
    }

    /// <summary>Number of tokens.</summary>
    internal int Count { get; }

    /// <summary>The beginning-of-sequence token, or -1.</summary>
    internal int Bos { get; }

    /// <summary>Whether the model wants <see cref="Bos"/> at the start of every sequence.</summary>
    internal bool AddsBos { get; }

    internal LlamaTokenAttributes AttributesOf(int token)
    {
        using var hold = new HandleHold(_model);
        return (LlamaTokenAttributes)LlamaNative.llama_vocab_get_attr(_vocabulary, token);
    }

    /// <summary>Whether the token ends an answer (end of sequence, end of turn, …).</summary>
    internal bool IsEndOfGeneration(int token)
    {
        using var hold = new HandleHold(_model);
        return LlamaNative.llama_vocab_is_eog(_vocabulary, token);
    }

    /// <summary>The token's text as the vocabulary stores it, for example <c>&lt;|im_end|&gt;</c>.</summary>
    internal string TextOf(int token)
    {
        using var hold = new HandleHold(_model);
        return Utf8.Read(LlamaNative.llama_vocab_get_text(_vocabulary, token));
    }

    /// <summary>
    /// Tokenises text with <c>llama_tokenize</c>. With <paramref name="parseSpecial"/> false, control tokens in the text
    /// stay text, but tokens of type USER_DEFINED are matched all the same.
    /// </summary>
    /// <exception cref="LlamaModelException">The model has no tokenizer for this text.</exception>
    internal int[] Tokenize(string text, bool addSpecial, bool parseSpecial)
    {
        if (text.Length == 0 && !addSpecial)
        {
            return [];
        }

        var utf8 = Encoding.UTF8.GetBytes(text);
        var tokens = new int[utf8.Length + 16];
        using var hold = new HandleHold(_model);
        fixed (byte* bytes = utf8)
        {
            var count = TokenizeInto(bytes, utf8.Length, tokens, addSpecial, parseSpecial);
            if (count < 0 && count != int.MinValue)
            {
                tokens = new int[-count];
                count = TokenizeInto(bytes, utf8.Length, tokens, addSpecial, parseSpecial);
            }

            return count >= 0 ? tokens.AsSpan(0, count).ToArray() : throw new LlamaModelException("llama.cpp could not tokenise a text with this model's vocabulary.");
        }
    }

    /// <summary>Writes the bytes a token stands for; special tokens stand for none.</summary>
    /// <returns>The number of bytes, or the negative number needed when <paramref name="destination"/> is too short.</returns>
    internal int GetBytes(int token, Span<byte> destination)
    {
        using var hold = new HandleHold(_model);
        fixed (byte* bytes = destination)
        {
            return LlamaNative.llama_token_to_piece(_vocabulary, token, bytes, destination.Length, 0, special: false);
        }
    }

    /// <summary>The bytes of a run of tokens.</summary>
    internal byte[] GetBytes(ReadOnlySpan<int> tokens)
    {
        var writer = new ArrayBufferWriter<byte>();
        foreach (var token in tokens)
        {
            var count = GetBytes(token, writer.GetSpan(64));
            if (count < 0)
            {
                count = GetBytes(token, writer.GetSpan(Math.Min(-count, MaxPieceBytes)));
            }

            writer.Advance(Math.Max(count, 0));
        }

        return writer.WrittenSpan.ToArray();
    }

    private int TokenizeInto(byte* text, int length, int[] tokens, bool addSpecial, bool parseSpecial)
    {
        fixed (int* destination = tokens)
        {
            return LlamaNative.llama_tokenize(_vocabulary, text, length, destination, tokens.Length, addSpecial, parseSpecial);
        }
    }
}
