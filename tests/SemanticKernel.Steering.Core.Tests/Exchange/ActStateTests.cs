using SemanticKernel.Steering.TestModels;

namespace SemanticKernel.Steering.Tests;

public sealed class ActStateTests
{
    private const string Norm = "model.layers.2.post_attention_layernorm";

    [Fact]
    public void Import_State_GivesItsMapsWithBoundsOneFloatInside()
    {
        var set = Import(File("q_0_100", (Norm, [2, 3], [0, 1], [-1, -2], [1, 0.5f])), Model("llama"));
        var (site, map) = Assert.Single(set.Maps);
        Assert.Equal(new Site(2, HookPoint.FeedForwardNorm), site);
        Assert.Equal([2f, 3f], map.Slope.ToArray());
        Assert.Equal([0f, 1f], map.Intercept.ToArray());
        Assert.Equal([float.BitIncrement(-1), float.BitIncrement(-2)], map.SupportLow.ToArray());
        Assert.Equal([float.BitDecrement(1), float.BitDecrement(0.5f)], map.SupportHigh.ToArray());
        Assert.Equal((TransportEstimator.Linear, FitMode.Reference), (set.Metadata.Estimator, set.Metadata.Mode));
        Assert.Equal(set.ContentHash, Maps.Load(set.Bytes()).ContentHash);
    }

    [Fact]
    public void Import_ValuesOnTheReferencesBounds_StayWhereTheyAre()
    {
        // The reference acts where low < x < high: at the sample's own minimum and maximum it does nothing.
        var map = Import(File("q_0_100", (Norm, [2, 2], [0, 0], [-1, -1], [1, 1])), Model("llama")).Maps.Values.Single();
        float[] row = [-1, 1];
        map.Apply(row, 1);
        Assert.Equal([-1f, 1f], row);
        float[] inside = [float.BitIncrement(-1), 0.5f];
        map.Apply(inside, 1);
        Assert.Equal([2 * float.BitIncrement(-1), 1f], inside);
    }

    [Fact]
    public void Import_NeuronWithNothingBetweenItsBounds_DoesNothing()
    {
        var map = Import(File("q_0_100", (Norm, [5e6f, 2], [7, 0], [3, -1], [3, 1])), Model("llama")).Maps.Values.Single();
        float[] row = [3, 0.5f];
        map.Apply(row, 1);
        Assert.Equal([3f, 1f], row);
    }

    [Fact]
    public void Import_AllQuantiles_IsUnbounded() =>
        Assert.True(Import(File("q_all", (Norm, [2, 3], [0, 1], null, null)), Model("llama")).Maps.Values.Single().IsUnbounded);

    [Theory]
    [InlineData("llama", "model.layers.3.input_layernorm", HookPoint.AttentionNorm)]
    [InlineData("llama", "model.layers.3.self_attn.o_proj", HookPoint.AttentionOutput)]
    [InlineData("llama", "model.layers.3.self_attn:0", HookPoint.AttentionOutput)]
    [InlineData("llama", "model.layers.3.post_attention_layernorm", HookPoint.FeedForwardNorm)]
    [InlineData("llama", "model.layers.3.mlp", HookPoint.FeedForwardOutput)]
    [InlineData("llama", "model.layers.3.mlp.down_proj", HookPoint.FeedForwardOutput)]
    [InlineData("llama", "model.layers.3:0", HookPoint.BlockOutput)]
    [InlineData("llama", "model.layers.3", HookPoint.BlockOutput)]
    [InlineData("qwen3", "model.layers.3.post_attention_layernorm", HookPoint.FeedForwardNorm)]
    [InlineData("gemma", "model.layers.3.post_attention_layernorm", HookPoint.FeedForwardNorm)]
    [InlineData("gemma2", "model.layers.3.post_attention_layernorm", HookPoint.AttentionPostNorm)]
    [InlineData("gemma2", "model.layers.3.pre_feedforward_layernorm", HookPoint.FeedForwardNorm)]
    [InlineData("gemma2", "model.layers.3.post_feedforward_layernorm", HookPoint.FeedForwardPostNorm)]
    [InlineData("gemma3", "model.layers.3.input_layernorm", HookPoint.AttentionNorm)]
    [InlineData("gpt2", "transformer.h.3.ln_1", HookPoint.AttentionNorm)]
    [InlineData("gpt2", "transformer.h.3.attn.c_proj", HookPoint.AttentionOutput)]
    [InlineData("gpt2", "transformer.h.3.ln_2", HookPoint.FeedForwardNorm)]
    [InlineData("gpt2", "transformer.h.3.mlp.c_proj:0", HookPoint.FeedForwardOutput)]
    public void Import_ModuleOfAnArchitecture_IsTheSiteWithThatOutput(string architecture, string module, HookPoint hook) =>
        Assert.Equal(new Site(3, hook), Import(File("q_all", (module, [2, 3], [0, 1], null, null)), Model(architecture)).Maps.Keys.Single());

