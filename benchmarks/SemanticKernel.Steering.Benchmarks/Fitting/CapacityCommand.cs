using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using SemanticKernel.Steering.LlamaCpp;
using SemanticKernel.Steering.TestModels;

namespace SemanticKernel.Steering.Benchmarks;

/// <summary><c>capacity</c>: fits more samples than the memory budget holds, on a model that is as wide and deep as Gemma 2 2B but thin between.</summary>
internal static class CapacityCommand
{
    private const int Layers = 26;
    private const int Width = 2304;
    private const double Gibibyte = 1 << 30;

    internal static Command Create()
    {
        var texts = new Option<int>("--texts") { Description = "How many texts, both sides together.", DefaultValueFactory = _ => 10_000 };
        var budget = new Option<double>("--gib") { Description = "The memory budget of the fit in GiB.", DefaultValueFactory = _ => new FitOptions().MemoryBudget / Gibibyte };
        var command = new Command("capacity", $"Fits {2 * Layers} sites of {Width} neurons and prints the memory that took.") { texts, budget };
        command.SetAction((result, cancellationToken) => RunAsync(result.GetValue(texts), (long)(result.GetValue(budget) * Gibibyte), cancellationToken));
        return command;
    }

    private static async Task RunAsync(int texts, long budget, CancellationToken cancellationToken)
    {
        var path = TestModelCache.Get(new RandomModelOptions
        {
            Width = Width, Layers = Layers, Heads = 18, KvHeads = 1, FeedForward = 64, WeightType = GgufTensorType.F16, RepeatsWeights = true, Name = "capacity",
        });
        using var fitter = LlamaSteeringFitter.Open(new SteeredLlamaOptions { ModelPath = path }, cancellationToken: cancellationToken);
        var data = new ConceptData("capacity", Texts(0, texts / 2), Texts(texts / 2, texts - (texts / 2)));
        var options = new FitOptions
        {
            MemoryBudget = budget,
            Sites = SiteSelector.Of(Enumerable.Range(0, Layers).SelectMany(layer => new[] { new Site(layer, HookPoint.AttentionOutput), new Site(layer, HookPoint.BlockOutput) })),
        };
        var clock = Stopwatch.StartNew();
        var maps = await fitter.FitAsync(data, options, cancellationToken: cancellationToken);

        var process = Process.GetCurrentProcess();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{maps.Maps.Count} sites × {Width} neurons × {texts} texts: {maps.Maps.Count * (double)Width * texts * sizeof(float) / Gibibyte:F2} GiB of samples, budget {budget / Gibibyte:F2} GiB"));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{clock.Elapsed.TotalSeconds:F0} s, peak working set {process.PeakWorkingSet64 / Gibibyte:F2} GiB, of which the model's file {new FileInfo(path).Length / Gibibyte:F2} GiB"));
    }

    private static TrainingExample[] Texts(int first, int count) =>
        [.. Enumerable.Range(first, count).Select(i => TrainingExample.FromText(i.ToString("X", CultureInfo.InvariantCulture)))];
}
