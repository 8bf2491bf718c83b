namespace SemanticKernel.Steering.LlamaCpp.Fitting.Capture;

/// <summary>What is recorded at one site for one set of texts.</summary>
internal sealed class SiteCapture(int site, int width, Pooling pooling, SampleStore store, TokenSketch? sketch)
{
    private readonly RowPooler _pooler = new(width, pooling);
    private readonly float[] _pooled = new float[width];

    internal TokenSketch? Sketch => sketch;

    internal void Add(ReadOnlySpan<float> row)
    {
        _pooler.Add(row);
        sketch?.Add(row);
    }

    internal void FinishText(int text)
    {
        _pooler.Finish(_pooled);
        store.Write(site, text, _pooled);
    }
}
