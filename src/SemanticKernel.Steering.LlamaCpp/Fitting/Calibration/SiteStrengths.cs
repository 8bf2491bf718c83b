using SemanticKernel.Steering.LlamaCpp.Hooks;

namespace SemanticKernel.Steering.LlamaCpp.Fitting.Calibration;

/// <summary>The loss of a map set as a function of the strengths of its sites, with other concepts in force beneath it.</summary>
internal sealed class SiteStrengths
{
    private readonly HookTable _hooks;
    private readonly AnswerLoss _loss;
    private readonly List<SteeringOperation>[] _beneath;
    private readonly SteeringScope _scope;

    internal SiteStrengths(LlamaModel model, AnswerLoss loss, MapSet maps, IReadOnlyList<KeyValuePair<MapSet, double>> beneath)
    {
        (_hooks, _loss) = (model.Hooks, loss);
        _scope = maps.Metadata.Scope;
        Sites = [.. maps.Operations.Where(pair => !pair.Value.IsIdentity).Select(pair => pair.Key)];
        Maps = [.. Sites.Select(site => maps.Operations[site])];
        _beneath = [.. model.Hooks.Hooks.Select(_ => new List<SteeringOperation>())];
        foreach (var (others, strength) in beneath)
        {
            foreach (var (site, map) in others.Operations)
            {
                Append(_beneath, site, map, strength, others.Metadata.Scope);
            }
        }
    }

    internal IReadOnlyList<Site> Sites { get; }

    internal IReadOnlyList<SiteMap> Maps { get; }

    /// <summary>The loss at given strengths; infinite where steering gives values that are not finite.</summary>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    internal double LossAt(ReadOnlySpan<double> strengths, CancellationToken cancellationToken)
    {
        var operations = Array.ConvertAll(_beneath, beneath => new List<SteeringOperation>(beneath));
        try
        {
            for (var i = 0; i < Sites.Count; i++)
            {
                Append(operations, Sites[i], Maps[i], strengths[i], _scope);
            }

            var loss = _loss.Measure(operations, cancellationToken);
            return double.IsNaN(loss) ? double.PositiveInfinity : loss;
        }
        catch (SteeringException)
        {
            // Too strong: a value overflowed. What went wrong for another reason goes wrong at strength 0 too, which is measured first.
            return double.PositiveInfinity;
        }
    }

    private void Append(List<SteeringOperation>[] operations, Site site, SiteMap map, double strength, SteeringScope scope)
    {
        if (strength != 0 && map.Compile(strength, scope, site) is { } operation)
        {
            operations[_hooks.IndexOf(site)].Add(operation);
        }
    }
}
