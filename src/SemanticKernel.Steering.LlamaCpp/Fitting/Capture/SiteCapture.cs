namespace SemanticKernel.Steering.LlamaCpp.Fitting.Capture;

/// <summary>What is recorded at one site for one set of texts.</summary>
/// <param name="site">The number of the site in the store.</param>
/// <param name="width">The number of neurons.</param>
/// <param name="pooling">How tokens become samples.</param>
/// <param name="store">Receives the samples.</param>
/// <param name="sketch">Receives the tokens of the texts that are fitted on, if anyone wants them.</param>
internal sealed class SiteCapture(int site, int width, Pooling pooling, SampleStore store, TokenSketch? sketch)
{
    private readonly RowPooler _pooler = new(width, pooling);
    private readonly float[] _pooled = new float[width];

    internal void Add(ReadOnlySpan<float> row, bool isHeldOut)
    {
        _pooler.Add(row);
        if (!isHeldOut)
        {
            sketch?.Add(row);
        }
    }

    internal void FinishText(int text)
    {
        _pooler.Finish(_pooled);
        store.Write(site, text, _pooled);
    }
}
