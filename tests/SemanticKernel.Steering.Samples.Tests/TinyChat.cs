namespace SemanticKernel.Steering.Samples.Tests;

/// <summary>The model and data that come with the samples.</summary>
internal static class TinyChat
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "assets", "tinychat");

    internal static string ModelPath { get; } = Path.Combine(Folder, "tinychat.gguf");

    internal static IEnumerable<string> ReadData(string file) => File.ReadLines(Path.Combine(Folder, "data", file));
}
