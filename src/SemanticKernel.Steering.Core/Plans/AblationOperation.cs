namespace SemanticKernel.Steering;

/// <summary>Takes the part along a direction out of states.</summary>
/// <param name="scope">Which tokens the operation is for.</param>
/// <param name="direction">The direction, of length 1.</param>
/// <param name="removal">What is added per unit along the direction: −strength · direction.</param>
internal sealed class AblationOperation(SteeringScope scope, float[] direction, float[] removal) : SteeringOperation(scope)
{
    public override int Width => direction.Length;

    private protected override bool ApplyRow(Span<float> row) => RowMath.AddScaled(row, removal, RowMath.Dot(row, direction));
}
