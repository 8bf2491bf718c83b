namespace SemanticKernel.Steering.Benchmarks;

/// <summary>The parts of scripts that are drawn at random.</summary>
internal static class RandomScripts
{
    internal static int[] Prompt(Random random, int length) => [.. Enumerable.Range(0, length).Select(_ => random.Next(10, 200))];

    /// <summary>Each concept with a strength of −1 to 2, or not at all.</summary>
    internal static Dictionary<string, double> Strengths(Random random, IEnumerable<string> concepts)
    {
        var strengths = new Dictionary<string, double>();
        foreach (var concept in concepts)
        {
            if (random.Next(2) == 0)
            {
                strengths[concept] = random.Next(-4, 9) / 4.0;
            }
        }

        return strengths;
    }
}
