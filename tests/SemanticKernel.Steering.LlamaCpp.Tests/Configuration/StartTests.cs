using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Configuration;

public sealed class StartTests : IDisposable
{
    private readonly SteeringFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Validate_Mistakes_FailTheHostsStartAllAtOnce()
    {
        using var provider = Build(SteeringFolder.With(_folder.Section(["a"], "\"Typo\": {}"), "Threads", "\"1,5\""));

        var error = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IStartupValidator>().Validate());

        Assert.Equal(3, error.Failures.Count());
        Assert.Contains(error.Failures, mistake => mistake.StartsWith("SteeredLlama:Threads: ", StringComparison.Ordinal));
        Assert.Contains(error.Failures, mistake => mistake.StartsWith("SteeredLlama:Typo: ", StringComparison.Ordinal));
        Assert.Contains(error.Failures, mistake => mistake.StartsWith("SteeredLlama:Concepts:a:Map: ", StringComparison.Ordinal));
        Assert.Equal(error.Failures, Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IChatClient>()).Failures);
    }

    [Fact]
    public void Validate_ModelFileMissing_FailsTheHostsStart()
    {
        using var provider = Build("""{ "ModelPath": "no-such.gguf" }""");

        var error = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IStartupValidator>().Validate());

        Assert.StartsWith("SteeredLlama:ModelPath: ", Assert.Single(error.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_ValidSection_StartsWithoutOpeningTheModel()
    {
        _folder.WriteMap("a");
        using var log = new RecordingLog();
        using var provider = Build(_folder.Section(["a"]), log);

        provider.GetRequiredService<IStartupValidator>().Validate();

        Assert.Empty(log.Entries);
        Assert.Equal("a", Assert.Single(provider.GetRequiredService<SteeredLlamaEngine>().Concepts).Name);
    }

    [Fact]
    public void Validate_TwoSections_ReportsBoth()
    {
        var services = new ServiceCollection();
        services.AddSteeredLlamaChatClient(SteeringFolder.Parse("""{ "ModelPath": "no-such.gguf" }"""), serviceId: "first");
        services.AddSteeredLlamaChatClient(new Microsoft.Extensions.Configuration.ConfigurationBuilder().Build().GetSection("Other"), serviceId: "second");
        using var provider = services.BuildServiceProvider();

        var error = Assert.Throws<AggregateException>(() => provider.GetRequiredService<IStartupValidator>().Validate());

        Assert.Equal(
            ["SteeredLlama", "Other"], error.InnerExceptions.Cast<OptionsValidationException>().Select(inner => inner.Failures.Single().Split(':')[0]));
    }

    [Fact]
    public void Configure_PolicyInCodeOverTheSection_Holds()
    {
        _folder.WriteMap("a");
        var services = new ServiceCollection();
        services.AddSteeredLlamaChatClient(SteeringFolder.Parse(SteeringFolder.With(_folder.Section([]), "Concepts", null)), options =>
        {
            options.AddConcept("a", _folder.PathOf("a")).AddPolicy(new SteeringPolicy("code", [new ConceptPolicy("a", 0.4, 0, 1, StrengthOverride.Within)]));
            (options.DefaultPolicy, options.PolicyViolation) = ("code", PolicyViolation.Clamp);
        });
        using var provider = services.BuildServiceProvider();
        var engine = provider.GetRequiredService<SteeredLlamaEngine>();

        Assert.Equal(0.4, engine.StrengthOf("a"));
        Assert.Equal(1, engine.Steering.Resolve(Requests.Of(("a", 7))).Strengths["a"]);
        Assert.True(engine.Steering.Reload());
        Assert.Equal(0.4, engine.StrengthOf("a"));
    }

    private static ServiceProvider Build(string section, RecordingLog? log = null)
    {
        var services = new ServiceCollection();
        if (log is not null)
        {
            services.AddSingleton<Microsoft.Extensions.Logging.ILoggerFactory>(log);
        }

        services.AddSteeredLlamaChatClient(SteeringFolder.Parse(section));
        return services.BuildServiceProvider();
    }
}
