using SemanticKernel.Steering.Samples.Tests;

[assembly: AssemblyFixture(typeof(FittedCache))]

namespace SemanticKernel.Steering.Samples.Tests;

/// <summary>A cache in which TinyChat's concepts are fitted already, for tests that are about something else.</summary>
public sealed class FittedCache : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    internal string Folder => _folder.Path;

    internal SteeredChatProgram Program => new(Folder);

    internal string MapOf(string concept) => Directory.GetFiles(_folder.Path, $"{concept}-*.safetensors", SearchOption.AllDirectories).Single();

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        var run = await Program.ChatAsync([]);
        Assert.True(run.ExitCode == 0, run.Error);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
