using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.SemanticKernel;

namespace SemanticKernel.Steering.Tests.Settings;

public sealed class SteeredLlamaPromptExecutionSettingsTests
{
    public static TheoryData<string> PropertyNames => [.. SettingsSamples.Properties.Select(property => property.Name)];

    public static TheoryData<string> OwnPropertyNames => [.. SettingsSamples.OwnProperties.Select(property => property.Name)];

    [Fact]
    public void Defaults_AreUnset() =>
        Assert.All(SettingsSamples.Properties, property => Assert.Null(property.GetValue(new SteeredLlamaPromptExecutionSettings())));

    [Theory]
    [MemberData(nameof(PropertyNames))]
    public void Clone_CopiesProperty(string name)
    {
        var property = Property(name);

        var clone = Assert.IsType<SteeredLlamaPromptExecutionSettings>(SettingsSamples.Full().Clone());

        Assert.Equal(SettingsSamples.ValueFor(property), property.GetValue(clone));
    }

    [Fact]
    public void Clone_OfEmptySettings_IsEmpty() =>
        Assert.All(SettingsSamples.Properties, property => Assert.Null(property.GetValue(new SteeredLlamaPromptExecutionSettings().Clone())));

    [Fact]
    public void Clone_OfFrozenSettings_MayBeChangedWithoutEffectOnThem()
    {
        var frozen = SettingsSamples.Full();
        frozen.Freeze();

        var clone = (SteeredLlamaPromptExecutionSettings)frozen.Clone();
        clone.Concepts!["toxicity"] = 0;
        clone.StopSequences!.Clear();
        clone.ExtensionData!.Clear();
        clone.Temperature = 1;

        Assert.False(clone.IsFrozen);
        Assert.Equal(1.5, frozen.Concepts!["toxicity"]);
        Assert.Equal(2, frozen.StopSequences!.Count);
        Assert.Single(frozen.ExtensionData!);
        Assert.Equal(0.3f, frozen.Temperature);
    }

    [Theory]
    [MemberData(nameof(PropertyNames))]
    public void Freeze_PropertyThrowsWhenSet(string name)
    {
        var property = Property(name);
        var settings = SettingsSamples.Full();

        settings.Freeze();
        settings.Freeze();

        Assert.True(settings.IsFrozen);
        var error = Assert.Throws<TargetInvocationException>(() => property.SetValue(settings, SettingsSamples.ValueFor(property)));
        Assert.IsType<InvalidOperationException>(error.InnerException);
        Assert.Equal(SettingsSamples.ValueFor(property), property.GetValue(settings));
    }

    [Fact]
    public void Freeze_CollectionsBecomeReadOnly_AndNoLongerFollowTheirSource()
    {
        var concepts = new Dictionary<string, double> { ["toxicity"] = 1 };
        var stops = new List<string> { "." };
        var settings = new SteeredLlamaPromptExecutionSettings { Concepts = concepts, StopSequences = stops };

        settings.Freeze();
        concepts["toxicity"] = 0;
        stops.Clear();

        Assert.Throws<NotSupportedException>(() => settings.Concepts!["toxicity"] = 0);
        Assert.Throws<NotSupportedException>(() => settings.StopSequences!.Add("!"));
        Assert.Equal(1, settings.Concepts!["toxicity"]);
        Assert.Single(settings.StopSequences!);
    }

    [Theory]
    [MemberData(nameof(OwnPropertyNames))]
    public void Json_RoundTrip_KeepsProperty(string name)
    {
        var property = Property(name);
        var settings = new SteeredLlamaPromptExecutionSettings();
        property.SetValue(settings, SettingsSamples.ValueFor(property));

        var json = JsonSerializer.Serialize(settings);
        var read = JsonSerializer.Deserialize<SteeredLlamaPromptExecutionSettings>(json)!;

        Assert.Equal(SettingsSamples.ValueFor(property), property.GetValue(read));
        Assert.Equal([JsonName(property)], SettingsSamples.OwnProperties.Select(JsonName).Where(key => json.Contains($"\"{key}\"", StringComparison.Ordinal)));
        Assert.True(read.ExtensionData is null or { Count: 0 });
    }

    [Fact]
    public void Json_Names_AreThoseSemanticKernelMaps()
    {
        string[] names =
        [
            "chat_system_prompt", "concepts", "frequency_penalty", "max_tokens", "min_p", "presence_penalty",
            "repeat_penalty", "seed", "stop_sequences", "temperature", "top_k", "top_p",
        ];

        Assert.Equal(names, SettingsSamples.OwnProperties.Select(JsonName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void BaseClone_WouldLoseTypedProperties()
    {
        // What the override of Clone is for: a type without one turns into the base type when a function freezes its settings.
        var clone = new SettingsWithoutClone { Strength = 1 }.Clone();

        Assert.Equal(typeof(PromptExecutionSettings), clone.GetType());
    }

    private static PropertyInfo Property(string name) => typeof(SteeredLlamaPromptExecutionSettings).GetProperty(name)!;

    private static string JsonName(PropertyInfo property) => property.GetCustomAttribute<JsonPropertyNameAttribute>()!.Name;

    private sealed class SettingsWithoutClone : PromptExecutionSettings
    {
        public double? Strength { get; set; }
    }
}
