namespace SemanticKernel.Steering;

/// <summary>Scratch space that turns a tile of neighbouring neurons from rows into ascending columns.</summary>
internal sealed class NeuronColumns
{
    /// <summary>Neurons per tile: one cache line of every row.</summary>
    public const int TileWidth = 16;

    private readonly ActivationSamples _samples;
    private readonly float[] _columns;

    public NeuronColumns(ActivationSamples samples)
    {
        _samples = samples;
        _columns = new float[(long)samples.Count * Math.Min(TileWidth, samples.Width)];
    }

    /// <summary>Loads and sorts the columns of up to <see cref="TileWidth"/> neurons.</summary>
    public void Load(int firstNeuron, int neurons)
    {
        for (var sample = 0; sample < _samples.Count; sample++)
        {
            var row = _samples.Row(sample).Slice(firstNeuron, neurons);
            for (var i = 0; i < row.Length; i++)
            {
                _columns[(i * _samples.Count) + sample] = row[i];
            }
        }

        for (var i = 0; i < neurons; i++)
        {
            Column(i).Sort();
        }
    }

    /// <summary>The ascending samples of one neuron of the loaded tile.</summary>
    public Span<float> Column(int offset) => _columns.AsSpan(offset * _samples.Count, _samples.Count);
}
