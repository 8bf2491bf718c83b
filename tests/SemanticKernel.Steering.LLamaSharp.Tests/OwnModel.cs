using LLama;
using LLama.Common;
using SemanticKernel.Steering.LlamaCpp;
using SemanticKernel.Steering.LlamaCpp.Tests;
using SemanticKernel.Steering.TestModels;

namespace SemanticKernel.Steering.LLamaSharp.Tests;

/// <summary>A model file no other test uses, so that its weights are loaded and freed here, and ways to open it.</summary>
internal sealed class OwnModel
{
    private static int s_seed = 900;

    internal string Path { get; } = TestModelCache.Get(new RandomModelOptions { ContextLength = 1024, Seed = Interlocked.Increment(ref s_seed) });

    internal LLamaWeights Load() => LLamaWeights.LoadFromFile(new ModelParams(Path));

    internal SteeredLlamaOptions Options(params MapSet[] maps) => TestEngine.Options(Path, maps).UseLLamaSharp(new ModelParams(Path));

    internal SteeredLlamaEngine Open() => TestEngine.Open(Options());

    internal SteeredLlamaEngine Open(LLamaWeights weights) => TestEngine.Open(TestEngine.Options(Path).UseLLamaSharp(weights));
}
