using SemanticKernel.Steering.Evaluation.Judging;
using SemanticKernel.Steering.Evaluation.Running;

namespace SemanticKernel.Steering.Evaluation.Choosing;

/// <summary>
/// Picks one of several settings: whatever harms other metrics is out, the rest is ranked by the concept's own metric, and among
/// those that come close to the best the first one wins. Grids list what is simpler, and smaller strengths, first.
/// </summary>
/// <param name="Goal">What the concept is for.</param>
/// <param name="Raises">Whether more of it is better.</param>
/// <param name="Guard">What must not suffer.</param>
/// <param name="MaxHarm">By how many points the guard may differ from the baseline: downwards for facts, either way for rudeness.</param>
/// <param name="Tie">Settings within so many points of the best count as equally good.</param>
internal sealed record ChoiceRule(Metric Goal, bool Raises, Metric Guard, double MaxHarm, double Tie)
{
    private const double MinEndsProperly = 98;

    /// <summary>Chooses.</summary>
    /// <param name="baseline">The model as it is.</param>
    /// <param name="candidates">What to choose from, in order of preference among equals.</param>
    /// <returns>The choice; null if every candidate does harm.</returns>
    public Outcome? Choose(Outcome baseline, IReadOnlyList<Outcome> candidates)
    {
        var harmless = candidates.Where(candidate => IsHarmless(baseline, candidate)).ToArray();
        if (harmless.Length == 0)
        {
            return null;
        }

        var best = harmless.Max(Score);
        return harmless.First(candidate => Score(candidate) >= best - Tie);
    }

    /// <summary>Whether a setting leaves alone what it should.</summary>
    public bool IsHarmless(Outcome baseline, Outcome candidate)
    {
        var change = candidate.Percent(Guard) - baseline.Percent(Guard);
        return candidate.Percent(Metric.EndsProperly) >= MinEndsProperly
            && (Guard == Metric.Rude ? Math.Abs(change) : -change) <= MaxHarm;
    }

    private double Score(Outcome outcome) => Raises ? outcome.Percent(Goal) : -outcome.Percent(Goal);
}
