using System.Text;

namespace SemanticKernel.Steering;

/// <summary>Writes control vectors: GGUF of version 3, little-endian. The same content always gives the same bytes.</summary>
internal static class ControlVectorExporter
{
    private const int Alignment = 32;

    /// <exception cref="ExchangeException">A map cannot be expressed.</exception>
    public static byte[] Write(MapSet maps, double strength)
    {
        ArgumentNullException.ThrowIfNull(maps);
        if (strength == 0 || !double.IsFinite(strength))
        {
            throw new ArgumentOutOfRangeException(nameof(strength), strength, "A strength to build in must be finite and not 0.");
        }

        if (maps.Metadata.Scope != SteeringScope.All)
        {
            throw new ExchangeException($"The maps of '{maps.Concept}' steer the tokens of scope {maps.Metadata.Scope}; a control vector is added to every token.");
        }

        var directions = maps.Operations.Where(pair => !pair.Value.IsIdentity).Select(pair => (pair.Key.Layer, Values: Direction(pair.Key, pair.Value, strength))).ToArray();
        return directions.Length > 0
            ? Write(maps, directions)
            : throw new ExchangeException($"The maps of '{maps.Concept}' do nothing.");
    }

    private static float[] Direction(Site site, SiteMap map, double strength)
    {
        if (site.Hook != HookPoint.BlockOutput)
        {
            throw Inexpressible(site, "a control vector is added to the outputs of blocks and nowhere else");
        }

        if (site.Layer == 0)
        {
            throw Inexpressible(site, "llama.cpp has no slot for block 0; export a subset without it");
        }

        if (map is not TransportMap affine)
        {
            throw Inexpressible(site, $"a control vector only adds, and this is a {map.Operation}");
        }

        if (!affine.IsUnbounded)
        {
            throw Inexpressible(site, "a control vector acts on every value, and this map only within its support");
        }

        var sloped = affine.Slope.IndexOfAnyExcept(1f);
        if (sloped >= 0)
        {
            throw Inexpressible(site, $"a control vector only adds, and the slope of neuron {sloped} is {affine.Slope[sloped]:R}; maps fitted by Mean have slope 1");
        }

        var values = SteeringVector.Scaled(affine.Intercept, strength);
        var bad = Finite.IndexOfNonFinite(values);
        return bad < 0 ? values : throw Inexpressible(site, $"at strength {strength} neuron {bad} overflows");
    }

    private static ExchangeException Inexpressible(Site site, string why) => new($"The map of {site} cannot be exported: {why}.");

    private static byte[] Write(MapSet maps, (int Layer, float[] Values)[] directions)
    {
        var model = maps.Metadata.Model;
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        writer.Write("GGUF"u8);
        writer.Write(3);
        writer.Write((ulong)directions.Length);
        writer.Write(6UL);
        WriteEntry(writer, ControlVectorKeys.Architecture, ControlVectorKeys.ControlVector);
        WriteEntry(writer, "general.name", maps.Concept);
        WriteEntry(writer, ControlVectorKeys.ModelHint, model.Architecture);
        WriteName(writer, ControlVectorKeys.LayerCount);
        writer.Write((uint)Gguf.GgufValueType.UInt32);
        writer.Write((uint)directions.Length);
        WriteEntry(writer, ControlVectorKeys.OwnConcept, maps.Concept);
        WriteEntry(writer, ControlVectorKeys.OwnModelBase, model.BaseHash);

        var size = Padded((long)model.Width * sizeof(float));
        for (var i = 0; i < directions.Length; i++)
        {
            WriteName(writer, $"{ControlVectorKeys.DirectionPrefix}{directions[i].Layer}");
            writer.Write(1u);
            writer.Write((ulong)model.Width);
            writer.Write(ControlVectorKeys.F32);
            writer.Write((ulong)(i * size));
        }

        writer.Flush();

        // llama.cpp reads the padding behind the last tensor too, and refuses a file without it.
        var bytes = new byte[checked(Padded(stream.Length) + (directions.Length * size))];
        stream.GetBuffer().AsSpan(0, (int)stream.Length).CopyTo(bytes);
        for (var i = 0; i < directions.Length; i++)
        {
            LittleEndian.WriteSingles(bytes.AsSpan((int)(Padded(stream.Length) + (i * size))), directions[i].Values);
        }

        return bytes;
    }

    private static long Padded(long length) => (length + Alignment - 1) / Alignment * Alignment;

    private static void WriteEntry(BinaryWriter writer, string key, string value)
    {
        WriteName(writer, key);
        writer.Write((uint)Gguf.GgufValueType.String);
        WriteName(writer, value);
    }

    private static void WriteName(BinaryWriter writer, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        writer.Write((ulong)bytes.Length);
        writer.Write(bytes);
    }
}
