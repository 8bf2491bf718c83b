namespace SemanticKernel.Steering.LlamaCpp.Engine;

/// <summary>
/// Measures what every concept does to the values it acts on: how many its support leaves alone, and how far it moves them.
/// Works on a copy, one concept after the other, so that the edit itself is the same with and without measuring.
/// </summary>
/// <remarks>Used by the engine's thread while the answer runs, read by others after it.</remarks>
internal sealed class ShiftMeter
{
    private readonly Dictionary<string, Totals> _totals = new(StringComparer.Ordinal);
    private float[] _before = [];
    private float[] _after = [];

    internal void Measure(CompiledPlan plan, Site site, ReadOnlySpan<float> rows, RowKind kind)
    {
        if (_after.Length < rows.Length)
        {
            _before = new float[rows.Length];
            _after = new float[rows.Length];
        }

        var before = _before.AsSpan(0, rows.Length);
        var after = _after.AsSpan(0, rows.Length);
        rows.CopyTo(after);
        foreach (var (concept, operation) in plan.Plan.OperationsByConcept(site))
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
        var totals = _totals.GetValueOrDefault(concept);
        for (var i = 0; i < before.Length; i++)
        {
            totals.Shift += Math.Abs((double)after[i] - before[i]);
        }

        totals.Values += before.Length;
        totals.Gated += operation.CountOutsideSupport(before);
        _totals[concept] = totals;
    }

    private struct Totals
    {
        internal long Values;
        internal long Gated;
        internal double Shift;
    }
}
