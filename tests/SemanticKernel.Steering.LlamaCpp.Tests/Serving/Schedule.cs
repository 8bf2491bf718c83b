using SemanticKernel.Steering.LlamaCpp.Engine;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Serving;

/// <summary>
/// Runs requests so that every run has the same batches: all are submitted while another request holds the engine's thread,
/// and what happens later happens on that thread, at a given token.
/// </summary>
internal static class Schedule
{
    internal static async Task<Outcome[]> RunAsync(SteeredLlamaEngine engine, params IReadOnlyList<Script> scripts)
    {
        using var entered = new ManualResetEventSlim();
        using var gate = new ManualResetEventSlim();
        var blocker = Request(engine, new Script { Prompt = [5], MaxTokens = 1 }, (_, _) =>
        {
            entered.Set();
            gate.Wait(TestContext.Current.CancellationToken);
        });
        var logits = scripts.Select(_ => new List<float[]>()).ToArray();
        var requests = new GenerationRequest[scripts.Count];
        var submitted = new bool[scripts.Count];
        for (var i = 0; i < scripts.Count; i++)
        {
            var (index, script) = (i, scripts[i]);
            requests[i] = Request(engine, script, (values, token) =>
            {
                logits[index].Add(values.ToArray());
                script.OnToken?.Invoke(token);
                for (var other = 1; index == 0 && other < scripts.Count; other++)
                {
                    if (scripts[other].JoinsAt == token && token > 0)
                    {
                        submitted[other] = true;
                        engine.Loop.Submit(requests[other]);
                    }
                }

                if (script.LeavesAt == token + 1)
                {
                    requests[index].Abandon();
                }
            });
        }

        // Requests submitted before the thread is held could share the blocker's decode, in some runs only.
        engine.Loop.Submit(blocker);
        entered.Wait(TestContext.Current.CancellationToken);
        for (var i = 0; i < scripts.Count; i++)
        {
            if (scripts[i].JoinsAt == 0)
            {
                engine.Loop.Submit(requests[i]);
            }
        }

        gate.Set();
        await EndAsync(blocker);
        var outcomes = new Outcome[scripts.Count];
        for (var i = 0; i < scripts.Count; i++)
        {
            if (i > 0 && scripts[i].JoinsAt > 0 && !submitted[i])
            {
                // The first request ended before.
                engine.Loop.Submit(requests[i]);
            }

            outcomes[i] = new Outcome(await EndAsync(requests[i]), logits[i], requests[i].Output.EndReason, requests[i].Output.Error);
        }

        return outcomes;
    }

    internal static GenerationRequest Request(SteeredLlamaEngine engine, Script script, System.Buffers.ReadOnlySpanAction<float, int>? onLogits = null) => new()
    {
        Prompt = script.Prompt,
        PromptKinds = [.. script.Prompt.Select((_, i) => i == 0 ? RowKind.Bos : i < script.LastUserTurn ? RowKind.EarlierPrompt : RowKind.LastUserTurn)],
        Plan = Compile(engine, script.Strengths),
        Sampling = script.Sampling,
        MaxTokens = script.MaxTokens,
        Stops = new StopMatcher([]),
        Output = new TokenStream(script.MaxTokens),
        CacheScope = script.CacheScope,
        CancellationToken = TestContext.Current.CancellationToken,
        OnLogits = onLogits,
    };

    internal static CompiledPlan Compile(SteeredLlamaEngine engine, IReadOnlyDictionary<string, double> strengths) =>
        engine.Compile(new SteeringRequest { Concepts = strengths });

    internal static async Task<int[]> EndAsync(GenerationRequest request)
    {
        var tokens = new List<int>();
        while (await request.Output.WaitAsync())
        {
            while (request.Output.TryRead(out var token))
            {
                tokens.Add(token);
            }
        }

        return [.. tokens];
    }
}
