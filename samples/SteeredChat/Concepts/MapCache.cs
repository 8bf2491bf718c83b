using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using SemanticKernel.Steering;
using SemanticKernel.Steering.LlamaCpp;

namespace SteeredChat;

/// <summary>
/// Keeps fitted maps between runs. A file's name is a hash over everything that decides its content, so that other
/// weights, prompts or options never meet maps that were not made from them.
/// </summary>
internal sealed class MapCache(string folder, Screen screen)
{
    /// <summary>Finds kept maps. Damaged files are reported and count as missing.</summary>
    public MapSet? Find(string path, ConceptData data, ModelIdentity model)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            var maps = MapSet.Load(path);
            maps.EnsureFits(model);
            return maps.Concept == data.Concept && maps.Metadata.DataSha256 == data.DataHash
                ? maps
                : throw new MapSetMismatchException($"{path} holds maps of other prompts.");
        }
        catch (Exception error) when (error is SteeringException or IOException or UnauthorizedAccessException)
        {
            screen.Warn($"The kept maps of '{data.Concept}' are unusable and are fitted again: {ErrorText.Of(error)}");
            return null;
        }
    }

    /// <summary>Keeps maps, whole or not at all. Where that is impossible, the next run fits them again.</summary>
    /// <returns>Whether they were kept.</returns>
    public bool Keep(string path, MapSet maps)
    {
        try
        {
            Directory.CreateDirectory(folder);
            maps.Save(path);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            screen.Warn($"The maps of '{maps.Concept}' cannot be kept for the next run: {ErrorText.Of(error)}");
            return false;
        }
    }

    /// <summary>The file for maps that are made in a certain way.</summary>
    public string PathOf(ConceptData data, FitOptions options, LlamaModel model, string? chatTemplate)
    {
        var version = typeof(LlamaSteeringFitter).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];
        var key = $"{version}\n{model.Identity.BaseHash}\n{model.Identity.WeightsHash}\n{chatTemplate ?? model.ChatTemplate}\n{data.DataHash}\n{options}";
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
        return Path.Combine(folder, $"{data.Concept}-{hash[..32]}.safetensors");
    }
}
