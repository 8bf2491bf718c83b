using Microsoft.Extensions.Options;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Configuration;

public sealed class ConfigurationMistakeTests : IDisposable
{
    private const string Policies = """
        "DefaultPolicy": "family",
        "Policies": { "family": { "Order": ["a", "b"], "Exclusive": [["a", "b"]],
                                  "Concepts": { "a": { "Strength": 1.0, "Min": 0.8, "Max": 1.2, "Override": "Within" }, "b": { "Strength": 0 } } } }
        """;

    private readonly SteeringFolder _folder = new();
    private readonly string _valid;

    public ConfigurationMistakeTests()
    {
        _folder.WriteMap("a");
        _folder.WriteMap("b");
        _valid = _folder.Section(["a", "b"], Policies);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void FromConfiguration_ValidSection_HasNoMistakes()
    {
        var options = SteeredLlamaOptions.FromConfiguration(SteeringFolder.Parse(_valid));

        Assert.Equal(TinyChat.ModelPath, options.ModelPath);
        Assert.Equal(1, options.Threads);
        Assert.Equal("family", options.DefaultPolicy);
    }

    [Theory]
    // Unknown keys at any depth.
    [InlineData("Temperature", "1", "Temperature")]
    [InlineData("Concepts:a:Mpa", "\"x\"", "Concepts:a:Mpa")]
    [InlineData("Policies:family:Concept", "{ \"a\": 1 }", "Policies:family:Concept")]
    [InlineData("Policies:family:Concepts:a:Strenght", "1", "Policies:family:Concepts:a:Strenght")]
    [InlineData("Policies:family:Concepts:a:Nested", "{ \"x\": { \"y\": 1 } }", "Policies:family:Concepts:a:Nested")]
    [InlineData("Policies:family:Concepts:a:Nested", "{}", "Policies:family:Concepts:a:Nested")]
    // Empty sections and values.
    [InlineData("Concepts", "{}", "Concepts")]
    [InlineData("Concepts:a", "{}", "Concepts:a")]
    [InlineData("Concepts:a", "null", "Concepts:a")]
    [InlineData("Concepts:a:Map", "\"\"", "Concepts:a:Map")]
    [InlineData("Concepts:a:Map", "{}", "Concepts:a:Map")]
    [InlineData("Concepts:a:Sha256", "\"\"", "Concepts:a:Sha256")]
    [InlineData("Policies", "{}", "Policies")]
    [InlineData("Policies:family", "{}", "Policies:family")]
    [InlineData("Policies:family:Concepts", "{}", "Policies:family:Concepts")]
    [InlineData("Policies:family:Concepts:b", "{}", "Policies:family:Concepts:b")]
    [InlineData("Policies:family:Concepts:b:Strength", "{}", "Policies:family:Concepts:b:Strength")]
    [InlineData("Policies:family:Concepts:b:Strength", "null", "Policies:family:Concepts:b:Strength")]
    [InlineData("Policies:family:Order", "[]", "Policies:family:Order")]
    [InlineData("Policies:family:Order", "{}", "Policies:family:Order")]
    [InlineData("Policies:family:Exclusive", "[]", "Policies:family:Exclusive")]
    [InlineData("ModelId", "\"\"", "ModelId")]
    [InlineData("ModelPath", "\" \"", "ModelPath")]
    [InlineData("DefaultPolicy", "null", "DefaultPolicy")]
    // Numbers.
    [InlineData("Policies:family:Concepts:a:Strength", "\"1,5\"", "Policies:family:Concepts:a:Strength")]
    [InlineData("Policies:family:Concepts:a:Strength", "\"NaN\"", "Policies:family:Concepts:a:Strength")]
    [InlineData("Policies:family:Concepts:a:Strength", "\"Infinity\"", "Policies:family:Concepts:a:Strength")]
    [InlineData("Policies:family:Concepts:a:Strength", "\"-Infinity\"", "Policies:family:Concepts:a:Strength")]
    [InlineData("Policies:family:Concepts:a:Strength", "\"∞\"", "Policies:family:Concepts:a:Strength")]
    [InlineData("Policies:family:Concepts:a:Strength", "\"1e400\"", "Policies:family:Concepts:a:Strength")]
    [InlineData("Policies:family:Concepts:a:Strength", "\"1e300\"", "Policies:family:Concepts:a:Strength")]
    [InlineData("Policies:family:Concepts:a:Strength", "\"0x1\"", "Policies:family:Concepts:a:Strength")]
    [InlineData("Policies:family:Concepts:a:Strength", "true", "Policies:family:Concepts:a:Strength")]
    [InlineData("Policies:family:Concepts:a:Strength", "\"1.0 percent\"", "Policies:family:Concepts:a:Strength")]
    [InlineData("Policies:family:Concepts:a:Strength", "[1.0]", "Policies:family:Concepts:a:Strength")]
    [InlineData("Policies:family:Concepts:a:Min", "\"NaN\"", "Policies:family:Concepts:a:Min")]
    [InlineData("Policies:family:Concepts:a:Max", "\"1,2\"", "Policies:family:Concepts:a:Max")]
    [InlineData("Policies:family:Concepts:a:Max", "1e39", "Policies:family:Concepts:a:Max")]
    [InlineData("Policies:family:Concepts:a:Max", "0.9", "Policies:family:Concepts:a")]
    [InlineData("Policies:family:Concepts:a:Min", "1.1", "Policies:family:Concepts:a")]
    [InlineData("Threads", "\"1.5\"", "Threads")]
    [InlineData("Threads", "\"1,000\"", "Threads")]
    [InlineData("Threads", "99999999999", "Threads")]
    [InlineData("Threads", "0", "Threads")]
    [InlineData("Threads", "true", "Threads")]
    [InlineData("ContextSize", "-1", "ContextSize")]
    [InlineData("BatchSize", "0", "BatchSize")]
    [InlineData("BatchSize", "\"0x10\"", "BatchSize")]
    [InlineData("GpuLayers", "-2", "GpuLayers")]
    [InlineData("RequestTimeout", "30", "RequestTimeout")]
    [InlineData("RequestTimeout", "\"30\"", "RequestTimeout")]
    [InlineData("RequestTimeout", "\"30s\"", "RequestTimeout")]
    [InlineData("RequestTimeout", "\"00:00:61\"", "RequestTimeout")]
    [InlineData("RequestTimeout", "\"00:00:00\"", "RequestTimeout")]
    [InlineData("FirstTokenTimeout", "\"-00:00:01\"", "FirstTokenTimeout")]
    [InlineData("FirstTokenTimeout", "\"60.00:00:00\"", "FirstTokenTimeout")]
    [InlineData("Seed", "-1", "Seed")]
    [InlineData("Seed", "4294967296", "Seed")]
    [InlineData("MemoryMap", "1", "MemoryMap")]
    [InlineData("MemoryMap", "\"yes\"", "MemoryMap")]
    // Names from a closed set, by name only.
    [InlineData("Policies:family:Concepts:a:Override", "\"Allow\"", "Policies:family:Concepts:a:Override")]
    [InlineData("Policies:family:Concepts:a:Override", "2", "Policies:family:Concepts:a:Override")]
    [InlineData("Policies:family:Concepts:a:Override", "\"Deny, Raise\"", "Policies:family:Concepts:a:Override")]
    [InlineData("PolicyViolation", "\"Ignore\"", "PolicyViolation")]
    [InlineData("PolicyViolation", "1", "PolicyViolation")]
    [InlineData("KvCacheType", "\"F64\"", "KvCacheType")]
    [InlineData("FlashAttention", "\"\"", "FlashAttention")]
    // Lists and sections in place of each other.
    [InlineData("Concepts", "[{ \"Map\": \"x\" }]", "Concepts")]
    [InlineData("Concepts", "\"a\"", "Concepts")]
    [InlineData("Concepts", "[\"a\"]", "Concepts")]
    [InlineData("Concepts:a", "\"maps/a.safetensors\"", "Concepts:a")]
    [InlineData("Policies", "[{ \"Concepts\": { \"a\": { \"Strength\": 1 } } }]", "Policies")]
    [InlineData("Policies:family:Concepts", "[\"a\", \"b\"]", "Policies:family:Concepts")]
    [InlineData("Policies:family:Concepts:a", "1.0", "Policies:family:Concepts:a")]
    [InlineData("Policies:family:Order", "\"a\"", "Policies:family:Order")]
    [InlineData("Policies:family:Order", "{ \"first\": \"a\", \"second\": \"b\" }", "Policies:family:Order")]
    [InlineData("Policies:family:Order", "[[\"a\"], \"b\"]", "Policies:family:Order:0")]
    [InlineData("Policies:family:Exclusive", "[\"a\", \"b\"]", "Policies:family:Exclusive:0")]
    [InlineData("Policies:family:Exclusive", "{ \"x\": [\"a\", \"b\"] }", "Policies:family:Exclusive")]
    [InlineData("ModelPath", "[\"a\"]", "ModelPath")]
    // Names and references.
    [InlineData("Concepts:Toxic!", "{ \"Map\": \"x\" }", "Concepts:Toxic!")]
    [InlineData("Policies:Family One", "{ \"Concepts\": { \"a\": { \"Strength\": 1 } } }", "Policies:Family One")]
    [InlineData("Policies:family:Concepts:c", "{ \"Strength\": 1 }", "Policies:family:Concepts:c")]
    [InlineData("Policies:family:Order", "[\"a\"]", "Policies:family:Order")]
    [InlineData("Policies:family:Order", "[\"a\", \"a\"]", "Policies:family:Order")]
    [InlineData("Policies:family:Order", "[\"a\", \"b\", \"c\"]", "Policies:family:Order")]
    [InlineData("Policies:family:Exclusive", "[[\"a\"]]", "Policies:family")]
    [InlineData("Policies:family:Exclusive", "[[\"a\", \"c\"]]", "Policies:family")]
    [InlineData("DefaultPolicy", "\"famly\"", "DefaultPolicy")]
    [InlineData("Concepts:a:Sha256", "\"abc\"", "Concepts:a:Sha256")]
    [InlineData("Concepts:a:Sha256", "\"zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz\"", "Concepts:a:Sha256")]
    [InlineData("Concepts:a:Sha256", "\"0000000000000000000000000000000000000000000000000000000000000000\"", "Concepts:a:Sha256")]
    // Files.
    [InlineData("ModelPath", "\"no-such.gguf\"", "ModelPath")]
    [InlineData("ModelPath", "\"a\\u0000b\"", "ModelPath")]
    [InlineData("Concepts:a:Map", "\"no-such.safetensors\"", "Concepts:a:Map")]
    [InlineData("Concepts:a:Map", "\"/\"", "Concepts:a:Map")]
    [InlineData("Concepts:a:Map", "\"a\\u0000b\"", "Concepts:a:Map")]
    public void FromConfiguration_OneMistake_IsNamedWithItsPath(string key, string json, string path)
    {
        var mistakes = MistakesOf(SteeringFolder.With(_valid, key, json));

        Assert.Contains(mistakes, mistake => mistake.StartsWith($"SteeredLlama:{path}: ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("ModelPath", "ModelPath")]
    [InlineData("DefaultPolicy", "DefaultPolicy")]
    [InlineData("Policies:family:Concepts:a:Strength", "Policies:family:Concepts:a:Strength")]
    public void FromConfiguration_RequiredKeyMissing_IsTheOnlyMistake(string key, string path) =>
        Assert.Equal([$"SteeredLlama:{path}: is required{(key == "DefaultPolicy" ? " when there are policies" : "")}"], MistakesOf(SteeringFolder.With(_valid, key, null)));

    [Theory]
    [InlineData("Concepts:a", "{}", "Concepts:a: is empty")]
    [InlineData("Concepts:a", "{ \"Sha256\": \"0000000000000000000000000000000000000000000000000000000000000000\" }", "Concepts:a:Map: is required")]
    [InlineData("Policies:family", "{}", "Policies:family: is empty")]
    [InlineData("Policies:family:Concepts:b", "{}", "Policies:family:Concepts:b: is empty")]
    [InlineData("Policies:family:Concepts:b:Strength", "\"x\"", "Policies:family:Concepts:b:Strength: must be a finite number, not 'x'")]
    public void FromConfiguration_OneMistake_BringsUpNoOthers(string key, string json, string mistake) =>
        Assert.Equal(["SteeredLlama:" + mistake], MistakesOf(SteeringFolder.With(_valid, key, json)));

    [Fact]
    public void FromConfiguration_OrderMissing_IsAMistakeOnlyWhereASiteIsShared()
    {
        var shared = Assert.Single(MistakesOf(SteeringFolder.With(_valid, "Policies:family:Order", null)));
        _folder.WriteMap("b", 0.1f, new Site(0, HookPoint.AttentionNorm));
        using var engine = SteeringFolder.Open(SteeringFolder.With(_valid, "Policies:family:Order", null));

        Assert.StartsWith("SteeredLlama:Policies:family:Order: is required", shared, StringComparison.Ordinal);
        Assert.Contains("blk.0.block_output", shared, StringComparison.Ordinal);
        Assert.Equal(1, engine.StrengthOf("a"));
    }

    [Fact]
    public void FromConfiguration_PolicyThatSteersExclusiveConceptsItself_IsAMistake() =>
        Assert.StartsWith(
            "SteeredLlama:Policies:family: ",
            Assert.Single(MistakesOf(SteeringFolder.With(_valid, "Policies:family:Concepts:b:Strength", "1"))),
            StringComparison.Ordinal);

    [Fact]
    public void FromConfiguration_MapOfAnotherConcept_IsAMistake()
    {
        TestMaps.Shift(TinyChat.ModelPath, "b", 0.1f).Save(_folder.PathOf("a"));

        Assert.Contains("'b'", Assert.Single(MistakesOf(_valid)), StringComparison.Ordinal);
    }

    [Fact]
    public void FromConfiguration_StrengthThatOverflowsTheMaps_IsAMistakeOfThePolicy()
    {
        TestMaps.Affine(TinyChat.ModelPath, "a", 1e20f, 0).Save(_folder.PathOf("a"));
        var section = SteeringFolder.With(_valid, "Policies:family:Concepts:a", """{ "Strength": 1e30 }""");

        Assert.StartsWith("SteeredLlama:Policies:family: ", Assert.Single(MistakesOf(section)), StringComparison.Ordinal);
    }

    [Fact]
    public void FromConfiguration_ManyMistakes_AreReportedTogether()
    {
        var section = _valid;
        section = SteeringFolder.With(section, "Threads", "\"many\"");
        section = SteeringFolder.With(section, "Typo", "{}");
        section = SteeringFolder.With(section, "Concepts:a:Map", "\"no-such.safetensors\"");
        section = SteeringFolder.With(section, "Policies:family:Concepts:a:Strength", "\"1,5\"");
        section = SteeringFolder.With(section, "Policies:family:Concepts:b:Surplus", "1");
        section = SteeringFolder.With(section, "DefaultPolicy", "\"other\"");

        var mistakes = MistakesOf(section);

        Assert.Equal(6, mistakes.Count);
        foreach (var path in new[] { "Threads", "Typo", "Concepts:a:Map", "Policies:family:Concepts:a:Strength", "Policies:family:Concepts:b:Surplus", "DefaultPolicy" })
        {
            Assert.Single(mistakes, mistake => mistake.StartsWith($"SteeredLlama:{path}: ", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("\"tinychat\"")]
    [InlineData("[1, 2]")]
    public void FromConfiguration_NoSection_IsAMistake(string section) =>
        Assert.Contains(MistakesOf(section), mistake => mistake.StartsWith("SteeredLlama:ModelPath: is required", StringComparison.Ordinal));

    [Fact]
    public void FromConfiguration_KeysInOtherCase_AreKnown()
    {
        var options = SteeredLlamaOptions.FromConfiguration(SteeringFolder.Parse(_valid.Replace("\"Threads\": 1", "\"THREADS\": 2", StringComparison.Ordinal)));

        Assert.Equal(2, options.Threads);
    }

    [Fact]
    public void Load_MapOfAnotherModel_IsAMistakeOfTheMap()
    {
        var identity = TestMaps.IdentityOf(TinyChat.ModelPath) with { WeightsHash = new string('0', 64) };
        TestMaps.Of(identity, "a", TestMaps.Shift(TinyChat.ModelPath, "a", 1f).Maps.Values.First()).Save(_folder.PathOf("a"));

        var error = Assert.Throws<OptionsValidationException>(() => SteeringFolder.Open(_valid));

        Assert.StartsWith("SteeredLlama:Concepts:a:Map: ", Assert.Single(error.Failures), StringComparison.Ordinal);
    }

    private static IReadOnlyList<string> MistakesOf(string section) =>
        [.. Assert.Throws<OptionsValidationException>(() => SteeredLlamaOptions.FromConfiguration(SteeringFolder.Parse(section))).Failures];
}
