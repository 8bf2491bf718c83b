using LLama.Common;
using SemanticKernel.Steering.Conformance;
using SemanticKernel.Steering.LlamaCpp;

namespace SemanticKernel.Steering.LLamaSharp.Tests;

/// <summary>LLamaSharp loads the weights for the engine.</summary>
public sealed class ParametersConformanceTests : RuntimeConformance
{
    protected override void Use(SteeredLlamaOptions options) => options.UseLLamaSharp(new ModelParams(options.ModelPath));
}
