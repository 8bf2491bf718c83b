using System.CommandLine;
using SemanticKernel.Steering.LlamaCpp;

namespace SemanticKernel.Steering.Benchmarks;

/// <summary><c>soak</c>: thousands of requests with cancellations, faults and engines closed under them.</summary>
internal static class SoakCommand
{
    internal static Command Create()
    {
        var requests = new Option<int>("--requests") { Description = "How many requests.", DefaultValueFactory = _ => 5100 };
        var seed = new Option<int>("--seed") { Description = "Chooses what happens.", DefaultValueFactory = _ => 1 };
        var command = new Command("soak", "Keeps engines on the embedded model busy and says what came of it.") { requests, seed };
        command.SetAction(async (result, _) =>
        {
            var most = result.GetValue(requests);
            var summary = await SoakRun.RunAsync(Options(), number => number <= most, result.GetValue(seed));
            Console.WriteLine(summary);
            return summary.Unexpected.Count == 0 ? 0 : 1;
        });
        return command;
    }

    private static SteeredLlamaOptions Options()
    {
        var options = new SteeredLlamaOptions { ModelPath = Samples.TinyChatConcept.ModelPath, Threads = 1, BatchSize = 64 };
        using var fitter = LlamaSteeringFitter.Open(options);
        return options.AddConcept(SmallShift.Of(fitter.Model, SoakRun.Mild, 1, 0.1f, SteeringScope.All))
            .AddConcept(SmallShift.Of(fitter.Model, SoakRun.Overflow, float.MaxValue, float.MaxValue, SteeringScope.Generated));
    }
}
