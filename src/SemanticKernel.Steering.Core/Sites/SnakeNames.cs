using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace SemanticKernel.Steering;

/// <summary>The snake_case names under which the members of an enumeration stand in files and tensor names.</summary>
internal static class SnakeNames<T>
    where T : struct, Enum
{
    private static readonly FrozenDictionary<T, string> NameOf = Enum.GetValues<T>()
        .ToFrozenDictionary(value => value, Name);

    private static readonly FrozenDictionary<string, T> ValueOf = NameOf
        .ToFrozenDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);

    public static IEnumerable<string> All => ValueOf.Keys.Order(StringComparer.Ordinal);

    public static string Of(T value) => NameOf.TryGetValue(value, out var name)
        ? name
        : throw new ArgumentOutOfRangeException(nameof(value), value, $"This is no {typeof(T).Name}.");

    // AurA is one word, whatever its capitals say.
    private static string Name(T value) => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString().Replace("AurA", "Aura", StringComparison.Ordinal));

    public static bool TryParse([NotNullWhen(true)] string? name, out T value)
    {
        value = default;
        return name is not null && ValueOf.TryGetValue(name, out value);
    }
}
