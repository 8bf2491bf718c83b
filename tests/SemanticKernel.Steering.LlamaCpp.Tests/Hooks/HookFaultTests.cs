using SemanticKernel.Steering.LlamaCpp.Engine;
using SemanticKernel.Steering.LlamaCpp.Hooks;
using SemanticKernel.Steering.LlamaCpp.Tests.Engine;
using SemanticKernel.Steering.TestModels;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Hooks;

public class HookFaultTests
{
    private static readonly int[] Tokens = [65, 40, 77];
    private static readonly Site Site = new(1, HookPoint.BlockOutput);

    [Theory]
    [InlineData(nameof(StateAccess.Auto))]
    [InlineData(nameof(StateAccess.Copied))]
    [InlineData(nameof(StateAccess.OnDevice))]
    public void OnRows_Exception_IsKeptAndStopsTheDecode(string access)
    {
        using var lease = TestEngine.OpenModel(ModelArchitecture.Llama);
        var callback = new FaultyCallback(lease.Model.Hooks, lease.Model.Library.Tensors, Site, Enum.Parse<StateAccess>(access));
        using var run = new GraphRun(lease.Model, callback);

        run.Decode(Tokens);

        Assert.Equal("broken on purpose", Assert.IsType<InvalidOperationException>(run.Fault).Message);
        Assert.Equal(DecodeStatus.Aborted, run.Status);
        Assert.Equal(0, callback.CallsAfterFault);
    }

    [Fact]
    public void Decode_AfterFault_WorksAsIfNothingHappened()
    {
        using var lease = TestEngine.OpenModel(ModelArchitecture.Llama);
        var callback = new FaultyCallback(lease.Model.Hooks, lease.Model.Library.Tensors, Site);
        using var run = new GraphRun(lease.Model, callback);
        run.Decode(Tokens);
        callback.Throws = false;

        var logits = run.Decode(Tokens, 2);

        Assert.Null(run.Fault);
        var sound = new RecordingCallback(lease.Model.Hooks, lease.Model.Library.Tensors);
        using var other = new GraphRun(lease.Model, sound);
        Assert.Equal(other.Decode(Tokens, 2), logits);
    }

