namespace SemanticKernel.Steering;

/// <summary>How the token activations of one text become one sample, per neuron.</summary>
public enum Pooling
{
    /// <summary>The mean over the selected tokens: the default.</summary>
    Mean,

    /// <summary>The largest value.</summary>
    Max,

    /// <summary>The smallest value.</summary>
    Min,

    /// <summary>The value at the last selected token.</summary>
    Last,
}
