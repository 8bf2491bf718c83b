using System.CommandLine;
using SemanticKernel.Steering.LlamaCpp;
using SemanticKernel.Steering.LlamaCpp.Engine;

namespace SemanticKernel.Steering.Benchmarks;

/// <summary><c>fitting</c>: what it costs to fit, apply and load maps, side by side with the least that would have to be done anyway.</summary>
internal static class FittingCommand
{
    private const int RandomTexts = 32;
    private const int WordsPerText = 8;

    internal static Command Create()
    {
        var threads = new Option<int>("--threads") { Description = "Processor threads; all physical cores by default.", DefaultValueFactory = _ => ProcessorTopology.PhysicalCores };
        var rounds = new Option<int>("--rounds") { Description = "Pairs of runs per row.", DefaultValueFactory = _ => 7 };
        var json = new Option<string?>("--json") { Description = "File to write the results to." };
        var small = new Option<bool>("--small") { Description = "Without the large model." };
        var command = new Command("fitting", "Fitting divided by reading the texts, and the solver, maps and files by plain ways to do the same.") { threads, rounds, json, small };
        command.SetAction(result => Run(result.GetValue(threads), result.GetValue(rounds), result.GetValue(json), result.GetValue(small)));
        return command;
    }

    private static void Run(int threads, int rounds, string? json, bool small)
    {
        using var report = new BenchmarkReport(threads, "Ratios are times: ours divided by the baseline's.", json);
        var (solver, seconds) = SolverRow.Measure(rounds);
        report.Add(solver);
        report.Add(seconds);
        report.Add(ApplyRow.Measure(rounds, bounded: false));
        report.Add(ApplyRow.Measure(rounds, bounded: true));
        report.Add(LoadRow.Measure(rounds));
        Measure("tinychat", Samples.TinyChatConcept.ModelPath, Samples.TinyChatConcept.Toxicity.LoadData(), threads, rounds, report);
        if (!small)
        {
            Measure("random-0.5b-f16", ServingModels.Large(), RandomData(), threads, rounds, report);
        }
    }

    private static void Measure(string name, string path, ConceptData data, int threads, int rounds, BenchmarkReport report)
    {
        var settings = new SteeredLlamaOptions { ModelPath = path, Threads = threads };
        using var fitter = LlamaSteeringFitter.Open(settings);
        foreach (var row in new FittingBenchmark(name, fitter, settings, data, threads, rounds).Run())
        {
            report.Add(row);
        }
    }

    private static ConceptData RandomData()
    {
        var random = new Random(1);
        return new ConceptData("random", Texts(), Texts());

        List<TrainingExample> Texts() => [.. Enumerable.Range(0, RandomTexts).Select(_ => TrainingExample.FromText(
            string.Join(' ', Enumerable.Range(0, WordsPerText).Select(_ => random.Next(1000)))))];
    }
}
