using LLama;
using LLama.Common;
using SemanticKernel.Steering.Conformance;
using SemanticKernel.Steering.LlamaCpp;

namespace SemanticKernel.Steering.LLamaSharp.Tests;

/// <summary>The application has loaded the weights.</summary>
public sealed class WeightsConformanceTests : RuntimeConformance, IDisposable
{
    private readonly List<LLamaWeights> _weights = [];

    public void Dispose() => _weights.ForEach(weights => weights.Dispose());

    protected override void Use(SteeredLlamaOptions options)
    {
        var weights = LLamaWeights.LoadFromFile(new ModelParams(options.ModelPath));
        _weights.Add(weights);
        options.UseLLamaSharp(weights);
    }
}
