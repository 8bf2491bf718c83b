using System.CommandLine;

namespace SemanticKernel.Steering.Cli;

/// <summary>Arguments that several commands share.</summary>
internal static class ModelArguments
{
    internal static Argument<string> CreateModel() => new("model") { Description = "The model, a GGUF file." };
}
