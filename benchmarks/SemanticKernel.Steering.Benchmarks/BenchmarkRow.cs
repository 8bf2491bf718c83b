using System.Globalization;
using System.Text.Json.Serialization;

namespace SemanticKernel.Steering.Benchmarks;

/// <summary>A figure and what it should be: medians of ratios of runs taken in turn, or a plain number.</summary>
internal sealed record BenchmarkRow(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("ratio")] double Ratio,
    [property: JsonPropertyName("min")] double Min,
    [property: JsonPropertyName("max")] double Max,
    [property: JsonPropertyName("goal")] string Goal)
{
    internal static string Header { get; } = $"{"row",-44} {"median",8} {"(min–max)",17}  goal";

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Name,-44} {Ratio,8:F3} {$"({Min:F3}–{Max:F3})",17}  {Goal}");

    internal static BenchmarkRow Of(string name, IEnumerable<double> values, string goal)
    {
        var sorted = values.Order().ToArray();
        return new BenchmarkRow(name, sorted[sorted.Length / 2], sorted[0], sorted[^1], goal);
    }

    /// <summary>Measures two ways in turn, after one run of each that does not count, and divides the first's time by the second's.</summary>
    internal static BenchmarkRow Divide(string name, string goal, int rounds, Func<double> ours, Func<double> baseline)
    {
        ours();
        baseline();
        return Of(name, Enumerable.Range(0, rounds).Select(_ => ours() / baseline()).ToArray(), goal);
    }

    /// <summary>Measures two ways in turn, after one run of each that does not count, and divides the second's time by the first's.</summary>
    internal static async Task<BenchmarkRow> CompareAsync(string name, string goal, int rounds, Func<Task<double>> ours, Func<Task<double>> baseline)
    {
        await ours();
        await baseline();
        var ratios = new List<double>();
        for (var i = 0; i < rounds; i++)
        {
            var time = await ours();
            ratios.Add(await baseline() / time);
        }

        return Of(name, ratios, goal);
    }
}
