using SemanticKernel.Steering.TestModels;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Serving;

/// <summary>
/// Models some of whose layers see a window of 16 tokens only. llama.cpp puts other tokens in the place of those that have left
/// the window, so that a kept prefix cannot always be taken back to an earlier token.
/// </summary>
public class SlidingWindowTests
{
    private const int Conversations = 4;
    private const int Longest = 190;

    // Measured: 4e-4 for Gemma 2 with single-precision attention; a window with a hole in it shows as 0.3 and more.
    private const float Tolerance = 5e-3f;

    [Theory]
    [InlineData(ModelArchitecture.Gemma2)]
    [InlineData(ModelArchitecture.Gemma3)]
    [InlineData(ModelArchitecture.Qwen3)]
    public async Task Run_ConversationsTakenUpAgainAnywhere_EqualFreshRuns(ModelArchitecture architecture)
    {
        var random = new Random(7);
        using var engine = Open(640, 6, architecture);
        using var fresh = Open(256, 1, architecture);
        var histories = Enumerable.Range(0, Conversations).Select(_ => ServingEngine.Prompt(random, 100)).ToArray();
        var (shared, anew) = (0, 0);
        for (var turn = 0; turn < 30; turn++)
        {
            var conversations = Enumerable.Range(0, Conversations).OrderBy(_ => random.Next()).Take(random.Next(1, 3)).ToArray();
            var scripts = conversations.Select(conversation => Script(random, histories[conversation], conversation)).ToArray();

            var outcomes = await Schedule.RunAsync(engine, scripts);

            _ = engine.Loop.LastSharedTokens > 0 ? shared++ : anew++;
            for (var i = 0; i < scripts.Length; i++)
            {
                outcomes[i].AssertClose((await Schedule.RunAsync(fresh, scripts[i] with { CacheScope = Guid.NewGuid().ToString() }))[0], Tolerance);
                int[] history = [.. scripts[i].Prompt, .. outcomes[i].Tokens];
                histories[conversations[i]] = history.Length > Longest ? history[..90] : history;
            }
        }

        Assert.True(shared >= 5 && anew >= 5, $"{shared} turns shared a prefix and {anew} did not.");
    }

    /// <summary>Takes a conversation up at its end or, as after an edit, somewhere before.</summary>
    private static Script Script(Random random, int[] history, int conversation) => new()
    {
        Prompt = [.. history[..(random.Next(3) == 0 ? history.Length : random.Next(70, history.Length))], .. ServingEngine.Prompt(random, random.Next(1, 40))],
        MaxTokens = 6,
        CacheScope = $"conversation {conversation}",
        Strengths = ServingEngine.Strength(ServingEngine.All, 0.5),
    };

    private static SteeredLlamaEngine Open(int cacheSize, int concurrent, ModelArchitecture architecture) => ServingEngine.Open(
        options =>
        {
            (options.ContextSize, options.CacheSize, options.MaxConcurrentRequests) = (256, cacheSize, concurrent);
            (options.KvCacheType, options.FlashAttention) = (KvCacheType.F32, FlashAttention.Disabled);
        },
        architecture);
}
