using System.Diagnostics;
using Microsoft.Extensions.AI;
using SemanticKernel.Steering.LlamaCpp;

namespace SemanticKernel.Steering.Benchmarks;

/// <summary>How long an answer took.</summary>
/// <param name="Prompt">Until the first text came, in seconds.</param>
/// <param name="PerToken">From then on, in seconds per token.</param>
internal readonly record struct AnswerTiming(double Prompt, double PerToken)
{
    internal static async Task<AnswerTiming> MeasureAsync(
        SteeredLlamaTextGenerator generator, string prompt, double strength, int tokens, CancellationToken cancellationToken)
    {
        // A flat distribution over many tokens practically never ends the text early, and makes all runs equally long.
        var options = new ChatOptions
        {
            Temperature = 100, TopK = 0, TopP = 1, Seed = 1, MaxOutputTokens = tokens,
            AdditionalProperties = new AdditionalPropertiesDictionary
            {
                [SteeringKeys.MinP] = 0f,
                [SteeringKeys.Request] = new SteeringRequest { Concepts = new Dictionary<string, double> { [SmallShift.Concept] = strength } },
            },
        };

        var clock = Stopwatch.StartNew();
        double? first = null;
        long produced = 0;
        await foreach (var update in generator.GenerateAsync(prompt, options, cancellationToken))
        {
            first ??= clock.Elapsed.TotalSeconds;
            produced = update.Contents.OfType<UsageContent>().FirstOrDefault()?.Details.OutputTokenCount ?? produced;
        }

        return new AnswerTiming(first!.Value, (clock.Elapsed.TotalSeconds - first.Value) / Math.Max(produced - 1, 1));
    }
}
