using System.Text.Json;
using Microsoft.Extensions.AI;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Chat;

/// <summary>How strengths travel in the options of a call.</summary>
public sealed class SteeringRequestTests : IDisposable
{
    private readonly SteeredLlamaEngine _engine = TestEngine.OpenTinyChat(TestMaps.Shift(TinyChat.ModelPath, "tone", 0.1f));

    public static TheoryData<string> BadConcepts =>
    [
        """{"unknown": 1}""", """{"Tone": 1}""", """{"tone": "NaN"}""", """{"tone": "Infinity"}""", """{"tone": "-Infinity"}""", """{"tone": 1e999}""",
        """{"tone": "much"}""", """{"tone": true}""", """{"tone": null}""", """{"tone": [1]}""", """{"tone": {}}""", """{"tone": 1, "tone": 2}""",
        """["tone"]""", "\"tone\"", "1", "true",
    ];

    public static TheoryData<double> NotFinite => [double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.MaxValue];

    public void Dispose() => _engine.Dispose();

    [Theory]
    [MemberData(nameof(BadConcepts))]
    public async Task Ask_BadConceptsInJson_AreRefused(string json) =>
        await AssertRefused(SteeringKeys.Concepts, JsonSerializer.Deserialize<JsonElement>(json));

    [Theory]
    [MemberData(nameof(NotFinite))]
    public async Task Ask_StrengthThatIsNotFinite_IsRefused(double strength)
    {
        await AssertRefused(SteeringKeys.Concepts, new Dictionary<string, double> { ["tone"] = strength });
        await AssertRefused(SteeringKeys.Concepts, new Dictionary<string, object?> { ["tone"] = strength });
        await AssertRefused(SteeringKeys.Request, new SteeringRequest { Concepts = new Dictionary<string, double> { ["tone"] = strength } });
    }

    [Fact]
    public async Task Ask_WrongTypes_AreRefused()
    {
        await AssertRefused(SteeringKeys.Concepts, new object());
        await AssertRefused(SteeringKeys.Concepts, "tone");
        await AssertRefused(SteeringKeys.Concepts, new Dictionary<int, double> { [1] = 1 });
        await AssertRefused(SteeringKeys.Concepts, new Dictionary<string, object?> { ["tone"] = null });
        await AssertRefused(SteeringKeys.Concepts, new Dictionary<string, object?> { ["tone"] = "NaN" });
        await AssertRefused(SteeringKeys.Request, "tone");
        await AssertRefused(SteeringKeys.Request, null);
        await AssertRefused(SteeringKeys.Request, new SteeringRequest { Policy = "none" });
    }

    [Fact]
    public async Task Ask_UnknownConcept_IsNamedWithThoseThatExist()
    {
        var error = await Assert.ThrowsAsync<SteeringPolicyException>(() => _engine.AskAsync("Hello", TestEngine.Greedy("unknown", 1)));

        Assert.Contains("'unknown'", error.Message, StringComparison.Ordinal);
        Assert.Contains("tone", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_EverySpellingOfAStrength_MeansTheSame()
    {
        object[] spellings =
        [
            new Dictionary<string, double> { ["tone"] = 2 }, new Dictionary<string, float> { ["tone"] = 2 }, new Dictionary<string, int> { ["tone"] = 2 },
            new Dictionary<string, object?> { ["tone"] = 2m }, new Dictionary<string, object?> { ["tone"] = "2.0" },
            JsonSerializer.Deserialize<JsonElement>("""{"tone": 2}"""), JsonSerializer.Deserialize<JsonElement>("""{"tone": "2"}"""),
        ];
        var expected = await FingerprintAsync(SteeringKeys.Request, new SteeringRequest { Concepts = new Dictionary<string, double> { ["tone"] = 2 } });
        foreach (var spelling in spellings)
        {
            Assert.Equal(expected, await FingerprintAsync(SteeringKeys.Concepts, spelling));
        }
    }

    [Fact]
    public async Task Ask_TypedRequestAndLooseConcepts_TakesTheTypedOne()
    {
        var options = TestEngine.Greedy("tone", 3, maxTokens: 1);
        options.AdditionalProperties![SteeringKeys.Request] = new SteeringRequest { Concepts = new Dictionary<string, double> { ["tone"] = 0.5 } };

        var report = (SteeringReport)(await _engine.AskAsync("Hello", options)).AdditionalProperties![SteeringKeys.Report]!;

        Assert.Equal(0.5, report.Concepts["tone"]);
    }

    [Theory]
    [InlineData(SteeringKeys.MinP, "x")]
    [InlineData(SteeringKeys.RepeatPenalty, true)]
    public async Task Ask_SamplerKeyThatIsNoNumber_IsRefusedByName(string key, object value)
    {
        var options = new ChatOptions { AdditionalProperties = new() { [key] = value } };

        Assert.Contains(key, (await Assert.ThrowsAsync<ArgumentException>(() => _engine.AskAsync("Hello", options))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SteeringKeys.MinP, "NaN")]
    [InlineData(SteeringKeys.MinP, 2)]
    [InlineData(SteeringKeys.RepeatPenalty, 0)]
    [InlineData(SteeringKeys.RepeatPenalty, 1e300)]
    public async Task Ask_SamplerKeyOutOfRange_IsRefused(string key, object value) =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => _engine.AskAsync("Hello", new ChatOptions { AdditionalProperties = new() { [key] = value } }));

    private async Task AssertRefused(string key, object? value) =>
        await Assert.ThrowsAsync<SteeringPolicyException>(() => _engine.AskAsync("Hello", new ChatOptions { AdditionalProperties = new() { [key] = value } }));

    private async Task<string> FingerprintAsync(string key, object value)
    {
        var options = TestEngine.Greedy(maxTokens: 1);
        options.AdditionalProperties = new() { [key] = value };
        return ((SteeringReport)(await _engine.AskAsync("Hello", options)).AdditionalProperties![SteeringKeys.Report]!).Fingerprint;
    }
}
