using SemanticKernel.Steering.LlamaCpp;
using SemanticKernel.Steering.LlamaCpp.Engine;

namespace SemanticKernel.Steering.Benchmarks;

/// <summary>
/// Looks for one request's steering in another's answer. Every round runs one schedule twice, with the plans of most requests
/// changed in between: the logits of the others must stay the same to the last bit. Some of those are then run alone: kernels
/// differ by the shape of a batch, so there a tolerance holds.
/// </summary>
/// <param name="options">The model, with concepts of all scopes; answers must not end by themselves.</param>
/// <param name="seed">Chooses plans, lengths, samplers, and who comes and leaves when.</param>
internal sealed class BleedRun(SteeredLlamaOptions options, int seed)
{
    private const int Requests = 64;
    private const int Kept = 8;
    private const int RunAlone = 2;

    private readonly Random _random = new(seed);
    private readonly string[] _concepts = [.. options.Concepts.Select(concept => concept.Name)];

    internal async Task<BleedSummary> RunAsync(int rounds)
    {
        // The weights stay open; engines are fresh for every run, so that their caches are filled in the same way.
        using var weights = SteeredLlamaEngine.Load(options);
        var summary = new BleedSummary();
        for (var round = 0; round < rounds; round++)
        {
            await RoundAsync(summary, round);
        }

        return summary;
    }

    private async Task RoundAsync(BleedSummary summary, int round)
    {
        var scripts = Scripts();
        var kept = Enumerable.Range(0, Requests).OrderBy(_ => _random.Next()).Take(Kept).ToHashSet();
        var others = scripts.Select((script, i) => kept.Contains(i) ? script : script with { Strengths = RandomScripts.Strengths(_random, _concepts) }).ToArray();
        var first = await RunAsync(scripts);
        var second = await RunAsync(others);
        summary.AddRound(Requests, first.Zip(second).Where((pair, i) => !kept.Contains(i) && !pair.First.EqualsBitwise(pair.Second)).Count());
        foreach (var i in kept)
        {
            summary.AddTwice(first[i].EqualsBitwise(second[i]) ? null : $"Round {round}: request {i} differs where only its neighbours' plans do.");
        }

        foreach (var i in kept.Take(RunAlone))
        {
            var greedy = scripts[i] with { Sampling = new SamplerSettings { Temperature = 0 } };
            var alone = await RunAsync([greedy with { JoinsAt = 0 }]);
            var together = scripts[i].Sampling.Temperature == 0 ? first : await RunAsync([.. scripts.Select((script, other) => other == i ? greedy : script)]);
            summary.AddAlone(together[i].CompareTo(alone[0], Outcome.Tolerance), $"Round {round}, request {i}");
        }
    }

    private async Task<Outcome[]> RunAsync(Script[] scripts)
    {
        using var engine = SteeredLlamaEngine.Load(options);
        var outcomes = await Schedule.RunAsync(engine, scripts);
        foreach (var (script, outcome) in scripts.Zip(outcomes))
        {
            if (outcome.Error is not null and not OperationCanceledException || (outcome.Error is null && outcome.Tokens.Length != script.MaxTokens))
            {
                throw new InvalidOperationException($"A request ended after {outcome.Tokens.Length} of {script.MaxTokens} tokens.", outcome.Error);
            }
        }

        return outcomes;
    }

    /// <summary>The first request lasts longest; others join, wait and leave while it runs. Prompts are shorter and longer than a batch.</summary>
    private Script[] Scripts() =>
    [
        .. Enumerable.Range(0, Requests).Select(i => new Script
        {
            Prompt = RandomScripts.Prompt(_random, _random.Next(8) == 0 ? _random.Next(60, 120) : _random.Next(1, 30)),
            LastUserTurn = _random.Next(1, 20),
            Strengths = RandomScripts.Strengths(_random, _concepts),
            MaxTokens = i == 0 ? 20 : _random.Next(1, 8),
            JoinsAt = i == 0 || _random.Next(2) == 0 ? 0 : _random.Next(1, 18),
            LeavesAt = i > 0 && _random.Next(4) == 0 ? _random.Next(1, 4) : int.MaxValue,
            Sampling = _random.Next(2) == 0 ? new SamplerSettings { Temperature = 0 } : new SamplerSettings { TopK = 8, Seed = (uint)_random.Next(), PresencePenalty = 0.5f },
        }),
    ];
}
