using SemanticKernel.Steering.LlamaCpp.Chat.Templates;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Chat.Templates;

public sealed class TextTrieTests
{
    private readonly TextTrie _trie = new();

    public TextTrieTests()
    {
        _trie.Add("ab", 1);
        _trie.Add("abcd", 2);
        _trie.Add("cde", 3);
        _trie.Add("", 4);
        _trie.Add("ab", 5);
    }

    [Fact]
    public void TryMatchLongest_SeveralTexts_TakesTheLongest()
    {
        Assert.True(_trie.TryMatchLongest("xabcdx", 1, out var match));
        Assert.Equal(new TextMatch(1, 4, 2), match);
    }

    [Fact]
    public void TryMatchLongest_NoText_IsFalse() => Assert.False(_trie.TryMatchLongest("xab", 0, out _));

    [Fact]
    public void Partition_OverlappingTexts_TakesLongerOnesFirst() =>
        Assert.Equal([new TextMatch(0, 2, 1), new TextMatch(3, 4, 2), new TextMatch(7, 3, 3)], _trie.Partition("ab-abcdcde"));

    [Fact]
    public void Partition_LongerTextFurtherRight_Wins()
    {
        _trie.Add("bc", 6);

        Assert.Equal([new TextMatch(1, 3, 3)], _trie.Partition("bcde"));
    }
}
