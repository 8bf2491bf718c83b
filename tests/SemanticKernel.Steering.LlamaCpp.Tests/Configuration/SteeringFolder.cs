using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Configuration;

/// <summary>A folder with map files and an appsettings.json, as an application would have one. Deleted at the end.</summary>
internal sealed class SteeringFolder : IDisposable
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly List<ConfigurationRoot> _roots = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("steering-").FullName;

    internal string SettingsPath => Path.Combine(_folder, "appsettings.json");

    internal string PathOf(string concept) => Path.Combine(_folder, concept + ".safetensors");

    /// <summary>Writes a map set; the bytes differ with the amount.</summary>
    /// <returns>Its hash.</returns>
    internal string WriteMap(string concept, float amount = 0.1f, params Site[] sites)
    {
        var maps = TestMaps.Shift(TinyChat.ModelPath, concept, amount, SteeringScope.All, sites);
        maps.Save(PathOf(concept));
        return maps.ContentHash;
    }

    /// <summary>The usual section: the model, the concepts with their map files, and more properties as JSON without braces.</summary>
    internal string Section(string[] concepts, string more = "") => $$"""
        { "ModelPath": {{JsonSerializer.Serialize(TinyChat.ModelPath)}}, "Threads": 1, "Seed": 1,
          "Concepts": { {{string.Join(", ", concepts.Select(Concept))}} }{{(more.Length > 0 ? ", " + more : "")}} }
        """;

    /// <summary>A concept's entry, pinned if a hash is given.</summary>
    internal string Concept(string name, string hash) =>
        $$"""
        "{{name}}": { "Map": {{JsonSerializer.Serialize(PathOf(name))}}, "Sha256": "{{hash}}" }
        """;

    /// <summary>Replaces the settings file the way editors do: written beside, then renamed over it.</summary>
    internal void WriteSettings(string section) => WriteRaw($$"""{ "SteeredLlama": {{section}} }""");

    internal void WriteRaw(string text)
    {
        var beside = SettingsPath + ".new";
        File.WriteAllText(beside, text);
        File.Move(beside, SettingsPath, overwrite: true);
    }

    /// <summary>Reads the settings file, as a host does.</summary>
    internal IConfigurationSection Configuration(bool reloadOnChange = false)
    {
        var root = (ConfigurationRoot)new ConfigurationBuilder().AddJsonFile(SettingsPath, optional: false, reloadOnChange).Build();
        _roots.Add(root);
        return root.GetSection(SteeredLlamaOptions.SectionName);
    }

    /// <summary>Reads settings given as text.</summary>
    internal static IConfigurationSection Parse(string section) => new ConfigurationBuilder()
        .AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes($$"""{ "SteeredLlama": {{section}} }""")))
        .Build().GetSection(SteeredLlamaOptions.SectionName);

    /// <summary>The text of a section with one value replaced or, with null, removed.</summary>
    internal static string With(string section, string path, string? json)
    {
        var root = JsonNode.Parse(section)!;
        var keys = path.Split(':');
        var parent = keys[..^1].Aggregate(root, (node, key) => node is JsonArray list ? list[int.Parse(key, null)]! : node[key]!);
        if (json is null)
        {
            parent.AsObject().Remove(keys[^1]);
        }
        else
        {
            parent[keys[^1]] = JsonNode.Parse(json);
        }

        return root.ToJsonString(Indented);
    }

    internal static SteeredLlamaEngine Open(string section, ILoggerFactory? log = null) =>
        SteeredLlamaEngine.Load(SteeredLlamaOptions.FromConfiguration(Parse(section)), log, cancellationToken: TestContext.Current.CancellationToken);

    /// <summary>Opens an engine on the settings file.</summary>
    internal SteeredLlamaEngine OpenSettings(string section, ILoggerFactory? log = null, bool reloadOnChange = false)
    {
        WriteSettings(section);
        return SteeredLlamaEngine.Load(
            SteeredLlamaOptions.FromConfiguration(Configuration(reloadOnChange)), log, cancellationToken: TestContext.Current.CancellationToken);
    }

    /// <summary>Reads the settings file again, as a file watcher would.</summary>
    internal void Refresh() => _roots.ForEach(root => root.Reload());

    public void Dispose()
    {
        _roots.ForEach(root => root.Dispose());
        Directory.Delete(_folder, recursive: true);
    }

    private string Concept(string name) => $$"""
        "{{name}}": { "Map": {{JsonSerializer.Serialize(PathOf(name))}} }
        """;
}
