namespace SemanticKernel.Steering.LlamaCpp.Engine;

/// <summary>
/// Looks for stop sequences in the bytes of an answer, across token boundaries (Knuth–Morris–Pratt, one automaton per
/// sequence). Allocates nothing after construction.
/// </summary>
internal sealed class StopMatcher
{
    private readonly byte[][] _sequences;
    private readonly int[][] _fallbacks;
    private readonly int[] _matched;

    internal StopMatcher(IReadOnlyList<byte[]> sequences)
    {
        _sequences = [.. sequences];
        _fallbacks = [.. sequences.Select(BuildFallbacks)];
        _matched = new int[_sequences.Length];
    }

    internal bool IsEmpty => _sequences.Length == 0;

    /// <summary>Length of the sequence that was found, in bytes; 0 before.</summary>
    internal int MatchLength { get; private set; }

    /// <summary>Bytes of the last ones seen that may turn out to be the start of a stop sequence.</summary>
    internal int Pending { get; private set; }

    /// <summary>Takes the next bytes of the answer.</summary>
    /// <returns>How many bytes were taken when a sequence was complete, or -1 when none was.</returns>
    internal int Take(ReadOnlySpan<byte> bytes)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            var longest = 0;
            for (var s = 0; s < _sequences.Length; s++)
            {
                var matched = Advance(s, bytes[i]);
                if (matched == _sequences[s].Length)
                {
                    MatchLength = Math.Max(MatchLength, matched);
                }

                longest = Math.Max(longest, matched);
            }

            Pending = longest;
            if (MatchLength > 0)
            {
                return i + 1;
            }
        }

        return -1;
    }

    private int Advance(int sequence, byte next)
    {
        var pattern = _sequences[sequence];
        var matched = _matched[sequence];
        while (matched > 0 && (matched == pattern.Length || pattern[matched] != next))
        {
            matched = _fallbacks[sequence][matched - 1];
        }

        return _matched[sequence] = pattern[matched] == next ? matched + 1 : 0;
    }

    private static int[] BuildFallbacks(byte[] pattern)
    {
        var fallbacks = new int[pattern.Length];
        for (int i = 1, matched = 0; i < pattern.Length; i++)
        {
            while (matched > 0 && pattern[matched] != pattern[i])
            {
                matched = fallbacks[matched - 1];
            }

            fallbacks[i] = matched += pattern[matched] == pattern[i] ? 1 : 0;
        }

        return fallbacks;
    }
}
