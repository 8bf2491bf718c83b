using System.Globalization;
using SemanticKernel.Steering.LlamaCpp;

namespace SteeredChat;

/// <summary>What the user asks for at the moment: strengths of concepts, within the policy.</summary>
internal sealed class Strengths(SteeredModel model)
{
    private Dictionary<string, double> _values = [];

    /// <summary>Strengths that are asked for, by concept.</summary>
    public IReadOnlyDictionary<string, double> Values => _values;

    /// <summary>Strengths that come of it, by concept.</summary>
    /// <exception cref="SemanticKernel.Steering.SteeringPolicyException">The policy has changed and does not allow them any more.</exception>
    public IReadOnlyDictionary<string, double> InForce => model.ReportFor(_values).Concepts;

    private IReadOnlyList<ConceptInfo> Concepts => model.Engine.Concepts;

    /// <summary>Steers a concept from now on.</summary>
    /// <exception cref="UserErrorException">The concept is unknown, or has no recommended strength.</exception>
    /// <exception cref="SemanticKernel.Steering.SteeringPolicyException">The policy does not allow it; nothing changes.</exception>
    public void Set(WantedStrength wanted)
    {
        var concept = Concepts.FirstOrDefault(concept => concept.Name == wanted.Concept) ?? throw new UserErrorException(
            $"There is no concept '{wanted.Concept}'. There are: {(Concepts.Count == 0 ? "none" : string.Join(", ", Concepts.Select(known => known.Name)))}.");
        var strength = wanted.Strength ?? concept.RecommendedStrength ?? throw new UserErrorException(
            $"The maps of '{concept.Name}' recommend no strength: give one, as in {concept.Name}=1.");
        var values = new Dictionary<string, double>(_values) { [concept.Name] = strength };
        model.ReportFor(values);
        _values = values;
    }

    /// <summary>What a comparison asks for: what is steered or, if nothing is, the first concept as far as it recommends itself.</summary>
    /// <exception cref="UserErrorException">There is nothing to steer.</exception>
    public IReadOnlyDictionary<string, double> ForComparison()
    {
        if (InForce.Values.Any(strength => strength != 0))
        {
            return _values;
        }

        return Concepts.FirstOrDefault(concept => concept.RecommendedStrength is not null) is { } concept
            ? new Dictionary<string, double> { [concept.Name] = concept.RecommendedStrength!.Value }
            : throw new UserErrorException("Nothing is steered: use /steer first.");
    }

    /// <summary>Asks for nothing: what the policy steers by itself stays.</summary>
    public void Clear() => _values.Clear();

    /// <summary>Describes strengths for people, for example <c>toxicity 0.8, honesty 1.5</c>.</summary>
    public static string Describe(IReadOnlyDictionary<string, double> values)
    {
        var steered = values.Where(pair => pair.Value != 0).ToArray();
        return steered.Length == 0
            ? "unsteered"
            : string.Join(", ", steered.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key} {pair.Value}")));
    }
}
