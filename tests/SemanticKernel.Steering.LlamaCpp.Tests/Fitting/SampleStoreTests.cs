using SemanticKernel.Steering.LlamaCpp.Fitting.Capture;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Fitting;

public class SampleStoreTests
{
    private const int Sites = 3;
    private const int Texts = 50;
    private const int Width = 7;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Take_AfterWritingTextByText_GivesTheRowsOfASite(bool onDisk)
    {
        using var store = onDisk ? SampleStore.OnDisk(Sites, Texts, Width) : SampleStore.InMemory(Sites, Texts, Width);
        foreach (var text in Enumerable.Range(0, Texts).Reverse())
        {
            for (var site = 0; site < Sites; site++)
            {
                store.Write(site, text, Row(site, text));
            }
        }

        for (var site = 0; site < Sites; site++)
        {
            Assert.Equal(Enumerable.Range(0, Texts).SelectMany(text => Row(site, text)), store.Take(site));
        }
    }

    [Fact]
    public void OnDisk_AfterDispose_LeavesNoFile()
    {
        var before = Directory.GetFiles(Path.GetTempPath(), "steering-*.tmp");

        using (var store = SampleStore.OnDisk(Sites, Texts, Width))
        {
            store.Write(1, 2, Row(1, 2));
        }

        Assert.Equal(before, Directory.GetFiles(Path.GetTempPath(), "steering-*.tmp"));
    }

    [Fact]
    public async Task FitAsync_OverTheMemoryBudget_GivesTheSameMapsFromDisk()
    {
        var token = TestContext.Current.CancellationToken;
        using var fitter = LlamaSteeringFitter.Open(TestEngine.Options(TinyChat.ModelPath), cancellationToken: token);
        var all = ConceptData.LoadJsonLines("toxicity", TinyChat.Data("toxicity.source.jsonl"), TinyChat.Data("toxicity.target.jsonl"));
        var data = new ConceptData("toxicity", [.. all.Source.Take(40)], [.. all.Target.Take(40)]);
        var options = new FitOptions { Sites = SiteSelector.Of(fitter.Model.HookPoints.Select(hook => hook.Site)) };
        Assert.True(80L * fitter.Model.HookPoints.Count * fitter.Model.Width * sizeof(float) > 1 << 19);

        var inMemory = await fitter.FitAsync(data, options, cancellationToken: token);
        var onDisk = await fitter.FitAsync(data, options with { MemoryBudget = 1 << 20 }, cancellationToken: token);

        Assert.All(inMemory.Maps, pair => Assert.True(pair.Value.Slope.SequenceEqual(onDisk.Maps[pair.Key].Slope) && pair.Value.Intercept.SequenceEqual(onDisk.Maps[pair.Key].Intercept)));
    }

    private static float[] Row(int site, int text) => [.. Enumerable.Range(0, Width).Select(neuron => (site * 1000) + (text * 10f) + neuron)];
}
