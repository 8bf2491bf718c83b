using Microsoft.Extensions.Logging;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Configuration;

/// <summary>Every row of the table in docs/policies.md, from JSON to plan.</summary>
public sealed class PolicyTableTests : IDisposable
{
    private readonly SteeringFolder _folder = new();

    public PolicyTableTests()
    {
        _folder.WriteMap("a");
        _folder.WriteMap("b");
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    // Override absent: Deny. Only Strength itself, whatever Min and Max say.
    [InlineData("\"Strength\": 1.0", 1.0, true)]
    [InlineData("\"Strength\": 1.0", 1.1, false)]
    [InlineData("\"Strength\": 1.0", 0.0, false)]
    [InlineData("\"Strength\": 1.0, \"Min\": 0, \"Max\": 2", 1.5, false)]
    [InlineData("\"Strength\": 1.0, \"Min\": 0, \"Max\": 2, \"Override\": \"Deny\"", 1.5, false)]
    [InlineData("\"Strength\": 1.0, \"Min\": 0, \"Max\": 2, \"Override\": \"Deny\"", 1.0, true)]
    // Min or Max absent: Strength on that side.
    [InlineData("\"Strength\": 1.0, \"Max\": 1.2, \"Override\": \"Within\"", 0.99, false)]
    [InlineData("\"Strength\": 1.0, \"Max\": 1.2, \"Override\": \"Within\"", 1.2, true)]
    [InlineData("\"Strength\": 1.0, \"Min\": 0.8, \"Override\": \"Within\"", 1.01, false)]
    [InlineData("\"Strength\": 1.0, \"Min\": 0.8, \"Override\": \"Within\"", 0.8, true)]
    [InlineData("\"Strength\": 1.0, \"Override\": \"Within\"", 1.0, true)]
    [InlineData("\"Strength\": 1.0, \"Override\": \"Within\"", 1.01, false)]
    [InlineData("\"Strength\": 1.0, \"Override\": \"Raise\"", 1.01, false)]
    // Raise.
    [InlineData("\"Strength\": 1.0, \"Min\": 0, \"Max\": 1.5, \"Override\": \"Raise\"", 1.5, true)]
    [InlineData("\"Strength\": 1.0, \"Min\": 0, \"Max\": 1.5, \"Override\": \"raise\"", 1.51, false)]
    [InlineData("\"Strength\": 1.0, \"Min\": 0, \"Max\": 1.5, \"Override\": \"Raise\"", 0.9, false)]
    [InlineData("\"Strength\": -1.0, \"Min\": -1.5, \"Max\": 0, \"Override\": \"Raise\"", -1.4, true)]
    [InlineData("\"Strength\": -1.0, \"Min\": -1.5, \"Max\": 0, \"Override\": \"Raise\"", -0.9, false)]
    [InlineData("\"Strength\": -1.0, \"Min\": -1.5, \"Max\": 2, \"Override\": \"Raise\"", 1.4, false)]
    [InlineData("\"Strength\": 0, \"Min\": -1, \"Max\": 1, \"Override\": \"Raise\"", 0.5, true)]
    [InlineData("\"Strength\": 0, \"Min\": -1, \"Max\": 1, \"Override\": \"Raise\"", -0.5, false)]
    // Within.
    [InlineData("\"Strength\": 1.0, \"Min\": 0.8, \"Max\": 1.2, \"Override\": \"Within\"", 0.79, false)]
    [InlineData("\"Strength\": 1.0, \"Min\": 0.8, \"Max\": 1.2, \"Override\": \"Within\"", 1.21, false)]
    // Never.
    [InlineData("\"Strength\": 1.0, \"Min\": -9, \"Max\": 9, \"Override\": \"Within\"", double.NaN, false)]
    [InlineData("\"Strength\": 1.0, \"Min\": -9, \"Max\": 9, \"Override\": \"Within\"", double.PositiveInfinity, false)]
    [InlineData("\"Strength\": 1.0, \"Min\": -9, \"Max\": 9, \"Override\": \"Within\"", double.NegativeInfinity, false)]
    public void Resolve_Rule_AllowsWhatTheTableSays(string rule, double asked, bool isAllowed)
    {
        using var engine = SteeringFolder.Open(_folder.Section(["a"], Policy(rule)));

        if (isAllowed)
        {
            Assert.Equal(asked, engine.Steering.Resolve(Requests.Of(("a", asked))).Strengths["a"]);
        }
        else
        {
            Assert.Contains("'a'", Requests.Refuses(engine, Requests.Of(("a", asked))).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Resolve_NoWish_GivesStrengthOfTheDefaultPolicy()
    {
        using var engine = SteeringFolder.Open(_folder.Section(["a"], Policy("\"Strength\": 0.7")));

        var plan = engine.Steering.Resolve(SteeringRequest.Empty);

        Assert.Equal("family", plan.Policy);
        Assert.Equal(0.7, plan.Strengths["a"]);
        Assert.Equal("family", engine.DefaultPolicy);
        Assert.Equal(StrengthOverride.Deny, engine.Policies["family"].Concepts[0].Override);
    }

    [Theory]
    [InlineData("Throw")]
    [InlineData("Clamp")]
    public void Resolve_UnlistedOrUnknownConceptOrPolicy_IsRefused(string onViolation)
    {
        using var engine = SteeringFolder.Open(_folder.Section(["a", "b"], $"\"PolicyViolation\": \"{onViolation}\", {Policy("\"Strength\": 1")}"));

        Assert.Contains("does not list", Requests.Refuses(engine, Requests.Of(("b", 0))).Message, StringComparison.Ordinal);
        Assert.Contains("'c'", Requests.Refuses(engine, Requests.Of(("c", 0))).Message, StringComparison.Ordinal);
        Assert.Contains("'lax'", Requests.Refuses(engine, Requests.Under("lax")).Message, StringComparison.Ordinal);
        Requests.Refuses(engine, Requests.Of(("a", double.NaN)));
    }

    [Theory]
    [InlineData(5, 1.2)]
    [InlineData(-5, 0.8)]
    [InlineData(1.1, 1.1)]
    public void Resolve_PolicyViolationClamp_UsesTheNearest(double asked, double used)
    {
        using var log = new RecordingLog();
        using var engine = SteeringFolder.Open(
            _folder.Section(["a"], "\"PolicyViolation\": \"Clamp\"," + Policy("\"Strength\": 1, \"Min\": 0.8, \"Max\": 1.2, \"Override\": \"Within\"")), log);

        Assert.Equal(used, engine.Steering.Resolve(Requests.Of(("a", asked))).Strengths["a"]);
        Assert.Equal(asked == used ? 0 : 1, log.Of(24).Count);
    }

    [Fact]
    public void Resolve_PolicyViolationAbsent_ThrowsNamesEveryStrengthAndLogs()
    {
        using var log = new RecordingLog();
        using var engine = SteeringFolder.Open(_folder.Section(["a", "b"], """
            "DefaultPolicy": "p", "Policies": { "p": { "Order": ["b", "a"], "Concepts": { "a": { "Strength": 1 }, "b": { "Strength": 0.5, "Max": 2, "Override": "Raise" } } } }
            """), log);

        var error = Requests.Refuses(engine, Requests.Of(("a", 0), ("b", 3)));

        Assert.Contains("only strength 1 for 'a', not 0", error.Message, StringComparison.Ordinal);
        Assert.Contains("strengths from 0.5 to 2 for 'b', not 3", error.Message, StringComparison.Ordinal);
        Assert.Contains(error.Message, Assert.Single(log.At(LogLevel.Warning)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_NoPolicies_ConceptsRestAtZeroAreFreeAndTheLogSaysSoOnce()
    {
        using var log = new RecordingLog();
        using var engine = SteeringFolder.Open(_folder.Section(["a", "b"]), log);

        Assert.Equal(0, engine.StrengthOf("a"));
        Assert.Equal(-7, engine.Steering.Resolve(Requests.Of(("b", -7))).Strengths["b"]);
        engine.Steering.Reload();
        Assert.Contains("a, b", Assert.Single(log.Of(20)).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"a\", \"b\"")]
    [InlineData("\"b\", \"a\"")]
    public void Open_Order_IsThatOfThePlan(string order)
    {
        using var engine = SteeringFolder.Open(_folder.Section(["a", "b"], $$"""
            "DefaultPolicy": "p", "Policies": { "p": { "Order": [{{order}}], "Concepts": { "a": { "Strength": 1 }, "b": { "Strength": 1 } } } }
            """));

        Assert.Equal(order.Replace("\"", "", StringComparison.Ordinal), string.Join(", ", engine.Policies["p"].Concepts.Select(rule => rule.Concept)));
    }

    [Fact]
    public void Resolve_Exclusive_RefusesTwoAtATime()
    {
        using var engine = SteeringFolder.Open(_folder.Section(["a", "b"], """
            "DefaultPolicy": "p", "Policies": { "p": { "Order": ["a", "b"], "Exclusive": [["a", "b"]],
              "Concepts": { "a": { "Strength": 1, "Min": 0, "Override": "Within" }, "b": { "Strength": 0, "Max": 1, "Override": "Within" } } } }
            """));

        Assert.Contains("only one of [a, b]", Requests.Refuses(engine, Requests.Of(("b", 0.5))).Message, StringComparison.Ordinal);
        Assert.Equal(0.5, engine.Steering.Resolve(Requests.Of(("a", 0), ("b", 0.5))).Strengths["b"]);
    }

    [Fact]
    public async Task Ask_PolicyFromConfiguration_SteersTheAnswerAndIsReported()
    {
        using var engine = SteeringFolder.Open(_folder.Section(["a"], Policy("\"Strength\": 0.5")));
        using var reference = TestEngine.OpenTinyChat(TestMaps.Shift(TinyChat.ModelPath, "a", 0.1f));

        var answer = await engine.AskAsync("Tell me a story.");
        var report = (SteeringReport)answer.AdditionalProperties![SteeringKeys.Report]!;

        Assert.Equal("family", report.Policy);
        Assert.Equal(0.5, report.Concepts["a"]);
        Assert.Equal((await reference.AskAsync("Tell me a story.", TestEngine.Greedy("a", 0.5))).Text, answer.Text);
        await Assert.ThrowsAsync<SteeringPolicyException>(() => engine.AskAsync("Tell me a story.", TestEngine.Greedy("a", 0)));
    }

    private static string Policy(string rule) => $$"""
        "DefaultPolicy": "family", "Policies": { "family": { "Concepts": { "a": { {{rule}} } } } }
        """;
}
