using System.Collections.ObjectModel;

namespace SemanticKernel.Steering;

/// <summary>All maps of one concept over its sites, with what is known about them: one file.</summary>
/// <remarks>
/// Immutable and safe to share between threads. Keeps its serialized bytes, so that <see cref="ContentHash"/> always describes the maps in use;
/// the affine maps of a loaded set read their values there.
/// </remarks>
public sealed class MapSet
{
    /// <summary>The default limit on the size of a file, 256 MiB.</summary>
    public const long DefaultMaxBytes = 256L << 20;

    private readonly byte[] _bytes;

    /// <summary>Creates a map set from maps that were fitted or imported.</summary>
    /// <param name="metadata">What is known about the maps.</param>
    /// <param name="maps">At least one map; all of the model's width, on layers that the model has.</param>
    /// <exception cref="ArgumentException">The metadata or a map breaks a rule of the format; the message says which.</exception>
    public MapSet(MapSetMetadata metadata, IEnumerable<KeyValuePair<Site, TransportMap>> maps)
        : this(metadata, maps?.Select(pair => KeyValuePair.Create(pair.Key, (SiteMap)pair.Value))!)
    {
    }

    /// <summary>Creates a map set from whatever acts at its sites.</summary>
    /// <param name="metadata">What is known about the maps.</param>
    /// <param name="operations">At least one map; all of the model's width, on layers that the model has.</param>
    /// <exception cref="ArgumentException">The metadata or a map breaks a rule of the format; the message says which.</exception>
    public MapSet(MapSetMetadata metadata, IEnumerable<KeyValuePair<Site, SiteMap>> operations)
        : this(metadata, MapSetRules.Check(metadata, operations))
    {
    }

    private MapSet(MapSetMetadata metadata, SortedList<Site, SiteMap> maps)
        : this(metadata, maps, MapSetWriter.Write(metadata, maps))
    {
    }

    private MapSet(MapSetMetadata metadata, SortedList<Site, SiteMap> maps, byte[] bytes)
        : this(metadata, maps, bytes, Sha256.HexOf(bytes))
    {
    }

    private MapSet(MapSetMetadata metadata, SortedList<Site, SiteMap> maps, byte[] bytes, string contentHash)
    {
        Metadata = metadata;
        Operations = new ReadOnlyDictionary<Site, SiteMap>(maps);
        Maps = new ReadOnlyDictionary<Site, TransportMap>(Affine(maps));
        DoesNothing = maps.Values.All(map => map.IsIdentity);
        (_bytes, ContentHash) = (bytes, contentHash);
    }

    /// <summary>The concept that the maps were fitted for.</summary>
    public string Concept => Metadata.Concept;

    /// <summary>What is known about the maps.</summary>
    public MapSetMetadata Metadata { get; }

    /// <summary>What acts at each site, in graph order: affine maps and all other kinds.</summary>
    public IReadOnlyDictionary<Site, SiteMap> Operations { get; }

    /// <summary>The affine maps by site, in graph order; sites with other kinds stand in <see cref="Operations"/> only.</summary>
    public IReadOnlyDictionary<Site, TransportMap> Maps { get; }

    /// <summary>The SHA-256 of the file's bytes, in hexadecimal: those that were loaded, or those that <see cref="Save(Stream)"/> writes.</summary>
    public string ContentHash { get; }

    /// <summary>Whether every map leaves every neuron alone, as when both training sets are equal. Such a set can be neither loaded nor registered.</summary>
    public bool DoesNothing { get; }

