using SemanticKernel.Steering.TestModels;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Models;

public class ModelFingerprintTests
{
    private static readonly RandomModelOptions Model = new() { Seed = 801 };

    [Fact]
    public void Read_SameFileTwice_IsEqual()
    {
        var copy = TestModelCache.NewPath(".gguf");
        File.Copy(TestModelCache.Get(Model), copy);

        Assert.Equal(Identity(Model), TestMaps.IdentityOf(copy));
    }

    [Fact]
    public void Read_OtherQuantization_HasTheSameBaseAndOtherWeights()
    {
        var half = Identity(Model with { WeightType = GgufTensorType.F16 });

        Assert.Equal(Identity(Model).BaseHash, half.BaseHash);
        Assert.NotEqual(Identity(Model).WeightsHash, half.WeightsHash);
    }

    [Fact]
    public void Read_OtherWeights_HasTheSameBase()
    {
        var other = Identity(Model with { Seed = 802 });

        Assert.Equal(Identity(Model).BaseHash, other.BaseHash);
        Assert.NotEqual(Identity(Model).WeightsHash, other.WeightsHash);
    }

    [Fact]
    public void Read_OtherVocabularyDimensionsOrArchitecture_HasAnotherBase()
    {
        string[] hashes =
        [
            Identity(Model).BaseHash,
            Identity(Model with { Vocabulary = TemplatePresets.Llama3.Vocabulary }).BaseHash,
            Identity(Model with { Layers = 3 }).BaseHash,
            Identity(Model with { Width = 128 }).BaseHash,
            Identity(Model with { Heads = 8, KvHeads = 2 }).BaseHash,
            Identity(Model with { Heads = 8, KvHeads = 4 }).BaseHash,
            Identity(Model with { FeedForward = 256 }).BaseHash,
            Identity(Model with { Architecture = ModelArchitecture.Qwen2 }).BaseHash,
        ];

        Assert.Equal(hashes.Length, hashes.Distinct().Count());
    }

    [Fact]
    public void Read_NameAndContextLength_AreNoPartOfTheIdentity()
    {
        var renamed = Identity(Model with { Name = "other", ContextLength = 512 });

        Assert.Equal((Identity(Model).BaseHash, Identity(Model).WeightsHash), (renamed.BaseHash, renamed.WeightsHash));
        Assert.Equal("other", renamed.Name);
    }

    private static ModelIdentity Identity(RandomModelOptions options) => TestMaps.IdentityOf(TestModelCache.Get(options));
}
