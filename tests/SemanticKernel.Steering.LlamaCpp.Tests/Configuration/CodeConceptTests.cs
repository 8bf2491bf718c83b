using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Configuration;

/// <summary>Policies of a configuration over concepts that are registered in code.</summary>
public sealed class CodeConceptTests : IDisposable
{
    private static readonly MapSet Calm = TestMaps.Shift(TinyChat.ModelPath, "calm", 0.5f);

    private readonly ConfigurationManager _configuration = new();

    public CodeConceptTests() => _configuration.AddInMemoryCollection(new Dictionary<string, string?>
    {
        ["S:ModelPath"] = TinyChat.ModelPath,
        ["S:DefaultPolicy"] = "family",
        ["S:Policies:family:Concepts:calm:Strength"] = "0.5",
    });

    private IConfigurationSection Section => _configuration.GetSection("S");

    [Fact]
    public async Task Rules_ForConceptsFromCode_Hold()
    {
        using var engine = Open();

        var response = await engine.AskAsync("How are you?");

        var report = Assert.IsType<SteeringReport>(response.AdditionalProperties![SteeringKeys.Report]);
        Assert.Equal("family", report.Policy);
        Assert.Equal(0.5, report.Concepts["calm"]);
        await Assert.ThrowsAsync<SteeringPolicyException>(() => engine.AskAsync("How are you?", TestEngine.Greedy("calm", 0)));
    }

    [Fact]
    public void Rules_ForConceptsFromCode_FollowTheConfiguration()
    {
        using var engine = Open();
        _configuration["S:Policies:family:Concepts:calm:Strength"] = "0.75";

        Assert.True(engine.Steering.Reload());
        Assert.Equal(0.75, Assert.Single(engine.Policies["family"].Concepts).Strength);

        _configuration["S:Policies:family:Concepts:unheard-of:Strength"] = "1";
        Assert.False(engine.Steering.Reload());
        Assert.Equal(0.75, Assert.Single(engine.Policies["family"].Concepts).Strength);
    }

    [Fact]
    public void Reload_ThatTakesAllPoliciesAway_IsRefused()
    {
        using var engine = Open();
        _configuration.Sources.Clear();
        _configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["S:ModelPath"] = TinyChat.ModelPath });

        Assert.False(engine.Steering.Reload());
        Assert.Equal("family", engine.DefaultPolicy);
    }

    [Fact]
    public void Rules_ForConceptsThatNobodyRegisters_AreMistakes()
    {
        var error = Assert.Throws<OptionsValidationException>(() => SteeredLlamaOptions.FromConfiguration(Section));

        Assert.Contains("S:Policies:family:Concepts:calm: there is no concept 'calm'", Assert.Single(error.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public void DefaultPolicy_MayBeOneFromCode()
    {
        _configuration["S:DefaultPolicy"] = "strict";

        using var engine = TestEngine.Open(Options(options => options.AddConcept(Calm).AddPolicy(new SteeringPolicy("strict", [new ConceptPolicy("calm", 1)]))));

        Assert.Equal("strict", engine.DefaultPolicy);
        Assert.True(engine.Steering.Reload());
        Assert.Equal(["family", "strict"], engine.Policies.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void OptionsSetInCode_AreNoChangesOfTheConfiguration()
    {
        var log = new WarningLog();
        using var engine = SteeredLlamaEngine.Load(
            Options(options =>
            {
                options.AddConcept(Calm);
                options.ContextSize = 64;
            }),
            log,
            cancellationToken: TestContext.Current.CancellationToken);

        Assert.True(engine.Steering.Reload());

        Assert.Equal(64, engine.ContextSize);
        Assert.Empty(log.Warnings);
    }

    [Fact]
    public void Host_ChecksRules_AgainstConceptsFromCode()
    {
        var good = new ServiceCollection().AddSteeredLlamaChatClient(Section, options => options.AddConcept(Calm));
        var bad = new ServiceCollection().AddSteeredLlamaChatClient(Section);

        good.BuildServiceProvider().GetRequiredService<IStartupValidator>().Validate();
        Assert.Throws<OptionsValidationException>(() => bad.BuildServiceProvider().GetRequiredService<IStartupValidator>().Validate());
    }

    public void Dispose() => _configuration.Dispose();

    private SteeredLlamaOptions Options(Action<SteeredLlamaOptions> configure) => SteeredLlamaOptions.FromConfiguration(Section, options =>
    {
        options.Threads = 1;
        options.Seed = 1;
        configure(options);
    });

    private SteeredLlamaEngine Open() => TestEngine.Open(Options(options => options.AddConcept(Calm)));

    /// <summary>Keeps warnings and errors.</summary>
    private sealed class WarningLog : ILoggerFactory, ILogger
    {
        public List<string> Warnings { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Warnings.Add(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
