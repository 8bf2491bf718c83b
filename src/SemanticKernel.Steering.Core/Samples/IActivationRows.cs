namespace SemanticKernel.Steering;

/// <summary>Rows of hidden states, one value per neuron.</summary>
internal interface IActivationRows
{
    /// <summary>The number of rows.</summary>
    int Count { get; }

    /// <summary>Copies neighbouring neurons of all rows.</summary>
    /// <param name="first">The first neuron.</param>
    /// <param name="neurons">How many.</param>
    /// <param name="destination">Receives them, row after row.</param>
    /// <param name="stride">How many values apart the rows begin in the destination.</param>
    void CopyColumns(int first, int neurons, Span<float> destination, int stride);
}
