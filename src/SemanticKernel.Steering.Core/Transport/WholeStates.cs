namespace SemanticKernel.Steering;

/// <summary>Applies maps of whole states outside of plans, by way of the operation that a plan would run.</summary>
internal static class WholeStates
{
    public static void Apply(SiteMap map, Span<float> row, float strength)
    {
        bool finite;
        try
        {
            finite = map.Compile(strength, SteeringScope.All, default)?.Apply(row) ?? true;
        }
        catch (SteeringPolicyException)
        {
            // The strength alone overflows; which site it would be for is not known here.
            finite = false;
        }

        if (!finite)
        {
            throw new NotFiniteNumberException($"A value became NaN or infinite at strength {strength}.");
        }
    }
}
