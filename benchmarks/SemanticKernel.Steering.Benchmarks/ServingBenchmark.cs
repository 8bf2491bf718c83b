using System.Diagnostics;
using Microsoft.Extensions.AI;
using SemanticKernel.Steering.LlamaCpp;
using SemanticKernel.Steering.LlamaCpp.Chat.Templates;
using SemanticKernel.Steering.LlamaCpp.Engine;

namespace SemanticKernel.Steering.Benchmarks;

/// <summary>All rows of one model. Every block output is steered where anything is.</summary>
/// <remarks>
/// Single requests go to an engine for one: like the bare loop it then has nothing in its cache but what is at hand, while one for
/// several keeps the conversations of the others, and llama.cpp's attention passes over them.
/// </remarks>
internal sealed class ServingBenchmark(string model, SteeredLlamaEngine alone, SteeredLlamaEngine engine, BareContext bare, int rounds, int tokens, int requests)
{
    internal const int BatchSize = 512;
    private const int LongPrompt = 512;
    private const int History = 2000;
    private const string Question = "What is the capital of France?";

    private readonly int[] _question = engine.Template.Chat.Encode([new ChatTurn(ChatTurnRole.User, Question)], addGenerationPrompt: true).Tokens;

    /// <summary>A flat distribution over all tokens practically never ends an answer early.</summary>
    internal static SamplerSettings Sampling { get; } = new() { Temperature = 100, TopK = 0, TopP = 1, MinP = 0 };

    internal async IAsyncEnumerable<BenchmarkRow> RunAsync()
    {
        var longPrompt = Enumerable.Range(0, Math.Min(LongPrompt, engine.ContextSize - tokens)).Select(i => _question[i % _question.Length]).ToArray();
        yield return await RowAsync("decode-steered", "≥ 0.98", DecodeAsync, () => Bare(_question).Decode);
        bare.UseControlVector(true);
        yield return await RowAsync("decode-vs-control-vector", "≥ 0.98", DecodeAsync, () => Bare(_question).Decode);
        bare.UseControlVector(false);
        var together = Enumerable.Repeat(_question, requests).ToArray();
        yield return await RowAsync($"decode-steered-x{requests}", "≥ 0.98", async () => (await LoopAsync(together, Strengths(0), tokens)).Decode, () => Bare(together).Decode);
        yield return await RowAsync("prefill-steered", "≥ 0.98", async () => (await LoopAsync([longPrompt], [1], 1)).Total, () => bare.Run([longPrompt], 1).Prompt);
        await LoopAsync([.. Enumerable.Repeat(longPrompt, requests)], Strengths(0), 1);
        yield return await RowAsync(
            $"prefill-beside-{requests - 1}-kept", "", async () => (await RunAsync([Request(longPrompt, 1, 1)], engine)).Total, () => bare.Run([longPrompt], 1).Prompt);
        yield return await BenchmarkRow.CompareAsync(
            $"mixed-plans/{model}", "≥ 0.97", rounds,
            async () => PerToken(await LoopAsync(together, Strengths(1), tokens)), async () => PerToken(await LoopAsync(together, Strengths(0), tokens)));
        yield return await RowAsync("batching", "≥ 0.95", () => ClientAsync(engine, Strengths(1)), () => PerToken(bare.Run(together, tokens), requests));
        yield return await RowAsync("client-overhead", "≥ 0.97", () => ClientAsync(alone, [0]), () => PerToken(bare.Run([_question], tokens), 1));
        yield return await BenchmarkRow.CompareAsync(
            $"figures-per-concept/{model}", "", rounds, () => MeasuredAsync(true), () => MeasuredAsync(false));
        foreach (var row in await CountAsync())
        {
            yield return row;
        }
    }

    private async Task<IReadOnlyList<BenchmarkRow>> CountAsync()
    {
        var clock = new CallbackClock();
        var request = Request(_question, 1, tokens, clock);
        var run = await RunAsync([request]);
        var callback = clock.Elapsed.TotalSeconds * 1000 / request.Output.Written;
        var total = run.Total * 1000 / request.Output.Written;

        var first = Request([.. Enumerable.Range(0, Math.Min(History, engine.ContextSize - (2 * tokens) - (2 * _question.Length))).Select(i => _question[i % _question.Length])], 1, tokens, null, "turns");
        var answer = (await RunAsync([first])).Tokens;
        int[] second = [.. first.Prompt, .. answer, .. _question];
        await RunAsync([Request(second, 1, 1, null, "turns")]);
        var recomputed = second.Length - alone.Loop.LastSharedTokens;
        return
        [
            BenchmarkRow.Of($"callback-ms-per-token/{model}", [callback], $"of {total:F3} ms"),
            BenchmarkRow.Of($"allocated-bytes-per-token/{model}", [await AllocatedAsync() / (double)tokens], "0"),
            BenchmarkRow.Of($"graphs-rebuilt-for-strengths/{model}", [await CountRebuiltAsync()], "0"),
            BenchmarkRow.Of($"second-turn-recomputed-tokens/{model}", [recomputed], $"{_question.Length + 1} of {second.Length}"),
        ];
    }

    /// <summary>How many graphs more are built when an answer's strength changes at every token.</summary>
    private async Task<double> CountRebuiltAsync()
    {
        var steady = await CountReusedAsync([1]);
        return steady - await CountReusedAsync([1, 0.5]);
    }

    private async Task<int> CountReusedAsync(double[] strengths)
    {
        var plans = strengths.Select(strength => Compile(strength)).ToArray();
        var request = Request(_question, 1, tokens);
        var before = ReusedGraphs.CountOf(alone);
        alone.Loop.Submit(request);
        while (await request.Output.WaitAsync())
        {
            while (request.Output.TryRead(out var token))
            {
                request.Plan = plans[token % plans.Length];
            }
        }

        return ReusedGraphs.CountOf(alone) - before;
    }

