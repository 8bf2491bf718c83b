namespace SemanticKernel.Steering.LlamaCpp.Fitting.Causal;

/// <summary>Sorts texts into decodes that hold each of them whole, in their order.</summary>
internal static class TextBatches
{
    private const int MostSequences = 256; // LLAMA_MAX_SEQ

    /// <summary>Gives ranges of texts.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="batchSize">Tokens per decode; at least those of the longest text.</param>
    internal static List<Range> Pack(IReadOnlyList<TokenizedText> texts, int batchSize)
    {
        var batches = new List<Range>();
        var start = 0;
        var tokens = 0;
        for (var text = 0; text < texts.Count; text++)
        {
            var length = texts[text].Tokens.Length;
            if (tokens + length > batchSize || text - start == MostSequences)
            {
                batches.Add(start..text);
                (start, tokens) = (text, 0);
            }

            tokens += length;
        }

        batches.Add(start..texts.Count);
        return batches;
    }
}
