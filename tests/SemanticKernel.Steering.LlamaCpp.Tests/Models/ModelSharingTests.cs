using SemanticKernel.Steering.LlamaCpp.Models;
using SemanticKernel.Steering.TestModels;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Models;

public class ModelSharingTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, 1, 2)]
    [InlineData(0, 2, 1)]
    [InlineData(1, 0, 2)]
    [InlineData(1, 2, 0)]
    [InlineData(2, 0, 1)]
    [InlineData(2, 1, 0)]
    public async Task Dispose_EnginesAndFitterInAnyOrder_LeavesTheOthersWorking(params int[] order)
    {
        var path = TestModelCache.Get(new RandomModelOptions { Seed = 601 + order[0] });
        using var first = TestEngine.Open(path);
        using var second = TestEngine.Open(path);
        using var fitter = LlamaSteeringFitter.Open(TestEngine.Options(path), cancellationToken: Token);
        Assert.Same(first.Model, second.Model);
        Assert.Same(first.Model, fitter.Model);
        IDisposable[] owners = [first, second, fitter];
        foreach (var index in order)
        {
            owners[index].Dispose();
            foreach (var alive in order.SkipWhile(other => other != index).Skip(1))
            {
                if (owners[alive] is SteeredLlamaEngine engine)
                {
                    Assert.NotNull((await engine.AskAsync("Hello")).Text);
                }
                else
                {
                    var texts = new ConceptData("c", [TrainingExample.FromText("Hello")], [TrainingExample.FromText("What")]);
                    Assert.NotEmpty((await fitter.FitAsync(texts, new FitOptions { Estimator = TransportEstimator.Mean }, cancellationToken: Token)).Maps);
                }
            }
        }

        Assert.True(first.Model.Handle.IsClosed);
    }

    [Fact]
    public void Load_AfterTheLastOwnerIsGone_OpensTheFileAgain()
    {
        var path = TestModelCache.Get(new RandomModelOptions { Seed = 610 });
        var first = TestEngine.Open(path);
        first.Dispose();

        using var second = TestEngine.Open(path);

        Assert.NotSame(first.Model, second.Model);
    }

    [Fact]
    public void Load_FileThatWasReplaced_IsAnotherModel()
    {
        var path = TestModelCache.NewPath(".gguf");
        RandomModel.Write(path, new RandomModelOptions { Seed = 611 });
        using var first = TestEngine.Open(path);
        var other = TestModelCache.NewPath(".gguf");
        RandomModel.Write(other, new RandomModelOptions { Seed = 612 });
        File.SetLastWriteTimeUtc(other, DateTime.UtcNow.AddMinutes(1));
        File.Move(other, path, overwrite: true);

        using var second = TestEngine.Open(path);

        Assert.NotSame(first.Model, second.Model);
        Assert.NotEqual(first.Model.Identity.WeightsHash, second.Model.Identity.WeightsHash);
    }

    [Fact]
    public async Task Load_FromManyThreads_SharesOneModel()
    {
        var path = TestModelCache.Get(new RandomModelOptions { Seed = 613 });

        var engines = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => SteeredLlamaEngine.LoadAsync(TestEngine.Options(path), cancellationToken: Token)));

        Assert.Single(engines.Select(engine => engine.Model).Distinct());
        await Task.WhenAll(engines.Select(engine => Task.Run(engine.Dispose, Token)));
        Assert.True(engines[0].Model.Handle.IsClosed);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    public async Task Load_MappedOrRead_AnswersAlike(bool memoryMap, bool memoryLock)
    {
        var options = TestEngine.Options(TestModelCache.Get(ModelArchitecture.Llama));
        (options.MemoryMap, options.MemoryLock) = (memoryMap, memoryLock);
        using var engine = TestEngine.Open(options);
        using var other = TestEngine.Open(TestModelCache.Get(ModelArchitecture.Llama));

        Assert.Equal((await other.AskAsync("Hello")).Text, (await engine.AskAsync("Hello")).Text);
    }

    [Fact]
    public void Lease_DisposedTwice_GivesOneShareBack()
    {
        var path = TestModelCache.Get(new RandomModelOptions { Seed = 614 });
        using var kept = TestEngine.OpenModel(path);
        var lease = TestEngine.OpenModel(path);
        lease.Dispose();
        lease.Dispose();

        Assert.False(kept.Model.Handle.IsClosed);
    }
}
