namespace SemanticKernel.Steering.LlamaCpp.Fitting;

/// <summary>Sorts texts into decodes, in their order. What stands in a decode together does not depend on the machine.</summary>
internal static class TextBatches
{
    private const int MostSequences = 256; // LLAMA_MAX_SEQ

    /// <summary>Gives ranges of the texts of a fit. The sides stay apart, so that equal sets are computed alike to the last bit.</summary>
    /// <param name="job">The fit.</param>
    /// <param name="batchSize">Tokens per decode; texts longer than that stand alone.</param>
    internal static List<Range> Pack(FitJob job, int batchSize)
    {
        var batches = new List<Range>();
        Pack(job.Texts, 0, job.Source.Texts.Length, batchSize, batches);
        Pack(job.Texts, job.Source.Texts.Length, job.Texts.Length, batchSize, batches);
        return batches;
    }

    /// <summary>Gives ranges of texts.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="batchSize">Tokens per decode; texts longer than that stand alone.</param>
    internal static List<Range> Pack(TokenizedText[] texts, int batchSize)
    {
        var batches = new List<Range>();
        Pack(texts, 0, texts.Length, batchSize, batches);
        return batches;
    }

    /// <summary>The largest number of texts in a decode.</summary>
    internal static int MostTexts(this IEnumerable<Range> batches) => batches.Max(batch => batch.End.Value - batch.Start.Value);

    private static void Pack(TokenizedText[] texts, int start, int end, int batchSize, List<Range> batches)
    {
        var tokens = 0;
        for (var text = start; text < end; text++)
        {
            var length = texts[text].Tokens.Length;
            if (text > start && (tokens + length > batchSize || text - start == MostSequences))
            {
                batches.Add(start..text);
                (start, tokens) = (text, 0);
            }

            tokens += length;
        }

        batches.Add(start..end);
    }
}
