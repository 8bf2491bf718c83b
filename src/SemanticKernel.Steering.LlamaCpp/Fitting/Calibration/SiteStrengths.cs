using SemanticKernel.Steering.LlamaCpp.Hooks;

namespace SemanticKernel.Steering.LlamaCpp.Fitting.Calibration;

/// <summary>The loss of a map set as a function of the strengths of its sites.</summary>
internal sealed class SiteStrengths
{
    private readonly HookTable _hooks;
    private readonly AnswerLoss _loss;
    private readonly SteeringScope _scope;

    internal SiteStrengths(LlamaModel model, AnswerLoss loss, MapSet maps)
    {
        (_hooks, _loss) = (model.Hooks, loss);
        _scope = maps.Metadata.Scope;
        Sites = [.. maps.Operations.Where(pair => !pair.Value.IsIdentity).Select(pair => pair.Key)];
        Maps = [.. Sites.Select(site => maps.Operations[site])];
    }

    internal IReadOnlyList<Site> Sites { get; }

    internal IReadOnlyList<SiteMap> Maps { get; }

    /// <summary>The loss at given strengths; infinite where steering gives values that are not finite.</summary>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    internal double LossAt(ReadOnlySpan<double> strengths, CancellationToken cancellationToken)
    {
        var operations = new SteeringOperation?[_hooks.Hooks.Count];
        try
        {
            for (var i = 0; i < Sites.Count; i++)
            {
                operations[_hooks.IndexOf(Sites[i])] = strengths[i] == 0 ? null : Maps[i].Compile(strengths[i], _scope, Sites[i]);
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
}
