using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.SemanticKernel;

namespace SemanticKernel.Steering.Tests.Settings;

public sealed class FromExecutionSettingsTests
{
    public static TheoryData<string> OwnPropertyNames => SteeredLlamaPromptExecutionSettingsTests.OwnPropertyNames;

    [Fact]
    public void Null_GivesNewSettings()
    {
        var settings = SteeredLlamaPromptExecutionSettings.FromExecutionSettings(null);

        Assert.NotSame(settings, SteeredLlamaPromptExecutionSettings.FromExecutionSettings(null));
        Assert.All(SettingsSamples.Properties, property => Assert.Null(property.GetValue(settings)));
    }

    [Fact]
    public void SameType_IsReturnedAsItIs()
    {
        var settings = SettingsSamples.Full();

        Assert.Same(settings, SteeredLlamaPromptExecutionSettings.FromExecutionSettings(settings));
    }

    [Theory]
    [MemberData(nameof(OwnPropertyNames))]
    public void ExtensionDataFromJson_FillsProperty(string name)
    {
        var property = typeof(SteeredLlamaPromptExecutionSettings).GetProperty(name)!;
        var loose = JsonSerializer.Deserialize<PromptExecutionSettings>(JsonSerializer.Serialize(SettingsSamples.Full()))!;

        var settings = SteeredLlamaPromptExecutionSettings.FromExecutionSettings(loose);

        Assert.Equal(SettingsSamples.ValueFor(property), property.GetValue(settings));
        Assert.Equal(loose.ServiceId, settings.ServiceId);
        Assert.Equal(loose.ModelId, settings.ModelId);
        Assert.Equal("value", settings.ExtensionData!["other"].ToString());
    }

    [Fact]
    public void ExtensionDataFromYaml_TextsBecomeNumbers()
    {
        var settings = SteeredLlamaPromptExecutionSettings.FromExecutionSettings(new PromptExecutionSettings
        {
            ExtensionData = new Dictionary<string, object>
            {
                ["temperature"] = "0.25",
                ["Max_Tokens"] = "12",
                ["stop_sequences"] = new List<object> { "a", "b" },
                ["concepts"] = new Dictionary<object, object> { ["toxicity"] = "1.5", ["honesty"] = 1 },
            },
        });

        Assert.Equal(0.25f, settings.Temperature);
        Assert.Equal(12, settings.MaxTokens);
        Assert.Equal(["a", "b"], settings.StopSequences!);
        Assert.Equal(new Dictionary<string, double> { ["toxicity"] = 1.5, ["honesty"] = 1 }, settings.Concepts!);
    }

    [Fact]
    public void SettingsOfAnotherConnector_GiveWhatTheyShare()
    {
        var settings = SteeredLlamaPromptExecutionSettings.FromExecutionSettings(new HostedSettings
        {
            ServiceId = "guarded",
            Temperature = 0.5,
            MaxTokens = 7,
            StopSequences = ["."],
            User = "someone",
        });

        Assert.Equal("guarded", settings.ServiceId);
        Assert.Equal(0.5f, settings.Temperature);
        Assert.Equal(7, settings.MaxTokens);
        Assert.Equal(["."], settings.StopSequences!);
        Assert.Null(settings.Concepts);
    }

    [Fact]
    public void FunctionChoiceBehavior_IsRestored()
    {
        var behavior = FunctionChoiceBehavior.Auto(autoInvoke: false);

        Assert.Same(behavior, SteeredLlamaPromptExecutionSettings.FromExecutionSettings(new PromptExecutionSettings { FunctionChoiceBehavior = behavior }).FunctionChoiceBehavior);
    }

    [Theory]
    [InlineData("\"toxicity\"")]
    [InlineData("1.5")]
    [InlineData("true")]
    [InlineData("""["toxicity"]""")]
    [InlineData("""[{"toxicity":1}]""")]
    [InlineData("""{"toxicity":"very"}""")]
    [InlineData("""{"toxicity":null}""")]
    [InlineData("""{"toxicity":true}""")]
    [InlineData("""{"toxicity":{"strength":1}}""")]
    [InlineData("""{"toxicity":[1]}""")]
    [InlineData("""{"toxicity":0,"toxicity":1}""")]
    public void ConceptsOfAWrongType_AreRefused(string concepts)
    {
        var loose = JsonSerializer.Deserialize<PromptExecutionSettings>($$"""{"concepts":{{concepts}}}""")!;

        Assert.Throws<SteeringPolicyException>(() => SteeredLlamaPromptExecutionSettings.FromExecutionSettings(loose));
    }

    [Fact]
    public void ConceptsNull_AreUnset() =>
        Assert.Null(SteeredLlamaPromptExecutionSettings.FromExecutionSettings(JsonSerializer.Deserialize<PromptExecutionSettings>("""{"concepts":null}""")).Concepts);

    [Theory]
    [InlineData("temperature", "hot")]
    [InlineData("max_tokens", "1.5")]
    [InlineData("stop_sequences", ".")]
    public void OtherValueOfAWrongType_IsRefusedByName(string key, string value)
    {
        var loose = new PromptExecutionSettings { ExtensionData = new Dictionary<string, object> { [key] = value } };

        var error = Assert.Throws<ArgumentException>(() => SteeredLlamaPromptExecutionSettings.FromExecutionSettings(loose));
        Assert.Contains(key, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void StrengthThatIsNoNumber_SurvivesForThePolicyToRefuse(double strength)
    {
        var settings = new SteeredLlamaPromptExecutionSettings { Concepts = new Dictionary<string, double> { ["toxicity"] = strength } };

        var loose = JsonSerializer.Deserialize<PromptExecutionSettings>(JsonSerializer.Serialize(settings))!;

        Assert.Equal(
            strength.ToString(CultureInfo.InvariantCulture),
            SteeredLlamaPromptExecutionSettings.FromExecutionSettings(loose).Concepts!["toxicity"].ToString(CultureInfo.InvariantCulture));
    }

    private sealed class HostedSettings : PromptExecutionSettings
    {
        [JsonPropertyName("temperature")]
        public double? Temperature { get; set; }

        [JsonPropertyName("max_tokens")]
        public int? MaxTokens { get; set; }

        [JsonPropertyName("seed")]
        public long? Seed { get; set; }

        [JsonPropertyName("stop_sequences")]
        public IList<string>? StopSequences { get; set; }

        [JsonPropertyName("user")]
        public string? User { get; set; }
    }
}
