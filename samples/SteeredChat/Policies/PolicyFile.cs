using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Json;
using SemanticKernel.Steering.LlamaCpp;
using SemanticKernel.Steering.Samples;

namespace SteeredChat;

/// <summary>The file with the policies of a run. The engine follows its changes; this program only looks into it.</summary>
internal sealed class PolicyFile : IDisposable
{
    private const string BuiltIn = "appsettings.json";

    private const string ModelKey = $"{SteeredLlamaOptions.SectionName}:{nameof(SteeredLlamaOptions.ModelPath)}";

    private readonly ConfigurationManager _root;

    private PolicyFile(ConfigurationManager root) => _root = root;

    /// <summary>The section the engine reads.</summary>
    public IConfigurationSection Section => _root.GetSection(SteeredLlamaOptions.SectionName);

    /// <summary>The user's own model, on the command line or in the file; null for TinyChat.</summary>
    public string? ModelPath => _root[ModelKey] is { } path && path != TinyChatConcept.ModelPath ? path : null;

    /// <summary>Opens the user's file or, for TinyChat with its own concepts alone, the one that comes along.</summary>
    /// <returns>The file, or null: everything may be steered freely.</returns>
    /// <exception cref="UserErrorException">There is no such file or section.</exception>
    public static PolicyFile? Open(ChatArguments arguments, Notices notices)
    {
        if (arguments.ConfigPath is { } path)
        {
            return Open(path, arguments.ModelPath, notices);
        }

        return arguments is { ModelPath: null, OwnConcept: null, Maps: [] }
            ? Open(Path.Combine(AppContext.BaseDirectory, BuiltIn), modelPath: null, notices)
            : null;
    }

    /// <summary>Whether the file brings the maps of a concept itself.</summary>
    public bool HasMapOf(string concept) => Section.GetSection($"Concepts:{concept}").Exists();

    /// <summary>Whether a policy has a rule for a concept.</summary>
    public bool Names(string concept) => Policies.Any(policy => policy.GetSection($"Concepts:{concept}").Exists());

    /// <summary>Whether the default policy is known to steer nothing by itself.</summary>
    public bool RestsByDefault =>
        Section[nameof(SteeredLlamaOptions.DefaultPolicy)] is { } name
        && Policies.FirstOrDefault(policy => policy.Key == name) is { } policy
        && policy.GetSection("Concepts").GetChildren().All(rule =>
            double.TryParse(rule["Strength"], NumberStyles.Float, CultureInfo.InvariantCulture, out var strength) && strength == 0);

    public void Dispose() => _root.Dispose();

    private IEnumerable<IConfigurationSection> Policies => Section.GetSection("Policies").GetChildren();

    private static PolicyFile Open(string path, string? modelPath, Notices notices)
    {
        if (!File.Exists(path))
        {
            throw new UserErrorException($"There is no configuration file '{path}'.");
        }

        // The command line goes before the file, and the file before TinyChat.
        var root = new ConfigurationManager();
        root.AddInMemoryCollection([KeyValuePair.Create(ModelKey, (string?)TinyChatConcept.ModelPath)]);
        Add(root, path, notices);
        if (modelPath is not null)
        {
            root.AddInMemoryCollection([KeyValuePair.Create(ModelKey, (string?)modelPath)]);
        }

        return ((IConfigurationRoot)root).Providers.OfType<JsonConfigurationProvider>().Any(file => file.GetChildKeys([], SteeredLlamaOptions.SectionName).Any())
            ? new PolicyFile(root)
            : throw new UserErrorException($"'{path}' has no section '{SteeredLlamaOptions.SectionName}'.");
    }

    private static void Add(ConfigurationManager root, string path, Notices notices)
    {
        var isRead = false;
        root.AddJsonFile(source =>
        {
            source.Path = Path.GetFullPath(path);
            source.ReloadOnChange = true;
            source.OnLoadException = context =>
            {
                if (isRead)
                {
                    notices.Add($"{ErrorText.Of(context.Exception)} The old policies stay in force.");
                }
            };
            source.ResolveFileProvider();
        });
        isRead = true;
    }
}
