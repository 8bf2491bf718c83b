namespace SemanticKernel.Steering.LlamaCpp.Engine;

/// <summary>
/// Measures what every concept does to the values it acts on: how many its support leaves alone, and how far it moves them.
/// Works on a copy, one concept after the other, so that the edit itself is the same with and without measuring.
/// </summary>
/// <remarks>Used by the engine's thread while the answer runs, read by others after it.</remarks>
internal sealed class ShiftMeter
{
    private readonly Dictionary<string, Totals> _totals = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Totals> _underWay = new(StringComparer.Ordinal);
    private float[] _before = [];
    private float[] _after = [];

    /// <summary>Drops what was measured in a decode that was not used. At the start of each.</summary>
    internal void Begin() => _underWay.Clear();

    /// <summary>Counts what was measured in the decode under way.</summary>
    internal void Commit()
    {
        foreach (var (concept, totals) in _underWay)
        {
            _totals[concept] = _totals.GetValueOrDefault(concept).Plus(totals);
        }

        _underWay.Clear();
    }

    /// <summary>Forgets all, because all is computed again.</summary>
    internal void Reset()
    {
        _totals.Clear();
        _underWay.Clear();
    }

    /// <summary>Measures rows of the decode under way.</summary>
    /// <param name="operations">What each concept does to the rows, in the order in which they act.</param>
    /// <param name="rows">The rows before the edit.</param>
    /// <param name="kind">What the rows are to scopes.</param>
    internal void Measure(ReadOnlySpan<ConceptOperation> operations, ReadOnlySpan<float> rows, RowKind kind)
    {
        if (_after.Length < rows.Length)
        {
            _before = new float[rows.Length];
            _after = new float[rows.Length];
        }

        var before = _before.AsSpan(0, rows.Length);
        var after = _after.AsSpan(0, rows.Length);
        rows.CopyTo(after);
        foreach (var (concept, operation) in operations)
        {
            if (SteeringCallback.Steers(operation.Scope, kind))
            {
                after.CopyTo(before);
                operation.Apply(after, rows.Length / operation.Width);
                Add(concept, operation, before, after);
            }
        }
    }

    internal IReadOnlyDictionary<string, ConceptShift> Read() => _totals.ToDictionary(
        entry => entry.Key, entry => new ConceptShift(entry.Value.Gated / (double)entry.Value.Values, entry.Value.Shift / entry.Value.Values), StringComparer.Ordinal);

    private void Add(string concept, SteeringOperation operation, ReadOnlySpan<float> before, ReadOnlySpan<float> after)
    {
        var totals = _underWay.GetValueOrDefault(concept);
        for (var start = 0; start < before.Length; start += operation.Width)
        {
            totals.Shift += RowMath.Distance(before.Slice(start, operation.Width), after.Slice(start, operation.Width));
        }

        totals.Values += before.Length;
        totals.Gated += operation.CountOutsideSupport(before);
        _underWay[concept] = totals;
    }

    private struct Totals
    {
        internal long Values;
        internal long Gated;
        internal double Shift;

        internal readonly Totals Plus(Totals more) => new() { Values = Values + more.Values, Gated = Gated + more.Gated, Shift = Shift + more.Shift };
    }
}
