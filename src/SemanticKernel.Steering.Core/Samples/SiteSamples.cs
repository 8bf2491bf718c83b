namespace SemanticKernel.Steering;

/// <summary>Activations of one site over both sets of texts. Immutable.</summary>
public sealed record SiteSamples
{
    /// <summary>Puts the samples of both sets together.</summary>
    /// <param name="source">The samples to carry over, <c>[n × width]</c>.</param>
    /// <param name="target">The samples to carry onto, <c>[m × width]</c>.</param>
    /// <exception cref="ArgumentException">The widths differ.</exception>
    public SiteSamples(ActivationSamples source, ActivationSamples target)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        if (source.Width != target.Width)
        {
            throw new ArgumentException($"The source has width {source.Width}, the target {target.Width}.", nameof(target));
        }

        (Source, Target) = (source, target);
    }

    /// <summary>The samples to carry over.</summary>
    public ActivationSamples Source { get; }

    /// <summary>The samples to carry onto.</summary>
    public ActivationSamples Target { get; }

    /// <summary>The number of neurons.</summary>
    public int Width => Source.Width;
}
