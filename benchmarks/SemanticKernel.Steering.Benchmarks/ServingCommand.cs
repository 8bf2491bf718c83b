using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.Json;
using SemanticKernel.Steering.LlamaCpp;
using SemanticKernel.Steering.LlamaCpp.Engine;

namespace SemanticKernel.Steering.Benchmarks;

/// <summary><c>serving</c>: the engine against llama.cpp in a bare loop, side by side in one process and taken in turn.</summary>
internal static class ServingCommand
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    internal static Command Create()
    {
        var threads = new Option<int>("--threads") { Description = "Processor threads; all physical cores by default.", DefaultValueFactory = _ => ProcessorTopology.PhysicalCores };
        var rounds = new Option<int>("--rounds") { Description = "Pairs of runs per row.", DefaultValueFactory = _ => 9 };
        var json = new Option<string?>("--json") { Description = "File to write the results to." };
        var small = new Option<bool>("--small") { Description = "Only the embedded model." };
        var command = new Command("serving", "Decoding, prefill, batching and the chat client, divided by llama.cpp in a bare loop without a callback.") { threads, rounds, json, small };
        command.SetAction((result, _) => RunAsync(result.GetValue(threads), result.GetValue(rounds), result.GetValue(json), result.GetValue(small)));
        return command;
    }

    private static async Task RunAsync(int threads, int rounds, string? json, bool small)
    {
        var machine = $"{Environment.ProcessorCount} processors, {RuntimeInformation.ProcessArchitecture}, {RuntimeInformation.OSDescription}, {threads} threads, load {Load()}";
        Console.WriteLine(machine);
        Console.WriteLine("Ratios are speeds: ours divided by the baseline's. Medians of pairs; they mean little while others use the machine.");
        Console.WriteLine(BenchmarkRow.Header);
        var rows = new List<BenchmarkRow>();
        await MeasureAsync("tinychat", Samples.TinyChatConcept.ModelPath, threads, rounds, 64, rows);
        if (!small)
        {
            var path = ServingModels.Large();
            var quantized = await MeasureAsync("random-0.5b-f16", path, threads, rounds, 24, rows, quantize: true);
            await MeasureAsync("random-0.5b-q4_0", quantized!, threads, rounds, 24, rows);
        }

        Console.WriteLine($"load {Load()}");
        if (json is not null)
        {
            await File.WriteAllTextAsync(json, JsonSerializer.Serialize(new { machine, rows }, Indented));
        }
    }

    private static async Task<string?> MeasureAsync(string name, string path, int threads, int rounds, int tokens, List<BenchmarkRow> rows, bool quantize = false)
    {
        var options = new SteeredLlamaOptions
        {
            ModelPath = path, Threads = threads, MaxConcurrentRequests = ServingBenchmark.Requests, BatchSize = ServingBenchmark.BatchSize,
        };
        using (var probe = LlamaSteeringFitter.Open(options))
        {
            options.AddConcept(SmallShift.Of(probe.Model));
            options.ContextSize = Math.Min(1024, probe.Model.TrainedContextSize);
        }

        using var engine = SteeredLlamaEngine.Load(options);
        using var client = new SteeredLlamaChatClient(engine);
        using var bare = new BareContext(engine, threads, ServingBenchmark.Requests, Math.Min(ServingBenchmark.BatchSize, engine.ContextSize));
        await foreach (var row in new ServingBenchmark(name, engine, client, bare, rounds, tokens).RunAsync())
        {
            rows.Add(row);
            Console.WriteLine(row);
        }

        return quantize ? ServingModels.Quantize(engine, path) : null;
    }

    private static string Load() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";
}
