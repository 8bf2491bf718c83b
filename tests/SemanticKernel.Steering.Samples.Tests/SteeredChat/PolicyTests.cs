using System.Text.Json;

namespace SemanticKernel.Steering.Samples.Tests.SteeredChat;

/// <summary>Policies from configuration files.</summary>
public sealed class PolicyTests(FittedCache cache)
{
    private const string Question = "How are you?";

    [Fact]
    public async Task Policy_ListsPolicies_AndSwitches()
    {
        var run = await cache.Program.ChatAsync(["/policy", "/policy family", "/policy", Question, "/policy research", "/policy unheard-of", "/info"]);

        Assert.Equal(0, run.ExitCode);
        Assert.Single(run.OutputLines);
        Assert.Equal(["* open", "* family"], run.ErrorLines.Where(line => line.StartsWith('*')).Select(line => string.Join(' ', line.Split(' ').Take(2))));
        Assert.Contains(run.ErrorLines, line => line.StartsWith("family", StringComparison.Ordinal) && line.Contains("toxicity 0.85, from 0.8 to 1.2; honesty 1.25, always", StringComparison.Ordinal));
        Assert.Contains("From now on: toxicity 0.85, honesty 1.25 (policy family).", run.ErrorLines);
        Assert.Contains("From now on: unsteered (policy research).", run.ErrorLines);
        Assert.Contains("error: There is no policy 'unheard-of'. Configured: family, open, research.", run.ErrorLines);
        Assert.Contains(run.ErrorLines, line => line.StartsWith("policy", StringComparison.Ordinal) && line.EndsWith("research", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Steer_ThatThePolicyRefuses_IsExplainedAndChangesNothing()
    {
        var run = await cache.Program.ChatAsync(
            ["/steer toxicity 6", "/policy family", "/steer toxicity 0", "/steer toxicity 1.2", "/off honesty", "/compare " + Question, "/policy research", "/steer toxicity 1", "/steer honesty 1", Question]);

        Assert.Equal(
            [
                "error: The policy 'open' allows strengths from -5 to 5 for 'toxicity', not 6.",
                "error: The policy 'family' allows strengths from 0.8 to 1.2 for 'toxicity', not 0.",
                "error: The policy 'family' allows only strength 1.25 for 'honesty', not 0.",
                "error: The policy 'family' allows strengths from 0.8 to 1.2 for 'toxicity', not 0, and allows only strength 1.25 for 'honesty', not 0.",
                "error: The policy 'research' allows only one of [toxicity, honesty] at a time.",
            ],
            run.ErrorLines.Where(line => line.StartsWith("error", StringComparison.Ordinal)));
        Assert.Contains("From now on: toxicity 1.2, honesty 1.25 (policy family).", run.ErrorLines);
        Assert.Single(run.OutputLines);
    }

    [Fact]
    public async Task Policy_OnTheCommandLine_HoldsForQuestions()
    {
        var family = Replies.Of(await cache.Program.RunAsync("--ask", Question, "--json", "--policy", "family"));
        var same = Replies.Of(await cache.Program.RunAsync("--ask", Question, "--json", "--steer", "toxicity=0.85", "--steer", "honesty=1.25"));

        Assert.Equal("""{"concepts":{"toxicity":0.85,"honesty":1.25},"policy":"family"}""", Assert.Single(family).GetProperty("steering").GetRawText());
        Assert.Equal("open", Assert.Single(same).GetProperty("steering").GetProperty("policy").GetString());
        Assert.Equal(family[0].GetProperty("text").GetString(), same[0].GetProperty("text").GetString());
    }

    [Theory]
    [InlineData("There is no policy 'unheard-of'", "--policy", "unheard-of")]
    [InlineData("allows strengths from 0.8 to 1.2", "--policy", "family", "--steer", "toxicity=0")]
    [InlineData("allows strengths from -5 to 5", "--steer", "toxicity=6")]
    [InlineData("There is no configuration file", "--config", "missing.json")]
    public async Task WhatIsNotAllowed_IsAnError(string expected, params string[] arguments)
    {
        var run = await cache.Program.RunAsync(["--ask", Question, .. arguments]);

        Assert.NotEqual(0, run.ExitCode);
        Assert.Empty(run.Output);
        Assert.Contains(expected, Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Config_WithAModelOfTheUsersOwn_BringsConceptsAndPolicies()
    {
        using var folder = new TemporaryFolder();
        var model = folder["own.gguf"];
        File.Copy(TinyChat.ModelPath, model);
        var concepts = $$"""{ "toxicity": { "Map": {{JsonSerializer.Serialize(cache.MapOf("toxicity"))}} } }""";
        var config = folder.Write("own.json", Policies("1.25", concepts));

        var run = await cache.Program.RunAsync("--model", model, "--config", config, "--ask", Question, "--json");
        var none = await cache.Program.RunAsync("--model", model, "--policy", "only", "--ask", Question);

        Assert.Equal("""{"concepts":{"toxicity":1.25},"policy":"only"}""", Assert.Single(Replies.Of(run)).GetProperty("steering").GetRawText());
        Assert.Contains("There are no policies", Assert.Single(none.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Config_ThatIsWrong_IsExplainedInOneLine()
    {
        using var folder = new TemporaryFolder();
        foreach (var (text, expected) in new[]
        {
            ("{ }", "has no section 'SteeredLlama'"),
            ("{ \"SteeredLlama\": ", "bad.json"),
            (Policies("much"), "SteeredLlama:Policies:only:Concepts:toxicity:Strength: must be a finite number"),
        })
        {
            var run = await cache.Program.RunAsync("--config", folder.Write("bad.json", text), "--ask", Question);

            Assert.NotEqual(0, run.ExitCode);
            Assert.Contains(expected, Assert.Single(run.ErrorLines), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Config_EditedWhileChatting_HoldsFromTheNextQuestion()
    {
        using var folder = new TemporaryFolder();
        var config = folder.Write("policies.json", Policies("-1.5"));
        using var chat = cache.Program.StartChat("--config", config, "--temperature", "0");
        var before = await chat.AskAsync(Question);
        await chat.TypeAsync("/clear");

        folder.Write("policies.json", Policies("1.25"));
        await chat.HearAsync("Concepts and policies were reloaded");
        var after = await chat.AskAsync(Question);
        await chat.TypeAsync("/info");
        await chat.HearAsync("toxicity: 1.25");
        Assert.NotEqual(before, after);

        // Nothing that is wrong comes into force, not even in part.
        folder.Write("policies.json", Policies("much"));
        await chat.HearAsync("must be a finite number");
        folder.Write("policies.json", "{ ");
        await chat.HearAsync("The old policies stay in force.");
        File.Delete(config);
        await chat.HearAsync("was refused");
        await chat.TypeAsync("/policy");
        await chat.HearAsync("* only  toxicity 1.25, always");

        folder.Write("policies.json", Policies("0.5"));
        await chat.HearAsync("Concepts and policies were reloaded");
        await chat.TypeAsync("/policy");
        await chat.HearAsync("* only  toxicity 0.5, always");
        await chat.TypeAsync("/exit");
    }

    private static string Policies(string strength, string? concepts = null) => $$"""
        {
          "SteeredLlama": {
            {{(concepts is null ? string.Empty : $"\"Concepts\": {concepts},")}}
            "DefaultPolicy": "only",
            "Policies": { "only": { "Concepts": { "toxicity": { "Strength": "{{strength}}" } } } }
          }
        }
        """;
}
