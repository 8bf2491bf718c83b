namespace SemanticKernel.Steering.LlamaCpp.Fitting.Calibration;

/// <summary>
/// Looks for the strengths with the least loss: first one that all sites share, by doubling and then by parabolas, then each
/// site's own, by a Newton step from two neighbours. Takes only what was measured to be better. Without gradients, which
/// llama.cpp does not give.
/// </summary>
internal sealed class StrengthSearch(SiteStrengths model, Action<int> reportEvaluations, CancellationToken cancellationToken)
{
    private const int MostDoublings = 6;
    private const int Parabolas = 4;
    private const double SiteStep = 0.25;
    private int _evaluations;

    internal double[] Best { get; private set; } = [];

    internal double BestLoss { get; private set; }

    /// <summary>How many evaluations there are at most.</summary>
    internal static int MostEvaluations(int sites, int passes) => 1 + MostDoublings + Parabolas + (3 * sites * passes);

    /// <exception cref="SteeringFitException">No strength makes the texts more likely.</exception>
    internal void Run(int passes)
    {
        Best = new double[model.Sites.Count];
        BestLoss = Evaluate(Best);
        if (!double.IsFinite(BestLoss))
        {
            throw new SteeringFitException("The likelihood of the target texts is not finite even without the concept.");
        }

        var unsteered = BestLoss;
        var shared = FindShared();
        if (!(BestLoss < unsteered))
        {
            throw new SteeringFitException("These maps make the target texts less likely at every strength, so there is none to recommend.");
        }

        for (var pass = 0; pass < passes; pass++)
        {
            for (var site = 0; site < Best.Length; site++)
            {
                Improve(site, SiteStep * shared);
            }
        }
    }

    /// <summary>Brackets the best strength that all sites share, then narrows the bracket.</summary>
    private double FindShared()
    {
        var points = new SortedList<double, double> { [0] = BestLoss };
        var strength = 0.5;
        for (var i = 0; i < MostDoublings; i++, strength *= 2)
        {
            points[strength] = EvaluateShared(strength);
            if (points[strength] > points.Values.Min())
            {
                break;
            }
        }

        for (var i = 0; i < Parabolas; i++)
        {
            var middle = points.Values.IndexOf(points.Values.Min());
            if (middle == 0)
            {
                // Even the smallest strength is too strong so far.
                points[points.Keys[1] / 4] = EvaluateShared(points.Keys[1] / 4);
                continue;
            }

            if (middle == points.Count - 1)
            {
                break;
            }

            var next = Lowest(points, middle);
            if (points.ContainsKey(next))
            {
                break;
            }

            points[next] = EvaluateShared(next);
        }

        return points.Keys[points.Values.IndexOf(points.Values.Min())];
    }

    /// <summary>Where the parabola through three neighbours is lowest, or the middle of the wider side if that lies too near.</summary>
    private static double Lowest(SortedList<double, double> points, int middle)
    {
        var (a, b, c) = (points.Keys[middle - 1], points.Keys[middle], points.Keys[middle + 1]);
        var (fa, fb, fc) = (points.Values[middle - 1], points.Values[middle], points.Values[middle + 1]);
        var left = (b - a) * (fb - fc);
        var right = (b - c) * (fb - fa);
        var lowest = b - (0.5 * (((b - a) * left) - ((b - c) * right)) / (left - right));
        var tooNear = 0.02 * (c - a);
        return double.IsFinite(lowest) && lowest > a + tooNear && lowest < c - tooNear && Math.Abs(lowest - b) > tooNear
            ? lowest
            : b - a > c - b ? (a + b) / 2 : (b + c) / 2;
    }

    private void Improve(int site, double step)
    {
        var here = Best[site];
        var (loss, above, below) = (BestLoss, EvaluateSite(site, here + step), EvaluateSite(site, here - step));
        var slope = (above - below) / (2 * step);
        var curvature = (above + below - (2 * loss)) / (step * step);
        if (double.IsFinite(slope) && double.IsFinite(curvature))
        {
            var move = curvature > 0 ? Math.Clamp(-slope / curvature, -2 * step, 2 * step) : -Math.Sign(slope) * 2 * step;
            EvaluateSite(site, here + move);
        }
    }

    private double EvaluateShared(double strength)
    {
        var strengths = new double[Best.Length];
        Array.Fill(strengths, strength);
        return Evaluate(strengths);
    }

    private double EvaluateSite(int site, double strength)
    {
        double[] strengths = [.. Best];
        strengths[site] = strength;
        return Evaluate(strengths);
    }

    private double Evaluate(double[] strengths)
    {
        var loss = model.LossAt(strengths, cancellationToken);
        reportEvaluations(++_evaluations);
        if (_evaluations == 1 || loss < BestLoss)
        {
            (Best, BestLoss) = (strengths, loss);
        }

        return loss;
    }
}
