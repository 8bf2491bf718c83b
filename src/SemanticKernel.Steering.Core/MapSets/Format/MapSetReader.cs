using System.Text.Json;

namespace SemanticKernel.Steering;

/// <summary>Reads the bytes of an untrusted map set file.</summary>
internal static class MapSetReader
{
    /// <summary>Reads metadata and maps.</summary>
    /// <exception cref="InvalidDataException">The bytes are no map set; nothing else is thrown, whatever they are.</exception>
    public static (MapSetMetadata Metadata, SortedList<Site, SiteMap> Maps) Read(byte[] bytes)
    {
        try
        {
            return ReadParts(TensorFile.Parse(bytes));
        }
        catch (Exception error) when (error is JsonException or ArgumentException or InvalidOperationException)
        {
            // The constructors of sites and maps check their arguments, which come from the file here,
            // and the JSON reader refuses half a surrogate pair with an invalid operation.
            throw new InvalidDataException(error.Message, error);
        }
    }

    private static (MapSetMetadata Metadata, SortedList<Site, SiteMap> Maps) ReadParts(TensorFile file)
    {
        var metadata = new MapSetMetadataReader(file.Header.Metadata).Read();
        var parts = PartsBySite(file.Header.Tensors);
        var operations = ReadOperations(file.Header.Metadata, parts);
        var maps = parts.Select(site => KeyValuePair.Create(
            site.Key,
            ReadMap(file, site.Key, operations.GetValueOrDefault(site.Key, MapSetKeys.AffineValue), site.Value, metadata.Model.Width)));
        return (metadata, MapSetRules.Check(metadata, maps));
    }

    private static Dictionary<Site, Dictionary<string, TensorEntry>> PartsBySite(IEnumerable<TensorEntry> tensors)
    {
        var sites = new Dictionary<Site, Dictionary<string, TensorEntry>>();
        foreach (var tensor in tensors)
        {
            var dot = tensor.Name.LastIndexOf('.');
            var part = tensor.Name[(dot + 1)..];
            if (dot < 0
                || !Site.TryParse(tensor.Name[..dot], out var site)
                || part is not (MapSetKeys.Slope or MapSetKeys.Intercept or MapSetKeys.SupportLow or MapSetKeys.SupportHigh or MapSetKeys.Direction or MapSetKeys.Shift))
            {
                throw new InvalidDataException($"tensor name '{tensor.Name}' is not known");
            }

            if (!sites.TryGetValue(site, out var parts))
            {
                sites.Add(site, parts = []);
            }

            // Tensor names are unique, and a site has one spelling, so the part is new.
            parts.Add(part, tensor);
        }

        return sites;
    }

    private static Dictionary<Site, string> ReadOperations(
        IReadOnlyDictionary<string, string> metadata, Dictionary<Site, Dictionary<string, TensorEntry>> parts)
    {
        var operations = new Dictionary<Site, string>();
        foreach (var (key, operation) in metadata.Where(pair => pair.Key.StartsWith(MapSetKeys.OperationPrefix, StringComparison.Ordinal)))
        {
            if (operation is not (MapSetKeys.AffineValue or MapSetKeys.AblationValue or MapSetKeys.NormPreservingShiftValue)
                || !Site.TryParse(key[MapSetKeys.OperationPrefix.Length..], out var site) || !parts.ContainsKey(site))
            {
                throw new InvalidDataException($"its metadata asks for operation '{operation}' in '{key}', which is not known or has no map");
            }

            // Keys are unique, and a site has one spelling.
            operations.Add(site, operation);
        }

        return operations;
    }

    private static SiteMap ReadMap(TensorFile file, Site site, string operation, Dictionary<string, TensorEntry> parts, int width)
    {
        try
        {
            return operation switch
            {
                MapSetKeys.AblationValue => new DirectionAblation(Only(MapSetKeys.Direction).Span),
                MapSetKeys.NormPreservingShiftValue => new NormPreservingShift(Only(MapSetKeys.Shift).Span),
                _ when Has(MapSetKeys.Slope, MapSetKeys.Intercept) =>
                    TransportMap.Own(Vector(MapSetKeys.Slope), Vector(MapSetKeys.Intercept), default, default),
                _ when Has(MapSetKeys.Slope, MapSetKeys.Intercept, MapSetKeys.SupportLow, MapSetKeys.SupportHigh) =>
                    Bounded(Vector(MapSetKeys.Slope), Vector(MapSetKeys.Intercept), Vector(MapSetKeys.SupportLow), Vector(MapSetKeys.SupportHigh)),
                _ => throw Wrong("slope and intercept, and both bounds or none"),
            };
        }
        catch (ArgumentException error)
        {
            throw new InvalidDataException($"site {site}: {error.Message}", error);
        }

        bool Has(params string[] names) => parts.Count == names.Length && names.All(parts.ContainsKey);
        ReadOnlyMemory<float> Only(string part) => Has(part) ? Vector(part) : throw Wrong($"{part} and nothing else");
        ReadOnlyMemory<float> Vector(string part) => file.ReadVector(parts[part], width);
        InvalidDataException Wrong(string needs) => new($"site {site} with operation {operation} needs {needs}; it has {string.Join(", ", parts.Keys)}");
    }

    private static TransportMap Bounded(ReadOnlyMemory<float> slope, ReadOnlyMemory<float> intercept, ReadOnlyMemory<float> low, ReadOnlyMemory<float> high)
    {
        var map = TransportMap.Own(slope, intercept, low, high);

        // Infinite bounds throughout mean "unbounded" in code; in a file that is said by leaving them out.
        return map.IsUnbounded ? throw new InvalidDataException("stored bounds must be finite") : map;
    }
}
