using System.Text;
using SemanticKernel.Steering.LlamaCpp.Engine;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Engine;

public class StopMatcherTests
{
    [Theory]
    [InlineData("xxstop", "stop", 6)]
    [InlineData("aaab", "aab", 4)]
    [InlineData("ababac", "abac", 6)]
    [InlineData("abcabcabd", "abcabd", 9)]
    [InlineData("aabaaabaaac", "aabaaac", 11)]
    [InlineData("nothing", "stop", -1)]
    [InlineData("sto", "stop", -1)]
    public void Take_OneSequence_FindsItsFirstEnd(string text, string stop, int expected)
    {
        var matcher = Matcher(stop);

        Assert.Equal(expected, matcher.Take(Encoding.UTF8.GetBytes(text)));
        Assert.Equal(expected < 0 ? 0 : stop.Length, matcher.MatchLength);
    }

    [Fact]
    public void Take_SequenceAcrossCalls_IsFound()
    {
        var matcher = Matcher("hello");

        Assert.Equal(-1, matcher.Take("xhe"u8));
        Assert.Equal(2, matcher.Pending);
        Assert.Equal(-1, matcher.Take("l"u8));
        Assert.Equal(3, matcher.Pending);
        Assert.Equal(2, matcher.Take("lo, world"u8));
    }

    [Fact]
    public void Take_PartialMatchThatFails_IsNoLongerPending()
    {
        var matcher = Matcher("hello");
        matcher.Take("hell"u8);

        Assert.Equal(-1, matcher.Take("x"u8));
        Assert.Equal(0, matcher.Pending);
    }

    [Fact]
    public void Take_SeveralSequencesEndingTogether_ReportsTheLongest()
    {
        var matcher = Matcher("d", "bcd", "cd");

        Assert.Equal(4, matcher.Take("abcd"u8));
        Assert.Equal(3, matcher.MatchLength);
    }

    [Fact]
    public void Take_NoSequences_NeverMatches()
    {
        var matcher = Matcher();

        Assert.True(matcher.IsEmpty);
        Assert.Equal(-1, matcher.Take("anything"u8));
        Assert.Equal(0, matcher.Pending);
    }

    [Fact]
    public void Take_RandomTextInRandomParts_EqualsNaiveSearch()
    {
        var random = new Random(11);
        for (var round = 0; round < 5000; round++)
        {
            var text = Letters(random, random.Next(1, 40));
            var stops = Enumerable.Range(0, random.Next(1, 4)).Select(_ => Letters(random, random.Next(1, 6))).ToArray();
            var matcher = Matcher(stops);
            var end = -1;
            for (var start = 0; start < text.Length && end < 0;)
            {
                var part = text.Substring(start, Math.Min(random.Next(1, 5), text.Length - start));
                var taken = matcher.Take(Encoding.UTF8.GetBytes(part));
                end = taken < 0 ? -1 : start + taken;
                start += part.Length;
                if (end < 0)
                {
                    Assert.Equal(NaivePending(text[..start], stops), matcher.Pending);
                }
            }

            Assert.Equal(NaiveEnd(text, stops), end);
            if (end >= 0)
            {
                Assert.Equal(stops.Where(stop => text[..end].EndsWith(stop, StringComparison.Ordinal)).Max(stop => stop.Length), matcher.MatchLength);
            }
        }
    }

    private static StopMatcher Matcher(params string[] stops) => new([.. stops.Select(Encoding.UTF8.GetBytes)]);

    private static string Letters(Random random, int length) =>
        string.Concat(Enumerable.Range(0, length).Select(_ => (char)('a' + random.Next(2))));

    private static int NaiveEnd(string text, string[] stops) => Enumerable.Range(1, text.Length)
        .Cast<int?>().FirstOrDefault(end => stops.Any(stop => text[..end!.Value].EndsWith(stop, StringComparison.Ordinal))) ?? -1;

    private static int NaivePending(string text, string[] stops) => stops.Max(stop => Enumerable.Range(0, stop.Length)
        .Last(length => text.EndsWith(stop[..length], StringComparison.Ordinal)));
}
