using SemanticKernel.Steering.LlamaCpp.Engine;
using SemanticKernel.Steering.TestModels;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Hooks;

public class HookEditTests
{
    private static readonly int[] Tokens = [65, 40, 77, 12, 99, 33];
    private static readonly int[] Outputs = [2, 5];

    public static TheoryData<ModelArchitecture> Architectures => [.. Enum.GetValues<ModelArchitecture>()];

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Edit_EachHookPoint_ChangesExactlyWhatLiesAfterIt(ModelArchitecture architecture)
    {
        using var lease = TestEngine.OpenModel(architecture);
        var (before, untouched) = Record(lease.Model, null, StateAccess.Auto);
        foreach (var site in lease.Model.HookPoints.Select(point => point.Site).Where(site => site.Layer is 1 or 3))
        {
            var (after, logits) = Record(lease.Model, site, StateAccess.Auto);
            var (afterOnDevice, logitsOnDevice) = Record(lease.Model, site, StateAccess.Copied);

            AssertChangesFrom(site, before, after);
            AssertChangesFrom(site, before, afterOnDevice);
            Assert.False(untouched.AsSpan().SequenceEqual(logits), $"{site}: the logits did not change");
            Assert.True(logits.AsSpan().SequenceEqual(logitsOnDevice), $"{site}: host and device path differ");
        }
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Look_WithoutEdit_LeavesLogitsBitIdentical(ModelArchitecture architecture)
    {
        using var lease = TestEngine.OpenModel(architecture);
        using var idle = new SteeringCallback(lease.Model.Hooks, lease.Model.Library.Tensors, 64, StateAccess.Auto);
        using var run = new GraphRun(lease.Model, idle);
        var untouched = run.Decode(Tokens, Outputs);

        Assert.Equal(untouched, Record(lease.Model, null, StateAccess.Auto).Logits);
        Assert.Equal(untouched, Record(lease.Model, null, StateAccess.Copied).Logits);
    }

    [Fact]
    public void Recorded_RowsPerHook_AreAllRowsOrOutputRows()
    {
        using var lease = TestEngine.OpenModel(ModelArchitecture.Llama);
        var callback = new RecordingCallback(lease.Model.Hooks, lease.Model.Library.Tensors);
        using var run = new GraphRun(lease.Model, callback);
        run.Decode(Tokens, Outputs);

        Assert.All(callback.Seen, entry => Assert.Equal(
            lease.Model.Hooks.Hooks[lease.Model.Hooks.IndexOf(entry.Site)].OutputRowsOnly ? Outputs.Length : Tokens.Length, entry.Rows));
    }

    [Fact]
    public void Edit_WithoutOutputs_SkipsTheRowsThatAreNotThere()
    {
        using var lease = TestEngine.OpenModel(ModelArchitecture.Llama);
        var callback = new RecordingCallback(lease.Model.Hooks, lease.Model.Library.Tensors);
        using var run = new GraphRun(lease.Model, callback);
        run.Decode(Tokens);

        Assert.Equal(DecodeStatus.Ok, run.Status);
        Assert.Null(run.Fault);
        Assert.DoesNotContain(callback.Seen, entry => entry.Site == new Site(3, HookPoint.BlockOutput));
    }

    private static (List<(Site Site, float[] Values, int Rows)> Seen, float[] Logits) Record(LlamaModel model, Site? site, StateAccess access)
    {
        var callback = new RecordingCallback(model.Hooks, model.Library.Tensors, access)
        {
            EditedSite = site,
            Edit = rows => EditRows(rows, model.Width),
        };
        using var run = new GraphRun(model, callback);
        var logits = run.Decode(Tokens, Outputs);
        Assert.Equal(DecodeStatus.Ok, run.Status);
        Assert.Null(run.Fault);
        return ([.. callback.Seen], logits);
    }

    private static void EditRows(Span<float> rows, int width)
    {
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = (rows[i] * 1.5f) + (0.25f * ((i % width % 5) - 2));
        }
    }

    private static void AssertChangesFrom(Site site, List<(Site Site, float[] Values, int Rows)> before, List<(Site Site, float[] Values, int Rows)> after)
    {
        Assert.Equal(before.Select(entry => entry.Site), after.Select(entry => entry.Site));
        var edited = before.FindIndex(entry => entry.Site == site);
        for (var i = 0; i < edited; i++)
        {
            Assert.True(before[i].Values.AsSpan().SequenceEqual(after[i].Values), $"{before[i].Site} lies before {site} and changed");
        }

        var expected = before[edited].Values.ToArray();
        EditRows(expected, expected.Length / before[edited].Rows);
        Assert.Equal(expected, after[edited].Values);
        for (var i = edited + 1; i < before.Count; i++)
        {
            if (before[i].Site.Hook == HookPoint.BlockOutput || before[i].Site.Layer > site.Layer)
            {
                Assert.False(before[i].Values.AsSpan().SequenceEqual(after[i].Values), $"{before[i].Site} lies after {site} and did not change");
            }
        }
    }
}
