namespace SemanticKernel.Steering.Samples.Tests;

/// <summary>A folder that is gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    internal string Path { get; } = Directory.CreateTempSubdirectory("steered-chat-").FullName;

    /// <summary>Writes a file and returns its path.</summary>
    internal string Write(string name, params string[] lines)
    {
        var path = this[name];
        File.WriteAllLines(path, lines);
        return path;
    }

    internal string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
