namespace SemanticKernel.Steering;

/// <summary>Adds a vector to states and gives each its former norm back.</summary>
/// <remarks>A state that the vector cancels exactly has no direction left to stretch; it counts as not finite, so that it is never used.</remarks>
internal sealed class NormPreservingOperation(SteeringScope scope, float[] shift) : SteeringOperation(scope)
{
    public override int Width => shift.Length;

    private protected override bool ApplyRow(Span<float> row)
    {
        var before = RowMath.Dot(row, row);
        var finite = RowMath.AddScaled(row, shift, 1);
        var factor = MathF.Sqrt(before) / MathF.Sqrt(RowMath.Dot(row, row));

        // Both norms may have overflowed, or both be zero: the factor is then NaN, and so is every value after it.
        return finite & RowMath.Scale(row, factor) & float.IsFinite(factor);
    }
}
