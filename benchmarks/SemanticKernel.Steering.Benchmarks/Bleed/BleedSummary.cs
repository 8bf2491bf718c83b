using System.Globalization;

namespace SemanticKernel.Steering.Benchmarks;

/// <summary>What came of a search for bleeding. Not thread-safe.</summary>
internal sealed class BleedSummary
{
    private readonly List<string> _mistakes = [];
    private int _rounds;
    private int _requests;
    private int _twice;
    private int _alone;
    private int _nearTies;
    private float _largest;

    /// <summary>Neighbours whose answers did change with their plans: without them the search would see nothing.</summary>
    internal int ChangedNeighbours { get; private set; }

    /// <summary>Requests that were compared to the last bit.</summary>
    internal int ComparedTwice => _twice;

    /// <summary>Requests that were compared with themselves alone.</summary>
    internal int ComparedAlone => _alone;

    internal IReadOnlyList<string> Mistakes => _mistakes;

    internal void AddRound(int requests, int changed)
    {
        _rounds++;
        _requests += requests;
        ChangedNeighbours += changed;
    }

    internal void AddTwice(string? mistake)
    {
        _twice++;
        Note(mistake);
    }

    internal void AddAlone(OutcomeDifference difference, string what)
    {
        _alone++;
        _nearTies += difference.IsNearTie ? 1 : 0;
        _largest = Math.Max(_largest, difference.Largest);
        Note(difference.Mistake is { } mistake ? $"{what}: {mistake}" : null);
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{_rounds} rounds of {_requests / Math.Max(1, _rounds)} requests: {_twice} compared bit by bit while {ChangedNeighbours} neighbours changed; " +
        $"{_alone} compared with themselves alone, largest difference of logits {_largest:E1} (allowed {Outcome.Tolerance:E1}), {_nearTies} near ties; {_mistakes.Count} mistakes") +
        string.Concat(_mistakes.Take(5).Select(text => Environment.NewLine + text));

    private void Note(string? mistake)
    {
        if (mistake is not null)
        {
            _mistakes.Add(mistake);
        }
    }
}
