using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.AI;
using SemanticKernel.Steering.LlamaCpp;
using SemanticKernel.Steering.TestModels;

namespace SemanticKernel.Steering.Benchmarks;

/// <summary><c>cost</c>: time per token with every block output steered, divided by the time per token unsteered, through the chat client.</summary>
internal static class CostCommand
{
    private const int Pairs = 15;
    private const int Tokens = 64;

    internal static Command Create()
    {
        var threads = new Option<int?>("--threads") { Description = "Processor threads; all physical cores by default." };
        var command = new Command("cost", "Time per token and per prompt token, steered divided by unsteered.") { threads };
        command.SetAction((result, cancellationToken) => RunAsync(result.GetValue(threads), cancellationToken));
        return command;
    }

    private static async Task RunAsync(int? threads, CancellationToken cancellationToken)
    {
        Console.WriteLine($"{"model",-44} {"decode",7} {"(min–max)",15} {"prompt",7} {"(min–max)",15}");
        await MeasureAsync("TinyChat, 2M, F16", Samples.TinyChatConcept.ModelPath, threads, cancellationToken);

        // Speed does not depend on the values of the weights.
        var path = TestModelCache.Get(new RandomModelOptions
        {
            Architecture = ModelArchitecture.Llama, Width = 896, Layers = 24, Heads = 14, KvHeads = 2, FeedForward = 4864,
            ContextLength = 1024, WeightType = GgufTensorType.F16, Name = "random-0.5b",
        });
        await MeasureAsync("random llama shape, 896 x 24 layers, F16", path, threads, cancellationToken);
    }

    private static async Task MeasureAsync(string name, string path, int? threads, CancellationToken cancellationToken)
    {
        var options = new SteeredLlamaOptions { ModelPath = path, Threads = threads };
        using (var probe = LlamaSteeringFitter.Open(options, cancellationToken: cancellationToken))
        {
            options.AddConcept(SmallShift.Of(probe.Model));
        }

        using var engine = SteeredLlamaEngine.Load(options, cancellationToken: cancellationToken);
        var generator = new SteeredLlamaTextGenerator(engine);
        var prompt = string.Concat(Enumerable.Repeat("What is the capital of France? ", 20));
        await AnswerTiming.MeasureAsync(generator, prompt, 1, Tokens, cancellationToken);
        var pairs = new List<(double Decode, double Prompt)>();
        for (var i = 0; i < Pairs; i++)
        {
            var plain = await AnswerTiming.MeasureAsync(generator, prompt, 0, Tokens, cancellationToken);
            var steered = await AnswerTiming.MeasureAsync(generator, prompt, 1, Tokens, cancellationToken);
            pairs.Add((steered.PerToken / plain.PerToken, steered.Prompt / plain.Prompt));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-44} {Describe(pairs.Select(pair => pair.Decode))} {Describe(pairs.Select(pair => pair.Prompt))}"));
    }

    private static string Describe(IEnumerable<double> ratios)
    {
        var sorted = ratios.Order().ToArray();
        return string.Create(CultureInfo.InvariantCulture, $"{sorted[sorted.Length / 2],7:F3} {$"({sorted[0]:F2}–{sorted[^1]:F2})",15}");
    }
}
