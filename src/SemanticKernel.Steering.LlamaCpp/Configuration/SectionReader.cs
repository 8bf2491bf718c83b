using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace SemanticKernel.Steering.LlamaCpp.Configuration;

/// <summary>
/// Reads one section and notes every mistake with its path: values that do not parse, keys nobody asked for, and empty
/// sections. The options binder reports none of the last two.
/// </summary>
internal sealed class SectionReader(IConfigurationSection section, ConfigurationMistakes mistakes)
{
    private readonly HashSet<string> _asked = new(StringComparer.OrdinalIgnoreCase);

    internal string Path => section.Path;

    internal string? Text(string key) => Value(key);

    internal string? RequiredText(string key)
    {
        RequirePresence(key);
        return Value(key);
    }

    internal int? Integer(string key) => Parse(key, "a whole number", value =>
        int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : (int?)null);

    internal uint? Seed(string key) => Parse(key, "a whole number from 0 to 4294967295", value =>
        uint.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : (uint?)null);

    /// <summary>Reads a time. A bare number would be days to .NET and something else to whoever wrote it, so it is refused.</summary>
    internal TimeSpan? Time(string key) => Parse(key, "a time as hours:minutes:seconds, like 00:01:30", value =>
        value.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out var time) ? time : (TimeSpan?)null);

    /// <summary>Reads a number that hidden states, single-precision floats, can be scaled by. Text such as NaN parses as a number and is refused here.</summary>
    internal double? Number(string key) => Parse(key, "a finite number", value =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && Math.Abs(number) <= float.MaxValue ? number : (double?)null);

    internal double? RequiredNumber(string key)
    {
        RequirePresence(key);
        return Number(key);
    }

    internal bool? Boolean(string key) => Parse(key, "true or false", value => bool.TryParse(value, out var flag) ? flag : (bool?)null);

    internal T? Name<T>(string key) where T : struct, Enum => Parse(key, $"one of {string.Join(", ", Enum.GetNames<T>())}", value =>
        Enum.GetNames<T>().Contains(value, StringComparer.OrdinalIgnoreCase) ? Enum.Parse<T>(value, ignoreCase: true) : (T?)null);

    /// <summary>The names below a key, those of entries with mistakes included, so that one mistake does not bring up others.</summary>
    internal IReadOnlyList<string> Names(string key) => [.. Child(key)?.GetChildren().Select(entry => entry.Key) ?? []];

    /// <summary>The sections below a key, by name.</summary>
    internal IReadOnlyList<SectionReader> Sections(string key)
    {
        if (Child(key) is not { } child || IsEmpty(child) || IsValue(child))
        {
            return [];
        }

        // To a configuration a list is a section with the names 0, 1, 2.
        if (IsList(child))
        {
            mistakes.Add(child.Path, "must be a section with a name for every entry, not a list");
            return [];
        }

        return [.. child.GetChildren().Where(entry => !IsEmpty(entry) && !IsValue(entry)).Select(entry => new SectionReader(entry, mistakes))];
    }

    /// <summary>A list of texts, or null if the key is absent.</summary>
    internal IReadOnlyList<string>? Texts(string key) => Child(key) is { } child && !IsEmpty(child) && !IsNoList(child) ? ReadTexts(child) : null;

    /// <summary>A list of lists of texts.</summary>
    internal IReadOnlyList<IReadOnlyList<string>> TextLists(string key) => Child(key) is { } child && !IsEmpty(child) && !IsNoList(child)
        ? [.. child.GetChildren().Where(entry => !IsEmpty(entry) && !IsNoList(entry)).Select(ReadTexts)]
        : [];

    internal string Key => section.Key;

    /// <summary>Whether the key is there, whatever its value.</summary>
    internal bool Has(string key) => Child(key) is not null;

    internal void Note(string key, string what) => mistakes.Add($"{section.Path}:{key}", what);

    internal void Note(string what) => mistakes.Add(section.Path, what);

    /// <summary>Notes every key that was not asked for. Call last.</summary>
    internal void Finish()
    {
        foreach (var child in section.GetChildren().Where(child => !_asked.Contains(child.Key)))
        {
            mistakes.Add(child.Path, $"unknown key. Known here: {string.Join(", ", _asked.Order(StringComparer.Ordinal))}");
        }
    }

    private List<string> ReadTexts(IConfigurationSection list)
    {
        var texts = new List<string>();
        foreach (var entry in list.GetChildren())
        {
            if (string.IsNullOrWhiteSpace(entry.Value))
            {
                mistakes.Add(entry.Path, "must be a text");
            }
            else
            {
                texts.Add(entry.Value);
            }
        }

        return texts;
    }

    private string? Value(string key)
    {
        if (Child(key) is not { } child)
        {
            return null;
        }

        if (child.GetChildren().Any())
        {
            mistakes.Add(child.Path, "must be a single value");
            return null;
        }

        return IsEmpty(child) ? null : child.Value;
    }

    private T? Parse<T>(string key, string expected, Func<string, T?> parse) where T : struct
    {
        if (Value(key) is not { } value)
        {
            return null;
        }

        var parsed = parse(value);
        if (parsed is null)
        {
            Note(key, $"must be {expected}, not '{value}'");
        }

        return parsed;
    }

    /// <summary>A section that is present. Absent and empty look alike to <c>GetSection</c>, but only the present is a child.</summary>
    private IConfigurationSection? Child(string key)
    {
        _asked.Add(key);
        return section.GetChildren().FirstOrDefault(child => string.Equals(child.Key, key, StringComparison.OrdinalIgnoreCase));
    }

    private bool IsEmpty(IConfigurationSection child)
    {
        var isEmpty = string.IsNullOrWhiteSpace(child.Value) && !child.GetChildren().Any();
        if (isEmpty)
        {
            mistakes.Add(child.Path, "is empty");
        }

        return isEmpty;
    }

    private bool IsValue(IConfigurationSection child)
    {
        var isValue = child.Value is not null;
        if (isValue)
        {
            mistakes.Add(child.Path, $"must be a section, not '{child.Value}'");
        }

        return isValue;
    }

    private bool IsNoList(IConfigurationSection child)
    {
        var isValue = child.Value is not null;
        var isNoList = isValue || !IsList(child);
        if (isNoList)
        {
            mistakes.Add(child.Path, isValue ? $"must be a list, not '{child.Value}'" : "must be a list, not a section");
        }

        return isNoList;
    }

    private static bool IsList(IConfigurationSection child) => child.GetChildren().All(entry => entry.Key.All(char.IsAsciiDigit));

    private void RequirePresence(string key)
    {
        if (Child(key) is null)
        {
            Note(key, "is required");
        }
    }
}
