namespace SemanticKernel.Steering.Tests;

/// <summary>The solver's mathematics for one neuron in plain scalar loops, in the order of summation that the solver documents.</summary>
internal sealed class PlainSolver
{
    private readonly (double Value, double Share)[] _sorted;
    private readonly bool _isWeighted;

    public PlainSolver(ActivationSamples samples, int neuron)
    {
        _isWeighted = samples.Weighting is not null;
        _sorted = samples.Column(neuron)
            .Select((value, i) => ((double)value, _isWeighted ? samples.Weighting!.Shares[i] : 1))
            .OrderBy(sample => (sample.Item1, double.IsPositive(sample.Item1), sample.Item2))
            .ToArray();
        var total = _isWeighted ? 1 : _sorted.Length;
        var freedom = samples.Weighting?.Freedom ?? (samples.Count - 1);
        var origin = _sorted[0].Value;
        Mean = origin + (Sum(value => value - origin) / total);
        Deviation = Math.Sqrt(Sum(value => (value - Mean) * (value - Mean)) / freedom);
    }

    public double Mean { get; }

    public double Deviation { get; }

    /// <summary>Walks over the monotone coupling by counting off whole copies: n·m of them, without weights.</summary>
    public static IEnumerable<(double Source, double Target, double Mass)> Couple(PlainSolver source, PlainSolver target)
    {
        if (!source._isWeighted && !target._isWeighted && source._sorted.Length == target._sorted.Length)
        {
            return source._sorted.Zip(target._sorted, (x, y) => (x.Value, y.Value, 1.0));
        }

        return source._isWeighted || target._isWeighted ? ByShares(source, target) : ByCopies(source, target);
    }

    public static double Slope(PlainSolver source, PlainSolver target)
    {
        double covariance = 0, variance = 0;
        foreach (var (x, y, mass) in Couple(source, target))
        {
            var deviation = x - source.Mean;
            covariance += deviation * (y - target.Mean) * mass;
            variance += deviation * deviation * mass;
        }

        return covariance / variance;
    }

    public static double Distance(PlainSolver source, PlainSolver target)
    {
        var steps = Couple(source, target).ToArray();
        return steps.Aggregate(0.0, (sum, step) => sum + (Math.Abs(step.Source - step.Target) * step.Mass))
            / (source._isWeighted || target._isWeighted ? 1 : steps.Sum(step => step.Mass));
    }

    private static IEnumerable<(double Source, double Target, double Mass)> ByCopies(PlainSolver source, PlainSolver target)
    {
        var (n, m) = (source._sorted.Length, target._sorted.Length);
        for (var copy = 0; copy < n * m;)
        {
            var (i, j) = (copy / m, copy / n);
            var next = Math.Min((i + 1) * m, (j + 1) * n);
            yield return (source._sorted[i].Value, target._sorted[j].Value, next - copy);
            copy = next;
        }
    }

    private static IEnumerable<(double Source, double Target, double Mass)> ByShares(PlainSolver source, PlainSolver target)
    {
        var leaving = Reaches(source);
        var arriving = Reaches(target);
        var moved = 0.0;
        for (int i = 0, j = 0; i < leaving.Length && j < arriving.Length;)
        {
            var reach = Math.Min(leaving[i], arriving[j]);
            yield return (source._sorted[i].Value, target._sorted[j].Value, reach - moved);
            moved = reach;
            (i, j) = (leaving[i] <= reach ? i + 1 : i, arriving[j] <= reach ? j + 1 : j);
        }
    }

    private static double[] Reaches(PlainSolver side)
    {
        var reach = 0.0;
        return side._sorted.Select(sample => reach += side._isWeighted ? sample.Share : 1.0 / side._sorted.Length).ToArray();
    }

    private double Sum(Func<double, double> term)
    {
        var sum = 0.0;
        foreach (var (value, share) in _sorted)
        {
            sum += _isWeighted ? term(value) * share : term(value);
        }

        return sum;
    }
}
