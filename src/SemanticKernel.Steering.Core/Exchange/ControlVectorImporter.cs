namespace SemanticKernel.Steering;

/// <summary>Puts the directions of one or more files together.</summary>
internal sealed class ControlVectorImporter
{
    private readonly ControlVectorImportOptions _options;
    private readonly SortedList<Site, float[]> _shifts = [];
    private readonly SortedList<Site, SiteMap> _ablations = [];
    private readonly List<ControlVectorSource> _sources = [];
    private readonly List<string> _warnings = [];
    private double? _strength;

    public ControlVectorImporter(ControlVectorImportOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(options.Model);
        ConceptName.Check(options.Concept, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxBytes, 1, nameof(options));
        _options = options;
    }

    /// <summary>Reads one file.</summary>
    /// <exception cref="GgufFormatException">It is no intact GGUF file.</exception>
    /// <exception cref="ExchangeException">It is no control vector that can be used.</exception>
    public void Add(Stream stream, string name)
    {
        var file = ControlVectorFile.Parse(Read(stream, name), name, _options.Model.Width);
        var writer = ControlVectorProvenance.WriterOf(file, _options.Model.Layers);
        var convention = _options.Layers ?? ControlVectorProvenance.ConventionOf(writer);
        var glp = writer == ControlVectorWriter.Glp ? GlpMetadata.Of(file) : null;
        if (file.Text(ControlVectorKeys.OwnModelBase) is { } modelBase && modelBase != _options.Model.BaseHash)
        {
            throw new ExchangeException($"'{name}' was exported for another model (base {Printable.Of(modelBase)}) than {_options.Model}.");
        }

        _sources.Add(new ControlVectorSource(name, writer, convention));
        string?[] warnings = [_options.Layers is null ? ControlVectorProvenance.ConventionWarning(name, writer) : null, glp?.Warning];
        _warnings.AddRange(warnings.OfType<string>().Concat(ControlVectorProvenance.Warnings(file, writer, _options.Model)));
        _strength = _sources.Count == 1 ? glp?.Strength : null;
        foreach (var (number, values) in file.Directions.Where(direction => !IsDropped(direction.Key, file)))
        {
            Add(SiteOf(number, convention, name), values, glp is { Projects: true }, name);
        }
    }

    /// <exception cref="ExchangeException">The files do nothing.</exception>
    public ControlVectorImport Finish()
    {
        if (_sources.Count == 0)
        {
            throw new ArgumentException("There is no file to import.");
        }

        if (_sources.Find(source => source.Writer == ControlVectorWriter.Jukofyork && !ControlVectorProvenance.IsDebias(source.Name)) is { } relative
            && !_sources.Exists(source => ControlVectorProvenance.IsDebias(source.Name)))
        {
            _warnings.Add($"'{relative.Name}' looks written by {relative.Writer}, whose vectors are relative to a file that ends in _debias and wrong without it: import both together.");
        }

        var ones = MapValues.Filled(_options.Model.Width, 1);
        var maps = _shifts.Where(pair => pair.Value.AsSpan().ContainsAnyExcept(0f))
            .Select(pair => KeyValuePair.Create<Site, SiteMap>(pair.Key, Shift(pair.Key, ones, pair.Value)))
            .Concat(_ablations.Where(pair => !pair.Value.IsIdentity))
            .ToArray();
        if (maps.Length == 0)
        {
            throw new ExchangeException($"'{_sources[0].Name}' does nothing: all of its directions are zero.");
        }

        var metadata = new MapSetMetadata
        {
            Concept = _options.Concept,
            Model = _options.Model,
            Scope = _options.Scope,
            RecommendedStrength = _strength,
            Tool = $"control vector by {string.Join(", ", _sources.Select(source => source.Writer).Distinct())}",
        };
        return new ControlVectorImport(new MapSet(metadata, maps), _sources.AsReadOnly(), _warnings.AsReadOnly());
    }

    private static TransportMap Shift(Site site, float[] ones, float[] values)
    {
        var bad = Finite.IndexOfNonFinite(values);
        return bad < 0
            ? TransportMap.Own(ones, values, default, default)
            : throw new ExchangeException($"The sum of the files overflows at neuron {bad} of {site}.");
    }

    private byte[] Read(Stream stream, string name)
    {
        try
        {
            return BoundedReader.ReadToEnd(stream, _options.MaxBytes);
        }
        catch (InvalidDataException error)
        {
            throw new ExchangeException($"'{name}' is no usable control vector: {error.Message}.", error);
        }
    }

    private bool IsDropped(int number, ControlVectorFile file)
    {
        if (number > 0)
        {
            return false;
        }

        if (!_options.DropDirectionZero)
        {
            throw new ExchangeException($"'{file.Name}' has a direction.0, for which llama.cpp refuses it. It can be dropped: set {nameof(ControlVectorImportOptions.DropDirectionZero)}.");
        }

        _warnings.Add($"The direction.0 of '{file.Name}' was dropped.");
        return true;
    }

    private Site SiteOf(int number, LayerConvention convention, string name)
    {
        var layer = convention == LayerConvention.SameBlock ? number : number - 1;
        return layer < _options.Model.Layers
            ? new Site(layer, HookPoint.BlockOutput)
            : throw new ExchangeException(
                $"'{name}' has a direction.{number}, which belongs to block {layer}; the model has blocks 0 to {_options.Model.Layers - 1}. Is it for another model, or of another layer convention?");
    }

    private void Add(Site site, float[] values, bool projects, string name)
    {
        if (_ablations.ContainsKey(site) || (projects && _shifts.ContainsKey(site)))
        {
            throw new ExchangeException($"'{name}' and another file both act at {site}, and only vectors that add can be summed.");
        }

        if (projects)
        {
            _ablations.Add(site, DirectionAblation.Along(values));
        }
        else if (!_shifts.TryAdd(site, values))
        {
            var sum = _shifts[site];
            for (var i = 0; i < sum.Length; i++)
            {
                sum[i] += values[i];
            }
        }
    }
}
