using System.CommandLine;

namespace SemanticKernel.Steering.Cli;

/// <summary>Arguments of commands that read and write map set files.</summary>
internal static class MapFiles
{
    internal static Argument<string> CreateInput(string name = "file", string description = "The map set file.") => new(name) { Description = description };

    internal static Option<string> CreateOutput(string description = "The map set file to write.") => new("--output", "-o") { Description = description, Required = true };

    internal static void Save(MapSet maps, string path)
    {
        if (maps.DoesNothing)
        {
            throw new ArgumentException($"The result does nothing and is not written to '{path}'.");
        }

        maps.Save(path);
        DescribeCommand.Write(maps, path);
    }
}
