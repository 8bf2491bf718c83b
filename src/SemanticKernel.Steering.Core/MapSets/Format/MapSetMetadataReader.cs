using System.Globalization;

namespace SemanticKernel.Steering;

/// <summary>Turns a file's metadata into typed metadata. Known keys are read strictly, unknown ones are passed over.</summary>
internal sealed class MapSetMetadataReader(IReadOnlyDictionary<string, string> values)
{
    /// <exception cref="InvalidDataException">A value is missing or not understood.</exception>
    public MapSetMetadata Read()
    {
        RequireValue(MapSetKeys.Format, MapSetKeys.FormatValue);
        RequireValue(MapSetKeys.Version, MapSetKeys.VersionValue);
        return new MapSetMetadata
        {
            Concept = Required(MapSetKeys.Concept),
            Model = new ModelIdentity(
                Required(MapSetKeys.Architecture),
                Required(MapSetKeys.ModelName),
                Count(MapSetKeys.Width) ?? throw Missing(MapSetKeys.Width),
                Count(MapSetKeys.Layers) ?? throw Missing(MapSetKeys.Layers),
                Required(MapSetKeys.BaseHash),
                Required(MapSetKeys.WeightsHash)),
            Scope = Name<SteeringScope>(MapSetKeys.Scope) ?? SteeringScope.All,
            RecommendedStrength = Number(MapSetKeys.StrengthDefault),
            ChatTemplateSha256 = Optional(MapSetKeys.ChatTemplate),
            Estimator = Name<TransportEstimator>(MapSetKeys.Estimator),
            Mode = Name<FitMode>(MapSetKeys.FitMode),
            Order = Name<FitOrder>(MapSetKeys.FitOrder),
            CausalSides = Name<CausalSides>(MapSetKeys.CausalSides),
            Pooling = Name<Pooling>(MapSetKeys.Pooling),
            Tokens = Name<TokenSelection>(MapSetKeys.Tokens),
            Shrinkage = Name<Shrinkage>(MapSetKeys.Shrinkage),
            HeldOutShare = Number(MapSetKeys.HeldOutShare),
            SourceCount = Count(MapSetKeys.SourceCount),
            TargetCount = Count(MapSetKeys.TargetCount),
            DataSha256 = Optional(MapSetKeys.Data),
            Created = Time(MapSetKeys.Created),
            Tool = Optional(MapSetKeys.Tool),
        };
    }

    private static InvalidDataException Missing(string key) => new($"its metadata lacks '{key}'");

    private static InvalidDataException Unknown(string key, string value, string wanted) =>
        new($"its metadata has '{key}' = '{value}', where {wanted} is expected");

    private string? Optional(string key) => values.GetValueOrDefault(key);

    private string Required(string key) => Optional(key) ?? throw Missing(key);

    private void RequireValue(string key, string wanted)
    {
        var value = Required(key);
        if (value != wanted)
        {
            throw Unknown(key, value, $"'{wanted}'");
        }
    }

    private T? Name<T>(string key)
        where T : struct, Enum
    {
        if (Optional(key) is not { } value)
        {
            return null;
        }

        return SnakeNames<T>.TryParse(value, out var known) ? known : throw Unknown(key, value, $"one of {string.Join(", ", SnakeNames<T>.All)}");
    }

    private int? Count(string key)
    {
        if (Optional(key) is not { } value)
        {
            return null;
        }

        return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Unknown(key, value, "a whole number");
    }

    private double? Number(string key)
    {
        if (Optional(key) is not { } value)
        {
            return null;
        }

        return double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : throw Unknown(key, value, "a finite number");
    }

    private DateTimeOffset? Time(string key)
    {
        if (Optional(key) is not { } value)
        {
            return null;
        }

        return DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw Unknown(key, value, "a time");
    }
}
