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

    internal int HeldOutCount => Texts.Length - FitCount;

    /// <summary>The texts to fit on, by the pooled rows of all.</summary>
    internal ActivationSamples Fit(ReadOnlyMemory<float> rows, int width, TokenSketch? sketch) =>
        new(FitCount, width, rows[..(FitCount * width)], sketch, _weights.AsSpan(0, FitCount));

    /// <summary>The texts held out, by the pooled rows of all.</summary>
    internal ActivationSamples HeldOut(ReadOnlyMemory<float> rows, int width) =>
        new(HeldOutCount, width, rows[(FitCount * width)..], tokens: null, _weights.AsSpan(FitCount));
}
