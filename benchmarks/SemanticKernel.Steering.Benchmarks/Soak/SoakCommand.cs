using System.CommandLine;
using System.Diagnostics;
using SemanticKernel.Steering.LlamaCpp;

namespace SemanticKernel.Steering.Benchmarks;

/// <summary><c>soak</c>: thousands of requests with cancellations, faults and engines closed under them.</summary>
internal static class SoakCommand
{
    private const double MostGrowth = 0.01;

    internal static Command Create()
    {
        var requests = new Option<int>("--requests") { Description = "How many requests.", DefaultValueFactory = _ => 5100 };
        var minutes = new Option<double>("--minutes") { Description = "Ends earlier after so long.", DefaultValueFactory = _ => 60 };
        var seed = new Option<int>("--seed") { Description = "Chooses what happens.", DefaultValueFactory = _ => 1 };
        var command = new Command("soak", "Keeps engines on the embedded model busy and says what came of it.") { requests, minutes, seed };
        command.SetAction((result, _) => RunAsync(result.GetValue(requests), TimeSpan.FromMinutes(result.GetValue(minutes)), result.GetValue(seed)));
        return command;
    }

    private static async Task<int> RunAsync(int requests, TimeSpan limit, int seed)
    {
        var clock = Stopwatch.StartNew();
        var summary = await SoakRun.RunAsync(Options(), requests / 4, number => number <= requests && clock.Elapsed < limit, seed);
        Console.WriteLine(summary);
        Console.WriteLine($"{clock.Elapsed.TotalSeconds:F0} s");

        // The runtime opens and closes a few of its own; what an engine leaves behind shows once per engine at least.
        var most = summary.Engines / 4;
        return summary.Unexpected.Count == 0 && summary.ManagedGrowth < MostGrowth && summary.NativeGrowth < MostGrowth && summary.HandleGrowth < most && summary.ThreadGrowth < most ? 0 : 1;
    }

    private static SteeredLlamaOptions Options()
    {
        var options = new SteeredLlamaOptions { ModelPath = Samples.TinyChatConcept.ModelPath, Threads = 1, BatchSize = 64 };
        using var fitter = LlamaSteeringFitter.Open(options);
        return options.AddConcept(SmallShift.Of(fitter.Model, SoakRun.Mild, 1, 0.1f, SteeringScope.All))
            .AddConcept(SmallShift.Of(fitter.Model, SoakRun.Overflow, float.MaxValue, float.MaxValue, SteeringScope.Generated));
    }
}
