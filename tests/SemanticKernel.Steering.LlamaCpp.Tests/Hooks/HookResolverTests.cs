using SemanticKernel.Steering.TestModels;
using static SemanticKernel.Steering.HookPoint;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Hooks;

public class HookResolverTests
{
    private const int Layers = 4;
    private const int Width = 64;

    private const string AttentionWeight = "(source 0: blk.{0}.attn_output.weight)";
    private const string AttentionBias = "(source 1: blk.{0}.attn_output.bias)";

    /// <summary>Per architecture, the nodes of one layer.</summary>
    private static readonly Dictionary<ModelArchitecture, Dictionary<HookPoint, string>> Expected = new()
    {
        [ModelArchitecture.Llama] = PreNorm("attn_out-{0}"),
        [ModelArchitecture.Qwen2] = PreNorm(AttentionWeight),
        [ModelArchitecture.Qwen3] = PreNorm(AttentionWeight),
        [ModelArchitecture.Phi3] = PreNorm(AttentionWeight),
        [ModelArchitecture.Gpt2] = PreNorm(AttentionBias),
        [ModelArchitecture.Gemma2] = new(PreNorm(AttentionWeight)) { [AttentionPostNorm] = "attn_post_norm-{0}", [FeedForwardPostNorm] = "ffn_post_norm" },
        [ModelArchitecture.Gemma3] = new(PreNorm(AttentionWeight)) { [AttentionPostNorm] = "attn_post_norm-{0}", [FeedForwardPostNorm] = "ffn_post_norm-{0}" },
        [ModelArchitecture.Phi2] = new()
        {
            [AttentionNorm] = "attn_norm-{0}", [AttentionOutput] = AttentionBias, [FeedForwardOutput] = "ffn_out-{0}", [BlockOutput] = "l_out-{0}",
        },
        [ModelArchitecture.Mpt] = PreNorm(AttentionBias),
        [ModelArchitecture.Mamba] = new() { [AttentionNorm] = "attn_norm-{0}", [AttentionOutput] = "(source 0: blk.{0}.ssm_out.weight)", [BlockOutput] = "l_out-{0}" },
        [ModelArchitecture.Olmo2] = new()
        {
            [AttentionOutput] = AttentionWeight, [AttentionPostNorm] = "attn_post_norm-{0}",
            [FeedForwardOutput] = "ffn_out-{0}", [FeedForwardPostNorm] = "ffn_post_norm", [BlockOutput] = "l_out-{0}",
        },
    };

    public static TheoryData<ModelArchitecture> Architectures => [.. Enum.GetValues<ModelArchitecture>()];

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Resolve_EachArchitecture_FindsItsHookPoints(ModelArchitecture architecture)
    {
        using var lease = TestEngine.OpenModel(architecture);

        var expected = Enumerable.Range(0, Layers)
            .SelectMany(layer => Expected[architecture].OrderBy(pair => pair.Key)
                .Select(pair => new HookPointInfo(new Site(layer, pair.Key), string.Format(null, pair.Value, layer), Width)));
        Assert.Equal(expected, lease.Model.HookPoints);
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Resolve_EachArchitecture_KnowsWhereOnlyOutputRowsAreLeft(ModelArchitecture architecture)
    {
        using var lease = TestEngine.OpenModel(architecture);

        foreach (var hook in lease.Model.Hooks.Hooks)
        {
            // llama.cpp drops the other rows after the last layer's attention.
            var isReduced = hook.Site.Layer == Layers - 1 && hook.Site.Hook is not (AttentionNorm or AttentionOutput);
            Assert.True(isReduced == hook.OutputRowsOnly, $"{architecture} {hook.Site}");
        }
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Resolve_EachArchitecture_SeesTokensAndPositions(ModelArchitecture architecture)
    {
        using var lease = TestEngine.OpenModel(architecture);

        Assert.NotNull(lease.Model.Hooks.TokenReader);

        // To a recurrent state a position is nothing but what came before, and attention biases are in its mask.
        Assert.Equal(architecture is not (ModelArchitecture.Mamba or ModelArchitecture.Mpt), lease.Model.Hooks.PositionReader is not null);
    }

    [Fact]
    public void IndexOf_SiteTheGraphLacks_IsRefusedNamingThoseItHas()
    {
        using var lease = TestEngine.OpenModel(ModelArchitecture.Llama);

        var error = Assert.Throws<SteeringException>(() => lease.Model.Hooks.IndexOf(new Site(1, FeedForwardPostNorm)));

        Assert.Contains("blk.1.feed_forward_post_norm", error.Message, StringComparison.Ordinal);
        Assert.Contains("blk.3.block_output", error.Message, StringComparison.Ordinal);
    }

    private static Dictionary<HookPoint, string> PreNorm(string attentionOutput) => new()
    {
        [AttentionNorm] = "attn_norm-{0}", [AttentionOutput] = attentionOutput,
        [FeedForwardNorm] = "ffn_norm-{0}", [FeedForwardOutput] = "ffn_out-{0}", [BlockOutput] = "l_out-{0}",
    };
}
