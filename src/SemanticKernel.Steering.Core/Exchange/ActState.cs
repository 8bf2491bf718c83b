using System.Text.Json;

namespace SemanticKernel.Steering;

/// <summary>Imports the state that apple/ml-act fits (Linear-AcT), from a safetensors file that a short script makes of its pickles; see docs/exchange.md.</summary>
/// <remarks>
/// The reference acts where low &lt; x &lt; high, both strictly; maps here act within closed bounds, so these lie one float further inside. <c>q_all</c>
/// becomes an unbounded map. Pickles are never read: they can run code. Files are untrusted: each is read once into memory and checked completely. Thread-safe.
/// </remarks>
public static class ActState
{
    private const string Format = "format";
    private const string FormatValue = "ml-act";
    private const string Quantiles = "quantiles";
    private const string AllQuantiles = "q_all";
    private const string Slope = "w1";
    private const string Intercept = "b1";
    private const string Low = "low";
    private const string High = "high";

    /// <summary>Imports a state.</summary>
    /// <param name="path">The safetensors file.</param>
    /// <param name="options">How to understand it.</param>
    /// <returns>The maps.</returns>
    /// <exception cref="ExchangeException">The file is damaged, is for another model, or has a module that is no site; the message says which.</exception>
    /// <exception cref="ArgumentException">Concept or model of the options break a rule of map sets.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static MapSet Import(string path, ActStateImportOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        return Import(file, path, options);
    }

    /// <summary>Imports a state from the rest of a stream, which is left open.</summary>
    /// <param name="stream">The stream; need not be seekable.</param>
    /// <param name="options">How to understand it.</param>
    /// <returns>The maps.</returns>
    /// <exception cref="ExchangeException">The bytes are damaged, are for another model, or have a module that is no site; the message says which.</exception>
    /// <exception cref="ArgumentException">Concept or model of the options break a rule of map sets.</exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public static MapSet Import(Stream stream, ActStateImportOptions options)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Import(stream, "The state", options);
    }

    private static MapSet Import(Stream stream, string name, ActStateImportOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(options.Model);
        ConceptName.Check(options.Concept, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxBytes, 1, nameof(options));
        SortedList<Site, SiteMap> maps;
        try
        {
            maps = Read(TensorFile.Parse(BoundedReader.ReadToEnd(stream, options.MaxBytes)), options);
        }
        catch (Exception error) when (error is InvalidDataException or JsonException or InvalidOperationException)
        {
            throw new ExchangeException($"{name} is no usable state of ml-act: {Printable.Of(error.Message)}.", error);
        }

        var metadata = new MapSetMetadata
        {
            Concept = options.Concept,
            Model = options.Model,
            Scope = options.Scope,
            Estimator = TransportEstimator.Linear,
            Mode = FitMode.Reference,
            Tool = "apple/ml-act",
        };
        var set = new MapSet(metadata, maps);
        return set.DoesNothing ? throw new ExchangeException($"{name} does nothing: every neuron is left alone.") : set;
    }

    private static SortedList<Site, SiteMap> Read(TensorFile file, ActStateImportOptions options)
    {
        if (file.Header.Metadata.GetValueOrDefault(Format) != FormatValue || file.Header.Metadata.GetValueOrDefault(Quantiles) is not { } quantiles)
        {
            throw new InvalidDataException($"its metadata lacks '{Format}' = '{FormatValue}' or '{Quantiles}'");
        }

        var bounded = quantiles != AllQuantiles;
        var maps = new SortedList<Site, SiteMap>();
        foreach (var (module, parts) in PartsByModule(file.Header.Tensors))
        {
            if (parts.Count != (bounded ? 4 : 2) || !parts.ContainsKey(Slope) || !parts.ContainsKey(Intercept))
            {
                throw new InvalidDataException($"module '{module}' has {string.Join(", ", parts.Keys)}, where quantiles {quantiles} need {Slope}, {Intercept}{(bounded ? $", {Low} and {High}" : " and no bounds")}");
            }

            var site = options.Sites.TryGetValue(module, out var given) ? given : ActModules.SiteOf(module, options.Model);
            if (site.Layer >= options.Model.Layers)
            {
                throw new InvalidDataException($"module '{module}' lies beyond the model's {options.Model.Layers} blocks");
            }

            if (!maps.TryAdd(site, Map(module, part => file.ReadVector(parts[part], options.Model.Width).ToArray(), bounded)))
            {
                throw new InvalidDataException($"module '{module}' and another one are both {site}");
            }
        }

        return maps.Count > 0 ? maps : throw new InvalidDataException("it has no modules");
    }

    private static Dictionary<string, Dictionary<string, TensorEntry>> PartsByModule(IEnumerable<TensorEntry> tensors)
    {
        var modules = new Dictionary<string, Dictionary<string, TensorEntry>>(StringComparer.Ordinal);
        foreach (var tensor in tensors)
        {
            var dot = tensor.Name.LastIndexOf('.');
            var part = tensor.Name[(dot + 1)..];
            if (dot < 1 || part is not (Slope or Intercept or Low or High))
            {
                throw new InvalidDataException($"tensor name '{tensor.Name}' is not known");
            }

            var module = tensor.Name[..dot];
            if (!modules.TryGetValue(module, out var parts))
            {
                modules.Add(module, parts = []);
            }

            parts.Add(part, tensor);
        }

        return modules;
    }

    private static TransportMap Map(string module, Func<string, float[]> read, bool bounded)
    {
        var (slope, intercept) = (read(Slope), read(Intercept));
        var (low, high) = bounded ? (read(Low), read(High)) : ([], []);
        try
        {
            MapValues.CheckFinite(low, Low);
            MapValues.CheckFinite(high, High);
            for (var i = 0; i < low.Length; i++)
            {
                var bounds = SupportBounds.Open(low[i], high[i]);
                if (bounds.IsEmpty)
                {
                    // Nothing lies strictly between: the neuron does nothing, and says so in a form that files can hold.
                    (slope[i], intercept[i], bounds) = (1, 0, SupportBounds.Closed(low[i], high[i]));
                }

                (low[i], high[i]) = (bounds.Low, bounds.High);
            }

            return TransportMap.Own(slope, intercept, low, high);
        }
        catch (ArgumentException error)
        {
            throw new InvalidDataException($"module '{module}': {error.Message}", error);
        }
    }
}
