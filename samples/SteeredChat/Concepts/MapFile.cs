using SemanticKernel.Steering;

namespace SteeredChat;

/// <summary>Reads what <c>--map</c> names.</summary>
internal static class MapFile
{
    /// <summary>Loads <c>file</c> or <c>concept=file</c>.</summary>
    /// <exception cref="UserErrorException">There is no such file, or it holds another concept.</exception>
    public static MapSet Load(string argument)
    {
        var (concept, path) = Split(argument);
        if (!File.Exists(path))
        {
            throw new UserErrorException($"There is no map set file '{path}'.");
        }

        var maps = MapSet.Load(path);
        return concept is null || concept == maps.Concept
            ? maps
            : throw new UserErrorException($"'{path}' holds maps of '{maps.Concept}', not of '{concept}'.");
    }

    private static (string? Concept, string Path) Split(string argument)
    {
        var parts = argument.Split('=', 2);
        return parts.Length == 2 && ConceptName.IsValid(parts[0]) && !File.Exists(argument) ? (parts[0], parts[1]) : (null, argument);
    }
}
