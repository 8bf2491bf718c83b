namespace SemanticKernel.Steering;

/// <summary>What a policy says of one concept. Immutable and safe to share between threads.</summary>
public sealed record ConceptPolicy
{
    /// <summary>Creates a rule.</summary>
    /// <param name="concept">The concept's name.</param>
    /// <param name="strength">The strength in force unless a request changes it.</param>
    /// <param name="min">The lowest strength a request may set; null for <paramref name="strength"/>.</param>
    /// <param name="max">The highest strength a request may set; null for <paramref name="strength"/>.</param>
    /// <param name="override">What a request may do.</param>
    /// <exception cref="ArgumentException">The name breaks the rule for concept names.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is not finite, or not min ≤ strength ≤ max, or the override is undefined.</exception>
    public ConceptPolicy(string concept, double strength, double? min = null, double? max = null, StrengthOverride @override = StrengthOverride.Deny)
    {
        Concept = ConceptName.Check(concept, nameof(concept));
        Strength = strength;
        Min = min ?? strength;
        Max = max ?? strength;
        Override = @override;

        // Written so that NaN fails.
        if (!(double.IsFinite(Strength) && double.IsFinite(Min) && double.IsFinite(Max) && Min <= Strength && Strength <= Max))
        {
            throw new ArgumentOutOfRangeException(nameof(strength), strength, $"The rule for '{concept}' needs finite numbers with Min <= Strength <= Max, not {Min}, {Strength}, {Max}.");
        }

        if (!Enum.IsDefined(@override))
        {
            throw new ArgumentOutOfRangeException(nameof(@override), @override, $"Override must be one of {string.Join(", ", Enum.GetNames<StrengthOverride>())}.");
        }
    }

    /// <summary>The concept's name.</summary>
    public string Concept { get; }

    /// <summary>The strength in force unless a request changes it.</summary>
    public double Strength { get; }

    /// <summary>The lowest strength a request may set.</summary>
    public double Min { get; }

    /// <summary>The highest strength a request may set.</summary>
    public double Max { get; }

    /// <summary>What a request may do.</summary>
    public StrengthOverride Override { get; }

    /// <summary>The strengths a request may ask for, both ends included. <see cref="Strength"/> is among them.</summary>
    internal (double Low, double High) Allowed => Override switch
    {
        StrengthOverride.Within => (Min, Max),
        StrengthOverride.Raise => Strength >= 0 ? (Strength, Max) : (Min, Strength),
        _ => (Strength, Strength),
    };
}