    [Theory]
    [InlineData("llama", "model.layers.3.mlp.up_proj")]
    [InlineData("llama", "model.layers.3.pre_feedforward_layernorm")]
    [InlineData("llama", "model.layers.3.self_attn:1")]
    [InlineData("llama", "model.layers.-3.mlp")]
    [InlineData("llama", "model.layers..mlp")]
    [InlineData("llama", "model.layers.4.mlp")]
    [InlineData("llama", "model.norm")]
    [InlineData("llama", "transformer.h.3.ln_1")]
    [InlineData("gpt2", "transformer.ln_f")]
    [InlineData("mamba", "model.layers.3.mlp")]
    public void Import_ModuleThatIsNoSite_IsRefusedByName(string architecture, string module) =>
        Assert.Contains(module, AssertRefused(File("q_all", (module, [2, 3], [0, 1], null, null)), Model(architecture)).Message, StringComparison.Ordinal);

    [Fact]
    public void Import_SiteGivenByTheCaller_NeedsNoKnownName()
    {
        var site = new Site(1, HookPoint.AttentionPostNorm);
        var options = new ActStateImportOptions { Concept = "tone", Model = Model("olmo2"), Sites = new Dictionary<string, Site> { ["model.layers.1.post_attention_layernorm"] = site } };
        Assert.Equal(site, ActState.Import(new MemoryStream(File("q_all", ("model.layers.1.post_attention_layernorm", [2, 3], [0, 1], null, null))), options).Maps.Keys.Single());
    }

    [Fact]
    public void Import_TwoModulesAtOneSite_IsRefused() => AssertRefused(
        File("q_all", ("model.layers.3.mlp", [2, 3], [0, 1], null, null), ("model.layers.3.mlp.down_proj", [2, 3], [0, 1], null, null)), Model("llama"));

    [Fact]
    public void Import_BoundsThatDoNotFitTheQuantiles_IsRefused()
    {
        AssertRefused(File("q_all", (Norm, [2, 3], [0, 1], [-1, -1], [1, 1])), Model("llama"));
        AssertRefused(File("q_0_100", (Norm, [2, 3], [0, 1], null, null)), Model("llama"));
        AssertRefused(File("q_0_100", (Norm, [2, 3], [0, 1], [-1, 2], [1, 1])), Model("llama"));
        AssertRefused(File("q_0_100", (Norm, [2, 3], [0, 1], [-1, float.NaN], [1, 1])), Model("llama"));
        AssertRefused(File("q_0_100", (Norm, [2, 3], [0, 1], [-1, -1], [1, float.PositiveInfinity])), Model("llama"));
    }

    [Fact]
    public void Import_DamagedOrUseless_IsRefused()
    {
        var bytes = File("q_all", (Norm, [2, 3], [0, 1], null, null));
        for (var length = 0; length < bytes.Length; length++)
        {
            AssertRefused(bytes[..length], Model("llama"));
        }

        AssertRefused(File("q_all", (Norm, [1, 1], [0, 0], null, null)), Model("llama"));
        AssertRefused(File("q_all", (Norm, [1, float.NaN], [0, 0], null, null)), Model("llama"));
        AssertRefused(File("q_all", (Norm, [1, 2, 3], [0, 0, 0], null, null)), Model("llama"));
        AssertRefused(File("q_all"), Model("llama"));
        AssertRefused(Maps.Of("tone", [2, 3], [0, 1]).Bytes(), Model("llama"));
        Assert.Throws<ArgumentException>(() => ActState.Import(new MemoryStream(bytes), new ActStateImportOptions { Concept = "No Name", Model = Model("llama") }));
    }

    private static ModelIdentity Model(string architecture) => Maps.Model(2) with { Architecture = architecture };

    private static MapSet Import(byte[] bytes, ModelIdentity model) => ActState.Import(new MemoryStream(bytes), new ActStateImportOptions { Concept = "tone", Model = model });

    private static ExchangeException AssertRefused(byte[] bytes, ModelIdentity model) => Assert.Throws<ExchangeException>(() => Import(bytes, model));

    private static byte[] File(string quantiles, params (string Module, float[] Slope, float[] Intercept, float[]? Low, float[]? High)[] modules)
    {
        var writer = new SafetensorsWriter(new Dictionary<string, string> { ["format"] = "ml-act", ["quantiles"] = quantiles });
        foreach (var (module, slope, intercept, low, high) in modules)
        {
            writer.Add($"{module}.w1", slope).Add($"{module}.b1", intercept).Add($"{module}.low", low).Add($"{module}.high", high);
        }

        return writer.ToBytes();
    }
}
