namespace SemanticKernel.Steering.LlamaCpp.Fitting.Causal;

/// <summary>Ends every decode at the first site that is not fitted.</summary>
internal sealed class ReplayCallback(FitJob job, CausalTexts texts) : CausalCallback(job, texts)
{
    /// <summary>Receives the source rows of the site, if anyone wants them.</summary>
    internal TokenSketch? SketchOfSite { get; set; }

    protected override bool Arrive(int hook)
    {
        if (SketchOfSite is { } sketch)
        {
            Sketch(sketch);
        }

        return false;
    }
}
