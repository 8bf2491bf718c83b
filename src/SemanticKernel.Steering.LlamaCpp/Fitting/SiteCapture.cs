namespace SemanticKernel.Steering.LlamaCpp.Fitting;

/// <summary>What is recorded at one site for one set of texts.</summary>
internal sealed class SiteCapture(int width, Pooling pooling, bool sketchTokens)
{
    private readonly RowPooler _pooler = new(width, pooling);
    private float[] _pooled = [];
    private TokenSketch? _sketch;

    internal void Begin(int textCount)
    {
        _pooled = new float[(long)textCount * width];
        _sketch = sketchTokens ? new TokenSketch(width) : null;
    }

    internal void Add(ReadOnlySpan<float> row)
    {
        _pooler.Add(row);
        _sketch?.Add(row);
    }

    internal void FinishText(int text) => _pooler.Finish(_pooled.AsSpan(text * width, width));

    internal ActivationSamples ToSamples() => new(_pooled.Length / width, width, _pooled, _sketch);
}
