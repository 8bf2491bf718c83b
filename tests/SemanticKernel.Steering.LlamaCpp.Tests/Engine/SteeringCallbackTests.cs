using SemanticKernel.Steering.LlamaCpp.Engine;
using SemanticKernel.Steering.LlamaCpp.Tests.Hooks;
using SemanticKernel.Steering.TestModels;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Engine;

public class SteeringCallbackTests
{
    private static readonly int[] Tokens = [65, 40, 77, 12];
    private static readonly RowKind[] Kinds = [RowKind.Bos, RowKind.EarlierPrompt, RowKind.LastUserTurn, RowKind.Generated];
    private static readonly Site Site = new(1, HookPoint.BlockOutput);

    [Theory]
    [InlineData(SteeringScope.All, 1, nameof(StateAccess.Auto))]
    [InlineData(SteeringScope.All, 1, nameof(StateAccess.Copied))]
    [InlineData(SteeringScope.All, 1, nameof(StateAccess.OnDevice))]
    [InlineData(SteeringScope.FromLastUserTurn, 2, nameof(StateAccess.Auto))]
    [InlineData(SteeringScope.FromLastUserTurn, 2, nameof(StateAccess.Copied))]
    [InlineData(SteeringScope.FromLastUserTurn, 2, nameof(StateAccess.OnDevice))]
    [InlineData(SteeringScope.Generated, 3, nameof(StateAccess.Auto))]
    public void Apply_RealPlan_EqualsManualMathOnTheRowsInScope(SteeringScope scope, int firstRow, string access)
    {
        const float Strength = 0.7f, Slope = 0.8f, Intercept = 0.5f;
        using var lease = TestEngine.OpenModel(ModelArchitecture.Llama);
        var maps = TestMaps.Affine(lease.Model.Path, "c", Slope, Intercept, scope, Site);

        var steered = Steer(lease.Model, TestMaps.Resolve(maps, Strength), Enum.Parse<StateAccess>(access));

        var manual = new RecordingCallback(lease.Model.Hooks, lease.Model.Library.Tensors)
        {
            EditedSite = Site,
            Edit = rows =>
            {
                foreach (ref var x in rows[(firstRow * lease.Model.Width)..])
                {
                    // x + λ·(ωx + β − x), gathered as the plan gathers it
                    x = (x * (float)(1 + (Strength * (double)(Slope - 1f)))) + (float)(Strength * (double)Intercept);
                }
            },
        };
        using var run = new GraphRun(lease.Model, manual);
        var expected = run.Decode(Tokens, 3);
        Assert.All(expected.Zip(steered), pair => Assert.InRange(pair.Second, pair.First - 1e-4f, pair.First + 1e-4f));
    }

    [Theory]
    [InlineData(nameof(StateAccess.Auto))]
    [InlineData(nameof(StateAccess.Copied))]
    [InlineData(nameof(StateAccess.OnDevice))]
    public void Apply_BoundedMap_EqualsTheMapItself(string access)
    {
        using var lease = TestEngine.OpenModel(ModelArchitecture.Qwen3);
        var width = lease.Model.Width;
        var map = new TransportMap(
            TestMaps.Pattern(width, 2f), TestMaps.Pattern(width, 1f), Enumerable.Repeat(-0.5f, width).ToArray(), Enumerable.Repeat(0.75f, width).ToArray());

        var steered = Steer(lease.Model, TestMaps.Resolve(TestMaps.Of(lease.Model.Path, "c", map, SteeringScope.All, Site), 1.25), Enum.Parse<StateAccess>(access));

        var manual = new RecordingCallback(lease.Model.Hooks, lease.Model.Library.Tensors)
        {
            EditedSite = Site,
            Edit = rows =>
            {
                for (var row = width; row < rows.Length; row += width)
                {
                    map.Apply(rows.Slice(row, width), 1.25f);
                }
            },
        };
        using var run = new GraphRun(lease.Model, manual);
        Assert.Equal(run.Decode(Tokens, 3), steered);
    }