    private async Task<long> AllocatedAsync()
    {
        // The first runs compile code and start threads of the pool.
        var least = long.MaxValue;
        for (var i = 0; i < 5 && least > 0; i++)
        {
            await RunAsync([Request(_question, 1, tokens)]);
            least = Math.Min(least, alone.Loop.LastDecodeAllocations);
        }

        return least;
    }

    private Task<BenchmarkRow> RowAsync(string name, string goal, Func<Task<double>> ours, Func<double> baseline) =>
        BenchmarkRow.CompareAsync($"{name}/{model}", goal, rounds, ours, () => Task.FromResult(baseline()));

    private (double Prompt, double Decode) Bare(params int[][] prompts)
    {
        var (prompt, decode) = bare.Run(prompts, tokens);
        return (prompt, decode / (tokens - 1));
    }

    private double PerToken((double Prompt, double Decode) run, int count) => (run.Prompt + run.Decode) / (count * tokens);

    private static double PerToken((double Total, double Decode, int[] Tokens) run) => run.Total / run.Tokens.Length;

    private async Task<double> DecodeAsync() => (await LoopAsync([_question], [1], tokens)).Decode;

    /// <summary>Seconds per token of an answer that reports how far each concept moved it, or of one that does not.</summary>
    private async Task<double> MeasuredAsync(bool isMeasured) =>
        (await RunAsync([Request(_question, 1, tokens, meter: isMeasured ? new ShiftMeter() : null)])).Decode;

    /// <summary>Strengths that differ by so little that the work is the same, or not at all.</summary>
    private double[] Strengths(double step) => [.. Enumerable.Range(0, requests).Select(i => 1 + (step * i / 100))];

    private Task<(double Total, double Decode, int[] Tokens)> LoopAsync(int[][] prompts, double[] strengths, int count) =>
        RunAsync([.. prompts.Select((prompt, i) => Request(prompt, strengths[i], count, null, null, (uint)i))]);

    /// <summary>Seconds for all, seconds per token of the first after its first token, and all tokens.</summary>
    private Task<(double Total, double Decode, int[] Tokens)> RunAsync(GenerationRequest[] batch) => RunAsync(batch, batch.Length == 1 ? alone : engine);

    private static async Task<(double Total, double Decode, int[] Tokens)> RunAsync(GenerationRequest[] batch, SteeredLlamaEngine target)
    {
        var clock = Stopwatch.StartNew();
        Array.ForEach(batch, target.Loop.Submit);
        var answers = await Task.WhenAll(batch.Select(ReadAsync));
        return (clock.Elapsed.TotalSeconds, answers[0].PerToken, [.. answers.SelectMany(answer => answer.Tokens)]);
    }

    private static async Task<(double PerToken, List<int> Tokens)> ReadAsync(GenerationRequest request)
    {
        var answer = new List<int>();
        var first = 0L;
        while (await request.Output.WaitAsync())
        {
            first = first == 0 ? Stopwatch.GetTimestamp() : first;
            while (request.Output.TryRead(out var token))
            {
                answer.Add(token);
            }
        }

        return request.Output.Error is { } error ? throw error : (Stopwatch.GetElapsedTime(first).TotalSeconds / Math.Max(1, answer.Count - 1), answer);
    }

    /// <summary>Seconds per token through the chat client, reading prompts included.</summary>
    private async Task<double> ClientAsync(SteeredLlamaEngine target, double[] strengths)
    {
        using var client = new SteeredLlamaChatClient(target);
        var clock = Stopwatch.StartNew();
        var counts = await Task.WhenAll(strengths.Select(async (strength, i) =>
        {
            long count = 0;
            await foreach (var update in client.GetStreamingResponseAsync([new ChatMessage(ChatRole.User, Question)], Options(strength, i)))
            {
                count = update.Contents.OfType<UsageContent>().FirstOrDefault()?.Details.OutputTokenCount ?? count;
            }

            return count;
        }));
        return clock.Elapsed.TotalSeconds / counts.Sum();
    }

    private ChatOptions Options(double strength, int seed) => new()
    {
        Temperature = Sampling.Temperature, TopK = Sampling.TopK, TopP = Sampling.TopP, Seed = seed, MaxOutputTokens = tokens,
        AdditionalProperties = new AdditionalPropertiesDictionary
        {
            [SteeringKeys.MinP] = Sampling.MinP,
            [SteeringKeys.CacheScope] = Guid.NewGuid().ToString(),
            [SteeringKeys.Request] = new SteeringRequest { Concepts = new Dictionary<string, double> { [SmallShift.Concept] = strength } },
        },
    };

    private CompiledPlan Compile(double strength, bool isMeasured = false) =>
        engine.Compile(new SteeringRequest { Concepts = new Dictionary<string, double> { [SmallShift.Concept] = strength } }, isMeasured: isMeasured);

    private GenerationRequest Request(int[] prompt, double strength, int count, CallbackClock? clock = null, string? scope = null, uint seed = 0, ShiftMeter? meter = null) => new()
    {
        Prompt = prompt,
        PromptKinds = [.. prompt.Select(_ => RowKind.LastUserTurn)],
        Plan = Compile(strength, meter is not null),
        Meter = meter,
        Sampling = Sampling with { Seed = seed },
        MaxTokens = count,
        Stops = new StopMatcher([]),
        Output = new TokenStream(count),
        CacheScope = scope ?? Guid.NewGuid().ToString(),
        Clock = clock,
    };
}
