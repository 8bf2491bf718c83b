using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;

namespace SemanticKernel.Steering;

/// <summary>Writes map set files. The same content always gives the same bytes.</summary>
internal static class MapSetWriter
{
    // Data that starts on a multiple of 8 bytes suits readers that map files into memory.
    private const int Alignment = 8;

    public static byte[] Write(MapSetMetadata metadata, SortedList<Site, SiteMap> maps)
    {
        var header = Header(metadata, maps);
        var padding = (Alignment - (header.Length % Alignment)) % Alignment;
        var dataBytes = maps.Sum(pair => (long)Parts(pair.Value).Length * pair.Value.Width * sizeof(float));
        var bytes = new byte[checked(sizeof(ulong) + header.Length + padding + dataBytes)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)(header.Length + padding));
        var rest = bytes.AsSpan(sizeof(ulong));
        header.CopyTo(rest);
        rest.Slice(header.Length, padding).Fill((byte)' ');
        rest = rest[(header.Length + padding)..];
        foreach (var map in maps.Values)
        {
            foreach (var part in Parts(map))
            {
                LittleEndian.WriteSingles(rest, Values(map, part));
                rest = rest[(map.Width * sizeof(float))..];
            }
        }

        return bytes;
    }

    private static string[] Parts(SiteMap map) => map switch
    {
        DirectionAblation => [MapSetKeys.Direction],
        NormPreservingShift => [MapSetKeys.Shift],
        { IsUnbounded: true } => [MapSetKeys.Slope, MapSetKeys.Intercept],
        _ => [MapSetKeys.Slope, MapSetKeys.Intercept, MapSetKeys.SupportLow, MapSetKeys.SupportHigh],
    };

    private static ReadOnlySpan<float> Values(SiteMap map, string part) => (map, part) switch
    {
        (DirectionAblation ablation, _) => ablation.Direction,
        (NormPreservingShift shift, _) => shift.Shift,
        (TransportMap affine, MapSetKeys.Slope) => affine.Slope,
        (TransportMap affine, MapSetKeys.Intercept) => affine.Intercept,
        (TransportMap affine, MapSetKeys.SupportLow) => affine.SupportLow,
        _ => ((TransportMap)map).SupportHigh,
    };

    private static ReadOnlySpan<byte> Header(MapSetMetadata metadata, SortedList<Site, SiteMap> maps)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteStartObject("__metadata__");
        WriteMetadata(json, metadata);
        foreach (var (site, map) in maps.Where(pair => pair.Value is not TransportMap))
        {
            json.WriteString($"{MapSetKeys.OperationPrefix}{site}", map.Operation);
        }

        json.WriteEndObject();
        long offset = 0;
        foreach (var (site, map) in maps)
        {
            foreach (var part in Parts(map))
            {
                var end = offset + ((long)map.Width * sizeof(float));
                WriteTensor(json, $"{site}.{part}", map.Width, offset, end);
                offset = end;
            }
        }

        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan;
    }

    private static void WriteTensor(Utf8JsonWriter json, string name, int width, long begin, long end)
    {
        json.WriteStartObject(name);
        json.WriteString("dtype", "F32");
        json.WriteStartArray("shape");
        json.WriteNumberValue(width);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(begin);
        json.WriteNumberValue(end);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteMetadata(Utf8JsonWriter json, MapSetMetadata metadata)
    {
        var model = metadata.Model;
        Write(MapSetKeys.Format, MapSetKeys.FormatValue);
        Write(MapSetKeys.Version, MapSetKeys.VersionValue);
        Write(MapSetKeys.Concept, metadata.Concept);
        Write(MapSetKeys.Estimator, Name(metadata.Estimator));
        Write(MapSetKeys.FitMode, Name(metadata.Mode));
        Write(MapSetKeys.FitOrder, Name(metadata.Order));
        Write(MapSetKeys.CausalSides, Name(metadata.CausalSides));
        Write(MapSetKeys.Pooling, Name(metadata.Pooling));
        Write(MapSetKeys.Tokens, Name(metadata.Tokens));
        Write(MapSetKeys.Shrinkage, Name(metadata.Shrinkage));
        Write(MapSetKeys.HeldOutShare, metadata.HeldOutShare?.ToString("R", CultureInfo.InvariantCulture));
        Write(MapSetKeys.Scope, SnakeNames<SteeringScope>.Of(metadata.Scope));
        Write(MapSetKeys.StrengthDefault, metadata.RecommendedStrength?.ToString("R", CultureInfo.InvariantCulture));
        Write(MapSetKeys.Architecture, model.Architecture);
        Write(MapSetKeys.ModelName, model.Name);
        Write(MapSetKeys.Width, Number(model.Width));
        Write(MapSetKeys.Layers, Number(model.Layers));
        Write(MapSetKeys.BaseHash, model.BaseHash);
        Write(MapSetKeys.WeightsHash, model.WeightsHash);
        Write(MapSetKeys.ChatTemplate, metadata.ChatTemplateSha256);
        Write(MapSetKeys.SourceCount, Number(metadata.SourceCount));
        Write(MapSetKeys.TargetCount, Number(metadata.TargetCount));
        Write(MapSetKeys.Data, metadata.DataSha256);
        Write(MapSetKeys.Created, metadata.Created?.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
        Write(MapSetKeys.Tool, metadata.Tool);

        void Write(string key, string? value)
        {
            if (value is not null)
            {
                json.WriteString(key, value);
            }
        }
    }

    private static string? Name<T>(T? value)
        where T : struct, Enum => value is { } known ? SnakeNames<T>.Of(known) : null;

    private static string? Number(int? value) => value?.ToString(CultureInfo.InvariantCulture);
}
