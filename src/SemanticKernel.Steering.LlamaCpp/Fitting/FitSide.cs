namespace SemanticKernel.Steering.LlamaCpp.Fitting;

/// <summary>One of the two sets of texts: those to fit on first, then those held out.</summary>
internal sealed class FitSide
{
    private readonly double[] _weights;

    /// <summary>Puts texts in order.</summary>
    internal FitSide(TokenizedText[] texts, HeldOutSplit split)
    {
        Texts = [.. split.Fit.Concat(split.HeldOut).Select(text => texts[text])];
        FitCount = split.Fit.Length;
        _weights = [.. Texts.Select(text => text.Weight)];
    }

    internal TokenizedText[] Texts { get; }

    /// <summary>How many of the texts are fitted on.</summary>
    internal int FitCount { get; }

    /// <summary>The pooled rows of the texts to fit on.</summary>
    internal ActivationSamples Fit(float[] rows, int width, TokenSketch? sketch) =>
        new(FitCount, width, rows.AsMemory(0, FitCount * width), sketch, _weights.AsSpan(0, FitCount));

    /// <summary>The pooled rows of the texts held out.</summary>
    internal ActivationSamples HeldOut(float[] rows, int width) =>
        new(Texts.Length - FitCount, width, rows.AsMemory(FitCount * width), tokens: null, _weights.AsSpan(FitCount));
}
