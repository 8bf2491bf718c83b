namespace SemanticKernel.Steering;

/// <summary>Scratch space for the same tile of neurons on both sides. Not safe for concurrent use.</summary>
internal sealed class TilePair(ActivationSamples source, ActivationSamples target)
{
    public SampleTile Source { get; } = new(source, source.Weighting);

    public SampleTile Target { get; } = new(target, target.Weighting);

    /// <summary>The monotone coupling of what is loaded.</summary>
    public MonotoneCoupling Coupling => field ??= new MonotoneCoupling(Source, Target);

    /// <summary>Loads and sorts up to <see cref="SampleTile.Lanes"/> neurons of both sides.</summary>
    public void Load(int firstNeuron, int neurons)
    {
        Source.Load(firstNeuron, neurons);
        Target.Load(firstNeuron, neurons);
    }

    /// <summary>The chance that a source value of a lane lies above a target value of it.</summary>
    public double Auroc(int lane)
    {
        var source = Source.Column(lane, out var sourceShares);
        var target = Target.Column(lane, out var targetShares);
        return Steering.Auroc.Of(source, target, sourceShares, targetShares);
    }
}
