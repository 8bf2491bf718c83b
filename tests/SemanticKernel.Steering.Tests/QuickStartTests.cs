namespace SemanticKernel.Steering.Tests;

/// <summary>The quick start of the README, which is a file of the sample. Paths in it are relative to the repository and to every output folder alike.</summary>
public sealed class QuickStartTests
{
    private const string Begin = "// quick start begins";
    private const string End = "// quick start ends";

    [Fact]
    public async Task QuickStart_Runs()
    {
        var folder = Directory.GetCurrentDirectory();
        var console = Console.Out;
        using var output = new StringWriter();
        try
        {
            Directory.SetCurrentDirectory(AppContext.BaseDirectory);
            Console.SetOut(output);
            await SteeredChat.QuickStart.RunAsync();
        }
        finally
        {
            Console.SetOut(console);
            Directory.SetCurrentDirectory(folder);
        }

        var answers = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        TestContext.Current.TestOutputHelper?.WriteLine(output.ToString());
        Assert.Equal(3, answers.Length);
        Assert.Equal(3, answers.Distinct().Count());
    }

    [Fact]
    public void QuickStart_EqualsTheReadme()
    {
        var root = Root();
        var readme = Path.Combine(root, "README.md");
        var source = File.ReadAllLines(Path.Combine(root, "samples", "SteeredChat", "QuickStart.cs")).Select(line => line.Trim());
        var snippet = source.SkipWhile(line => line != Begin).Skip(1).TakeWhile(line => line != End);

        Assert.Contains(string.Join('\n', snippet), string.Join('\n', File.ReadLines(readme).Select(line => line.Trim())), StringComparison.Ordinal);
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "SemanticKernel.Steering.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("The tests do not run inside the repository.");
        }

        return folder;
    }
}
