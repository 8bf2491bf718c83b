namespace SemanticKernel.Steering.LlamaCpp.Chat.Templates;

/// <summary>Finds many texts at once, comparing characters exactly. Thread-safe once filled.</summary>
internal sealed class TextTrie
{
    private const int Root = 0;
    private const int NoValue = -1;

    private readonly Dictionary<(int Node, char Symbol), int> _edges = [];
    private readonly List<int> _values = [NoValue];

    /// <summary>Adds a text with a value of at least 0; the first value of a text stays.</summary>
    internal void Add(string text, int value)
    {
        var node = Root;
        foreach (var symbol in text)
        {
            if (!_edges.TryGetValue((node, symbol), out var next))
            {
                next = _values.Count;
                _values.Add(NoValue);
                _edges.Add((node, symbol), next);
            }

            node = next;
        }

        if (node != Root && _values[node] == NoValue)
        {
            _values[node] = value;
        }
    }

    /// <summary>Finds the longest text that starts at a place.</summary>
    internal bool TryMatchLongest(string text, int start, out TextMatch match)
    {
        match = default;
        var node = Root;
        for (var i = start; i < text.Length && _edges.TryGetValue((node, text[i]), out node); i++)
        {
            if (_values[node] != NoValue)
            {
                match = new TextMatch(start, i + 1 - start, _values[node]);
            }
        }

        return match.Length > 0;
    }

    /// <summary>
    /// Picks matches the way llama.cpp does (<c>tokenizer_st_partition</c>): longer texts first, then left to right, none overlapping.
    /// </summary>
    /// <returns>The matches in text order.</returns>
    internal List<TextMatch> Partition(string text)
    {
        var candidates = new SortedDictionary<int, List<TextMatch>>();
        for (var start = 0; start < text.Length; start++)
        {
            var node = Root;
            for (var i = start; i < text.Length && _edges.TryGetValue((node, text[i]), out node); i++)
            {
                if (_values[node] != NoValue)
                {
                    var length = i + 1 - start;
                    if (!candidates.TryGetValue(length, out var ofLength))
                    {
                        candidates.Add(length, ofLength = []);
                    }

                    ofLength.Add(new TextMatch(start, length, _values[node]));
                }
            }
        }

        return Pick(candidates.Values.Reverse().SelectMany(matches => matches), text.Length);
    }

    private static List<TextMatch> Pick(IEnumerable<TextMatch> candidates, int length)
    {
        var taken = new bool[length];
        var picked = new List<TextMatch>();
        foreach (var candidate in candidates)
        {
            var place = taken.AsSpan(candidate.Start, candidate.Length);
            if (!place.Contains(true))
            {
                place.Fill(true);
                picked.Add(candidate);
            }
        }

        picked.Sort((left, right) => left.Start.CompareTo(right.Start));
        return picked;
    }
}
