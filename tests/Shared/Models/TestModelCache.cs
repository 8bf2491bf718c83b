using System.Collections.Concurrent;

namespace SemanticKernel.Steering.TestModels;

/// <summary>Writes each model once per process, into a temporary folder that is deleted when the process ends.</summary>
/// <remarks>Thread-safe. Treat the files as read-only: other tests use them too.</remarks>
public static class TestModelCache
{
    private static readonly ConcurrentDictionary<RandomModelOptions, Lazy<string>> Models = new();
    private static readonly Lazy<string> Folder = new(CreateFolder);
    private static int _count;

    /// <summary>Gets the default model of an architecture.</summary>
    /// <param name="architecture">The graph.</param>
    /// <returns>The path of the GGUF file.</returns>
    public static string Get(ModelArchitecture architecture) => Get(new RandomModelOptions { Architecture = architecture });

    /// <summary>Gets a Llama model that has a preset's name, vocabulary and chat template.</summary>
    /// <param name="preset">The template.</param>
    /// <returns>The path of the GGUF file.</returns>
    public static string Get(TemplatePreset preset)
    {
        ArgumentNullException.ThrowIfNull(preset);
        return Get(new RandomModelOptions { Name = preset.Name, Vocabulary = preset.Vocabulary });
    }

    /// <summary>Gets the model that has these options; equal options give the same file.</summary>
    /// <param name="options">What the model looks like.</param>
    /// <returns>The path of the GGUF file.</returns>
    public static string Get(RandomModelOptions options) =>
        Models.GetOrAdd(options, static key => new Lazy<string>(() =>
        {
            var path = NewPath(".gguf");
            RandomModel.Write(path, key);
            return path;
        })).Value;

    /// <summary>Makes a path in the temporary folder that no other call returns.</summary>
    /// <param name="extension">How the name ends, with its dot.</param>
    /// <returns>The path of a file that does not exist yet.</returns>
    public static string NewPath(string extension) =>
        Path.Combine(Folder.Value, $"{Interlocked.Increment(ref _count)}{extension}");

    private static string CreateFolder()
    {
        var folder = Directory.CreateTempSubdirectory("steering-test-models-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Delete(folder);
        return folder;
    }

    private static void Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A model that is still mapped cannot be deleted on Windows; the folder is temporary anyway.
        }
    }
}
