namespace SemanticKernel.Steering.LlamaCpp.Tests;

/// <summary>The embedded model and its data.</summary>
internal static class TinyChat
{
    internal static string ModelPath { get; } = Path.Combine(AppContext.BaseDirectory, "assets", "tinychat", "tinychat.gguf");

    internal static string Data(string file) => Path.Combine(AppContext.BaseDirectory, "assets", "tinychat", "data", file);
}