    [Fact]
    public void Apply_Strength0_LeavesLogitsBitIdenticalToAContextWithoutHooks()
    {
        using var lease = TestEngine.OpenModel(ModelArchitecture.Llama);
        var plan = TestMaps.Resolve(TestMaps.Shift(lease.Model.Path, "c", 2f), 0);
        using var idle = new SteeringCallback(lease.Model.Hooks, lease.Model.Library.Tensors, 64, StateAccess.Auto);
        using var run = new GraphRun(lease.Model, idle);

        var steered = Steer(lease.Model, plan, StateAccess.Auto);

        Assert.True(plan.IsEmpty);
        Assert.Equal(run.Decode(Tokens, 3), steered);
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Apply_HostAndDevicePath_GiveBitIdenticalLogits(ModelArchitecture architecture)
    {
        using var lease = TestEngine.OpenModel(architecture);
        var plan = TestMaps.Resolve(TestMaps.Shift(lease.Model.Path, "c", 1f, SteeringScope.All, [.. lease.Model.HookPoints.Select(point => point.Site)]), 0.3);

        Assert.Equal(Steer(lease.Model, plan, StateAccess.Auto), Steer(lease.Model, plan, StateAccess.Copied));
    }

    [Theory]
    [InlineData(FlashAttention.Enabled)]
    [InlineData(FlashAttention.Disabled)]
    public void Apply_RowsOfTwoPlans_LeavesEachToItsOwn(FlashAttention flashAttention)
    {
        using var lease = TestEngine.OpenModel(ModelArchitecture.Llama);
        var plan = new CompiledPlan(TestMaps.Resolve(TestMaps.Shift(lease.Model.Path, "c", 1f, SteeringScope.All, Site), 1), lease.Model.Hooks);
        var nothing = new CompiledPlan(TestMaps.Resolve(TestMaps.Shift(lease.Model.Path, "c", 1f), 0), lease.Model.Hooks);
        using var callback = new SteeringCallback(lease.Model.Hooks, lease.Model.Library.Tensors, 64, StateAccess.Auto);
        using var run = new GraphRun(lease.Model, callback, flashAttention);
        callback.Activate(plan.ActiveHooks);
        foreach (var owner in new[] { nothing, nothing, plan, plan })
        {
            callback.AddRow(RequestFor.Plan(owner), owner, RowKind.Generated, output: true);
        }

        var logits = run.Decode(Tokens, 0, 1, 2, 3);

        var untouched = new RecordingCallback(lease.Model.Hooks, lease.Model.Library.Tensors);
        using var other = new GraphRun(lease.Model, untouched, flashAttention);
        var plain = other.Decode(Tokens, 0, 1, 2, 3);
        var size = lease.Model.VocabularySize;
        Assert.Equal(plain[..(2 * size)], logits[..(2 * size)]);
        Assert.NotEqual(plain[(2 * size)..(3 * size)], logits[(2 * size)..(3 * size)]);
    }

    [Fact]
    public void Decode_OfARequestNobodyWantsAnyMore_IsStoppedOnlyIfItHasTheBatchToItself()
    {
        using var lease = TestEngine.OpenModel(ModelArchitecture.Llama);
        var plan = new CompiledPlan(TestMaps.Resolve(TestMaps.Shift(lease.Model.Path, "c", 1f), 1), lease.Model.Hooks);
        var (wanted, unwanted) = (RequestFor.Plan(plan), RequestFor.Plan(plan));
        using var callback = new SteeringCallback(lease.Model.Hooks, lease.Model.Library.Tensors, 64, StateAccess.Auto);
        using var run = new GraphRun(lease.Model, callback);
        unwanted.Abandon();

        Assert.Equal(DecodeStatus.Aborted, Decode(unwanted, unwanted));
        Assert.Equal(DecodeStatus.Ok, Decode(wanted, wanted));
        Assert.Equal(DecodeStatus.Ok, Decode(unwanted, wanted));
        Assert.Equal(DecodeStatus.Ok, Decode(wanted, unwanted, unwanted));
        callback.Close();
        Assert.Equal(DecodeStatus.Aborted, Decode(wanted, wanted));

        DecodeStatus Decode(params GenerationRequest[] owners)
        {
            callback.ClearRows();
            Array.ForEach(owners, owner => callback.AddRow(owner, plan, RowKind.Generated, output: false));
            run.Decode(Tokens[..owners.Length]);
            Assert.Null(run.Fault);
            return run.Status;
        }
    }

    [Fact]
    public void Compile_SiteTheModelLacks_IsRefused()
    {
        using var lease = TestEngine.OpenModel(ModelArchitecture.Llama);
        var maps = TestMaps.Shift(lease.Model.Path, "c", 1f, SteeringScope.All, new Site(1, HookPoint.AttentionPostNorm));

        var error = Assert.Throws<SteeringException>(() => new CompiledPlan(TestMaps.Resolve(maps, 1), lease.Model.Hooks));

        Assert.Contains("blk.1.attention_post_norm", error.Message, StringComparison.Ordinal);
    }

    public static TheoryData<ModelArchitecture> Architectures => [.. Enum.GetValues<ModelArchitecture>()];

    private static float[] Steer(LlamaModel model, SteeringPlan plan, StateAccess access)
    {
        var compiled = new CompiledPlan(plan, model.Hooks);
        using var callback = new SteeringCallback(model.Hooks, model.Library.Tensors, 64, access);
        using var run = new GraphRun(model, callback);
        callback.Use(compiled.ActiveHooks);
        for (var i = 0; i < Tokens.Length; i++)
        {
            callback.AddRow(RequestFor.Plan(compiled), compiled, Kinds[i], output: i == Tokens.Length - 1);
        }

        var logits = run.Decode(Tokens, 3);
        Assert.Null(run.Fault);
        Assert.Equal(DecodeStatus.Ok, run.Status);
        return logits;
    }
}
