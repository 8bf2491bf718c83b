using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace SemanticKernel.Steering.LlamaCpp.Configuration;

/// <summary>Stands for a configuration section that a host checks when it starts: the section itself, and the map files it names.</summary>
internal sealed class ConfigurationCheck
{
    internal sealed class Validator(IConfigurationSection section, Action<SteeredLlamaOptions>? configure) : IValidateOptions<ConfigurationCheck>
    {
        public ValidateOptionsResult Validate(string? name, ConfigurationCheck options)
        {
            if (name != section.Path)
            {
                return ValidateOptionsResult.Skip;
            }

            var mistakes = Check(section, new SteeredLlamaOptions(), configure);
            return mistakes.Any ? ValidateOptionsResult.Fail(mistakes.All) : ValidateOptionsResult.Success;
        }
    }

    /// <summary>Finds everything that shows without opening the model. Whether maps fit it shows when it is opened.</summary>
    internal static ConfigurationMistakes Check(IConfigurationSection section, SteeredLlamaOptions options, Action<SteeredLlamaOptions>? configure)
    {
        var mistakes = new ConfigurationMistakes();
        var configuration = ConfigurationReader.Read(section, options, mistakes, configure);
        if (options.ModelPath.Length > 0 && !File.Exists(options.ModelPath))
        {
            mistakes.Add($"{section.Path}:{nameof(options.ModelPath)}", $"there is no file '{options.ModelPath}'");
        }

        ResolverBuilder.Build(configuration, LoadFromCode(section, options, mistakes), options.Policies, _ => { }, mistakes);
        return mistakes;
    }

    private static List<MapSet> LoadFromCode(IConfigurationSection section, SteeredLlamaOptions options, ConfigurationMistakes mistakes)
    {
        var maps = new List<MapSet>();
        foreach (var concept in options.Concepts)
        {
            try
            {
                maps.Add(concept.Load());
            }
            catch (Exception error) when (error is SteeringException or IOException or UnauthorizedAccessException)
            {
                mistakes.Add(section.Path, $"the concept '{concept.Name}', registered in code: {error.Message}");
            }
        }

        return maps;
    }
}