    [Fact]
    public void EndDecode_NodeThatNeverCame_IsAFaultThoughDecodeSucceeded()
    {
        using var lease = TestEngine.OpenModel(ModelArchitecture.Llama);
        var hooks = lease.Model.Hooks;
        var missing = new GraphHook(new Site(0, HookPoint.FeedForwardPostNorm), new NodeSignature("no_such_node-0", NodeSignature.Own, 0), false);
        var table = new HookTable([.. hooks.Hooks, missing], hooks.Width, hooks.TokenReader, hooks.PositionReader);
        var callback = new RecordingCallback(table, lease.Model.Library.Tensors);
        using var run = new GraphRun(lease.Model, callback);

        run.Decode(Tokens, 2);

        Assert.Equal(DecodeStatus.Ok, run.Status);
        Assert.Contains($"{hooks.Hooks.Count} of the {hooks.Hooks.Count + 1}", Assert.IsType<SteeringException>(run.Fault).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EndDecode_LaterOccurrenceThatNeverCame_IsAFault()
    {
        using var lease = TestEngine.OpenModel(ModelArchitecture.Gemma2);
        var hooks = lease.Model.Hooks;
        var missing = new GraphHook(new Site(9, HookPoint.FeedForwardPostNorm), new NodeSignature("ffn_post_norm", NodeSignature.Own, 9), false);
        var table = new HookTable([.. hooks.Hooks, missing], hooks.Width, hooks.TokenReader, hooks.PositionReader);
        var callback = new RecordingCallback(table, lease.Model.Library.Tensors);
        using var run = new GraphRun(lease.Model, callback);

        run.Decode(Tokens, 2);

        Assert.Equal(DecodeStatus.Ok, run.Status);
        Assert.IsType<SteeringException>(run.Fault);
    }

    [Fact]
    public void Computed_RowCountThatFitsNoCase_IsAFaultNamingSiteAndRows()
    {
        using var lease = TestEngine.OpenModel(ModelArchitecture.Llama);
        var hooks = lease.Model.Hooks;
        var table = new HookTable([.. hooks.Hooks.Select(hook => hook with { OutputRowsOnly = true })], hooks.Width, hooks.TokenReader, hooks.PositionReader);
        var callback = new RecordingCallback(table, lease.Model.Library.Tensors);
        using var run = new GraphRun(lease.Model, callback);

        run.Decode(Tokens, 2);

        var fault = Assert.IsType<SteeringException>(run.Fault);
        Assert.Contains("blk.0.attention_norm has 3 rows of 64 values where 1 rows", fault.Message, StringComparison.Ordinal);
        Assert.Empty(callback.Seen);
    }

    [Fact]
    public void Computed_OtherWidth_IsAFault()
    {
        using var lease = TestEngine.OpenModel(ModelArchitecture.Llama);
        var hooks = lease.Model.Hooks;
        var table = new HookTable(hooks.Hooks, hooks.Width / 2, hooks.TokenReader, hooks.PositionReader);
        var callback = new RecordingCallback(table, lease.Model.Library.Tensors);
        using var run = new GraphRun(lease.Model, callback);

        run.Decode(Tokens, 2);

        Assert.IsType<SteeringException>(run.Fault);
        Assert.Empty(callback.Seen);
    }

    [Theory]
    [InlineData(nameof(StateAccess.Auto))]
    [InlineData(nameof(StateAccess.Copied))]
    [InlineData(nameof(StateAccess.OnDevice))]
    public void Steering_RowsOtherThanSubmitted_IsAFault(string access)
    {
        using var lease = TestEngine.OpenModel(ModelArchitecture.Llama);
        var plan = new CompiledPlan(TestMaps.Resolve(TestMaps.Shift(lease.Model.Path, "c", 1f), 1), lease.Model.Hooks);
        using var callback = new SteeringCallback(lease.Model.Hooks, lease.Model.Library.Tensors, 64, Enum.Parse<StateAccess>(access));
        using var run = new GraphRun(lease.Model, callback);
        callback.Activate(plan.ActiveHooks);
        callback.AddRow(RequestFor.Plan(plan), plan, RowKind.Generated, output: true);

        run.Decode(Tokens, 2);

        Assert.Contains("3 rows came by where 1 were submitted", Assert.IsType<SteeringException>(run.Fault).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(StateAccess.Auto), float.MaxValue)]
    [InlineData(nameof(StateAccess.Copied), float.MaxValue)]
    [InlineData(nameof(StateAccess.Auto), -float.MaxValue)]
    public void Steering_Overflow_IsAFaultNamingTheSite(string access, float slope)
    {
        using var lease = TestEngine.OpenModel(ModelArchitecture.Llama);
        var maps = TestMaps.Affine(lease.Model.Path, "c", slope, float.MaxValue, SteeringScope.All, Site);
        var plan = new CompiledPlan(TestMaps.Resolve(maps, 1), lease.Model.Hooks);
        using var callback = new SteeringCallback(lease.Model.Hooks, lease.Model.Library.Tensors, 64, Enum.Parse<StateAccess>(access));
        using var run = new GraphRun(lease.Model, callback);
        callback.Activate(plan.ActiveHooks);
        callback.AddRow(RequestFor.Plan(plan), plan, RowKind.Bos, output: false);
        callback.AddRow(RequestFor.Plan(plan), plan, RowKind.LastUserTurn, output: false);
        callback.AddRow(RequestFor.Plan(plan), plan, RowKind.LastUserTurn, output: true);

        run.Decode(Tokens, 2);

        Assert.Contains(Site.ToString(), Assert.IsType<SteeringException>(run.Fault).Message, StringComparison.Ordinal);
    }
}