    /// <summary>Reads a map set file. The file is untrusted: it is read once into memory, hashed and checked completely.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="maxBytes">The largest accepted size in bytes.</param>
    /// <returns>The map set.</returns>
    /// <exception cref="MapSetFormatException">The file is no intact map set, or one that does nothing; the message names the path.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static MapSet Load(string path, long maxBytes = DefaultMaxBytes)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        return Load(file, path, maxBytes);
    }

    /// <summary>Reads a map set from the rest of a stream, which is left open.</summary>
    /// <param name="stream">The stream; need not be seekable.</param>
    /// <param name="maxBytes">The largest accepted size in bytes.</param>
    /// <returns>The map set.</returns>
    /// <exception cref="MapSetFormatException">The bytes are no intact map set, or one that does nothing.</exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public static MapSet Load(Stream stream, long maxBytes = DefaultMaxBytes)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Load(stream, "The map set", maxBytes);
    }

    /// <summary>Writes the file, whole or not at all: beside the path, flushed to disk, then renamed over it.</summary>
    /// <param name="path">The path of the file; an existing one is replaced.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.Write(path, _bytes);
    }

    /// <summary>Writes the file's bytes to a stream, which is left open.</summary>
    /// <param name="stream">The stream.</param>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        stream.Write(_bytes);
    }

    /// <summary>Says what the set holds, in figures: sites, mean |β|, quantiles of ω, the share of neurons nearly left alone.</summary>
    /// <returns>The description.</returns>
    public MapSetDescription Describe() => MapSetDescriber.Describe(this);

    /// <summary>Refuses a model that the maps were not fitted on.</summary>
    /// <param name="model">The model to be steered.</param>
    /// <param name="allowOtherQuantization">Whether other weights of the same base model will do.</param>
    /// <exception cref="MapSetMismatchException">The model differs; the message names both.</exception>
    public void EnsureFits(ModelIdentity model, bool allowOtherQuantization = false)
    {
        ArgumentNullException.ThrowIfNull(model);
        var own = Metadata.Model;
        if (!own.HasSameBase(model))
        {
            throw new MapSetMismatchException($"The maps of '{Concept}' were fitted on model {own} and do not fit {model}.");
        }

        if (!allowOtherQuantization && own.WeightsHash != model.WeightsHash)
        {
            throw new MapSetMismatchException(
                $"The maps of '{Concept}' were fitted on other weights, {own}, than those of {model}; fit them again or allow other quantizations.");
        }
    }

    /// <summary>Refuses a chat template other than the one that the training texts were rendered with. Maps of raw texts fit every template.</summary>
    /// <param name="templateSha256">The SHA-256 of the template in use, in hexadecimal; null if there is none.</param>
    /// <param name="allowOtherTemplate">Whether another template will do.</param>
    /// <exception cref="MapSetMismatchException">The template differs; the message names both.</exception>
    public void EnsureTemplate(string? templateSha256, bool allowOtherTemplate = false)
    {
        if (!allowOtherTemplate
            && Metadata.ChatTemplateSha256 is { } own
            && !string.Equals(own, templateSha256, StringComparison.OrdinalIgnoreCase))
        {
            throw new MapSetMismatchException(
                $"The maps of '{Concept}' were fitted with chat template {own}, not {templateSha256 ?? "without one"}; fit them again or allow other templates.");
        }
    }

    private static SortedList<Site, TransportMap> Affine(SortedList<Site, SiteMap> maps)
    {
        var affine = new SortedList<Site, TransportMap>(maps.Count);
        foreach (var (site, map) in maps)
        {
            if (map is TransportMap transport)
            {
                affine.Add(site, transport);
            }
        }

        return affine;
    }

    private static MapSet Load(Stream stream, string name, long maxBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBytes, 1);
        try
        {
            return Parse(BoundedReader.ReadToEnd(stream, maxBytes));
        }
        catch (InvalidDataException error)
        {
            throw new MapSetFormatException($"{name} is no usable map set: {Printable.Of(error.Message)}.", error);
        }
    }

    private static MapSet Parse(byte[] bytes)
    {
        // Most of the time goes into the hash, which another processor can see to while this one checks.
        var hash = Task.Run(() => Sha256.HexOf(bytes));
        var (metadata, maps) = MapSetReader.Read(bytes);
        var set = new MapSet(metadata, maps, bytes, hash.GetAwaiter().GetResult());
        return set.DoesNothing ? throw new InvalidDataException("its maps do nothing, every neuron is left alone") : set;
    }
}
