using System.CommandLine;
using SemanticKernel.Steering.LlamaCpp;
using SemanticKernel.Steering.LlamaCpp.Engine;

namespace SemanticKernel.Steering.Benchmarks;

/// <summary><c>serving</c>: the engine against llama.cpp in a bare loop, side by side in one process and taken in turn.</summary>
internal static class ServingCommand
{
    private const int MaxContextSize = 4096;

    private static readonly string[] DefaultModels = [ServingModels.TinyChat, ServingModels.HalfBillion, ServingModels.HalfBillionQ4];

    internal static Command Create()
    {
        var threads = new Option<int>("--threads") { Description = "Processor threads; all physical cores by default.", DefaultValueFactory = _ => ProcessorTopology.PhysicalCores };
        var rounds = new Option<int>("--rounds") { Description = "Pairs of runs per row.", DefaultValueFactory = _ => 9 };
        var json = new Option<string?>("--json") { Description = "File to write the results to." };
        var models = new Option<string[]>("--model") { Description = $"Only these: {string.Join(", ", ServingModels.Names)}.", DefaultValueFactory = _ => DefaultModels, AllowMultipleArgumentsPerToken = true };
        models.AcceptOnlyFromAmong(ServingModels.Names);
        var requests = new Option<int>("--requests") { Description = "Concurrent requests where there are several.", DefaultValueFactory = _ => 8 };
        var gpu = new Option<bool>("--gpu") { Description = "All layers on the GPU." };
        var copies = new Option<bool>("--copies") { Description = "Edit a GPU's hidden states through copies in host memory instead of on the GPU." };
        var command = new Command("serving", "Decoding, prefill, batching and the chat client, divided by llama.cpp in a bare loop without a callback.") { threads, rounds, json, models, requests, gpu, copies };
        command.SetAction(async (result, _) =>
        {
            using var report = new BenchmarkReport(result.GetValue(threads), "Ratios are speeds: ours divided by the baseline's.", result.GetValue(json));
            foreach (var model in result.GetValue(models)!)
            {
                var options = new SteeredLlamaOptions
                {
                    ModelPath = ServingModels.PathOf(model),
                    Threads = result.GetValue(threads),
                    MaxConcurrentRequests = result.GetValue(requests),
                    BatchSize = ServingBenchmark.BatchSize,
                    GpuLayers = result.GetValue(gpu) ? -1 : 0,
                    StateAccess = result.GetValue(copies) ? StateAccess.Copied : StateAccess.Auto,
                };
                await MeasureAsync(model, options, result.GetValue(rounds), report);
            }
        });
        return command;
    }

    private static async Task MeasureAsync(string name, SteeredLlamaOptions options, int rounds, BenchmarkReport report)
    {
        using (var probe = LlamaSteeringFitter.Open(options))
        {
            options.AddConcept(SmallShift.Of(probe.Model));
            options.ContextSize = Math.Min(MaxContextSize, probe.Model.TrainedContextSize);
        }

        using var engine = SteeredLlamaEngine.Load(options);
        var requests = options.MaxConcurrentRequests!.Value;
        options.MaxConcurrentRequests = 1;
        using var alone = SteeredLlamaEngine.Load(options);
        options.MaxConcurrentRequests = requests;
        using var bare = new BareContext(engine, options);
        var tokens = name == ServingModels.TinyChat ? 64 : 24;
        await foreach (var row in new ServingBenchmark(name, alone, engine, bare, rounds, tokens, requests).RunAsync())
        {
            report.Add(row);
        }
    }
}
