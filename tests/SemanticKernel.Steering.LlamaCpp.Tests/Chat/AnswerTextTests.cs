using System.Text;
using SemanticKernel.Steering.LlamaCpp.Chat;
using SemanticKernel.Steering.LlamaCpp.Engine;
using SemanticKernel.Steering.LlamaCpp.Models;
using SemanticKernel.Steering.TestModels;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Chat;

public sealed class AnswerTextTests : IDisposable
{
    private readonly ModelLease _lease = TestEngine.OpenModel(ModelArchitecture.Llama);

    private LlamaVocabulary Vocabulary => _lease.Model.Vocabulary;

    public void Dispose() => _lease.Dispose();

    [Theory]
    [InlineData("Hello world")]
    [InlineData("😀")]
    [InlineData("naïve café 日本語 👩‍👩‍👧 end")]
    public void Take_CharactersSplitAcrossTokens_AreJoined(string text)
    {
        var tokens = Vocabulary.Tokenize(text, false, false);
        var answer = new AnswerText(Vocabulary, new StopMatcher([]));

        var parts = tokens.Select(answer.Take).ToList();
        parts.Add(answer.Finish());

        Assert.Equal(text, string.Concat(parts));
        Assert.All(parts, part => Assert.DoesNotContain('\uFFFD', part));
        Assert.All(parts, part => Assert.False(part.Length > 0 && char.IsHighSurrogate(part[^1]), "half a character was given out"));
    }

    [Fact]
    public void Finish_CharacterCutOff_BecomesOneReplacement()
    {
        var tokens = Vocabulary.Tokenize("😀", false, false);
        Assert.True(tokens.Length > 1);
        var answer = new AnswerText(Vocabulary, new StopMatcher([]));

        var text = string.Concat(tokens[..^1].Select(answer.Take)) + answer.Finish();

        Assert.Equal("\uFFFD", text);
    }

    [Fact]
    public void Take_BytesThatAreNoText_BecomeReplacements()
    {
        var answer = new AnswerText(Vocabulary, new StopMatcher([]));
        int[] tokens = [ByteToken(0xFF), .. Vocabulary.Tokenize("a", false, false), ByteToken(0x80), .. Vocabulary.Tokenize("b", false, false)];

        Assert.Equal("\uFFFDa\uFFFDb", string.Concat(tokens.Select(answer.Take)) + answer.Finish());
    }

    [Theory]
    [InlineData("one two three", "two", "one ")]
    [InlineData("ababac!", "abac", "ab")]
    [InlineData("x日本語y", "本", "x日")]
    [InlineData("one two", "zzz", "one two")]
    [InlineData("sto", "stop", "sto")]
    public void Take_StopSequence_IsLeftOutAndNeverLeaksInPart(string text, string stop, string expected)
    {
        foreach (var tokens in new[] { Vocabulary.Tokenize(text, false, false), [.. Encoding.UTF8.GetBytes(text).Select(ByteToken)] })
        {
            var answer = new AnswerText(Vocabulary, new StopMatcher([Encoding.UTF8.GetBytes(stop)]));
            var given = string.Empty;
            foreach (var token in tokens)
            {
                given += answer.Take(token);
                Assert.StartsWith(given, expected, StringComparison.Ordinal);
            }

            Assert.Equal(expected, given + answer.Finish());
        }
    }

    [Fact]
    public void Take_AfterTheStop_GivesNothing()
    {
        var answer = new AnswerText(Vocabulary, new StopMatcher(["b"u8.ToArray()]));

        var text = string.Concat(Encoding.UTF8.GetBytes("abcd").Select(value => answer.Take(ByteToken(value)))) + answer.Finish();

        Assert.Equal("a", text);
    }

    [Fact]
    public void Take_SpecialToken_StandsForNoText()
    {
        var token = Assert.Single(Vocabulary.Tokenize("<|im_end|>", false, parseSpecial: true));

        Assert.Empty(new AnswerText(Vocabulary, new StopMatcher([])).Take(token));
    }

    [Fact]
    public void Take_RandomBytesWithStops_EqualDecodingAtOnce()
    {
        var random = new Random(3);
        for (var round = 0; round < 2000; round++)
        {
            var bytes = Enumerable.Range(0, random.Next(1, 20)).Select(_ => random.Next(3) == 0 ? (byte)random.Next(256) : (byte)('a' + random.Next(2))).ToArray();
            var stop = Enumerable.Range(0, random.Next(1, 4)).Select(_ => (byte)('a' + random.Next(2))).ToArray();
            var end = bytes.AsSpan().IndexOf(stop);
            var answer = new AnswerText(Vocabulary, new StopMatcher([stop]));

            var text = string.Concat(bytes.Select(value => answer.Take(ByteToken(value)))) + answer.Finish();

            Assert.Equal(Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]), text);
        }
    }

    /// <summary>The token of a single byte: the tiny vocabularies hold them first, in order of their value.</summary>
    private int ByteToken(byte value)
    {
        Span<byte> piece = stackalloc byte[8];
        Assert.Equal(1, Vocabulary.GetBytes(value, piece));
        Assert.Equal(value, piece[0]);
        return value;
    }
}
