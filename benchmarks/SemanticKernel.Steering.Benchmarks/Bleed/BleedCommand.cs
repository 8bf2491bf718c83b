using System.CommandLine;
using SemanticKernel.Steering.LlamaCpp;
using SemanticKernel.Steering.TestModels;

namespace SemanticKernel.Steering.Benchmarks;

/// <summary><c>bleed</c>: thousands of rounds in which only the neighbours' plans change.</summary>
internal static class BleedCommand
{
    internal static Command Create()
    {
        var rounds = new Option<int>("--rounds") { Description = "How many rounds, over all settings.", DefaultValueFactory = _ => 2000 };
        var seed = new Option<int>("--seed") { Description = "Chooses what happens.", DefaultValueFactory = _ => 1 };
        var gpu = new Option<bool>("--gpu") { Description = "All layers on the GPU." };
        var command = new Command("bleed", "Looks for one request's steering in the answers of others, with and without flash attention.") { rounds, seed, gpu };
        command.SetAction((result, _) => RunAsync(result.GetValue(rounds), result.GetValue(seed), result.GetValue(gpu)));
        return command;
    }

    private static async Task<int> RunAsync(int rounds, int seed, bool gpu)
    {
        var mistakes = 0;
        FlashAttention[] flashAttentions = [FlashAttention.Enabled, FlashAttention.Disabled];
        var settings = flashAttentions.SelectMany(_ => Enum.GetValues<StateAccess>(), (flashAttention, access) => (flashAttention, access)).ToArray();
        foreach (var (flashAttention, access) in settings)
        {
            var options = Options();
            (options.FlashAttention, options.StateAccess, options.GpuLayers) = (flashAttention, access, gpu ? -1 : 0);
            var summary = await new BleedRun(options, seed++).RunAsync((rounds + settings.Length - 1) / settings.Length);
            Console.WriteLine($"flash attention {flashAttention}, {(access switch { StateAccess.Auto => "rows in place", StateAccess.Copied => "copies of the rows", _ => "edits by the device" })}: {summary}");
            mistakes += summary.Mistakes.Count;
        }

        return mistakes == 0 ? 0 : 1;
    }

    private static SteeredLlamaOptions Options()
    {
        var options = new SteeredLlamaOptions
        {
            ModelPath = TestModelCache.Get(new RandomModelOptions { Architecture = ModelArchitecture.Qwen3, ContextLength = 512, Name = "serving", IsEndless = true }),
            Threads = 1, MaxConcurrentRequests = 8, BatchSize = 64,
        };
        using var fitter = LlamaSteeringFitter.Open(options);
        return options.AddConcept(SmallShift.Of(fitter.Model, "all", 0.9f, 0.2f, SteeringScope.All))
            .AddConcept(SmallShift.Of(fitter.Model, "last-turn", 1.1f, -0.2f, SteeringScope.FromLastUserTurn))
            .AddConcept(SmallShift.Of(fitter.Model, "generated", 1, 0.2f, SteeringScope.Generated));
    }
}
