using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SemanticKernel.Steering.LlamaCpp.Chat.Templates;
using SemanticKernel.Steering.LlamaCpp.Telemetry;

namespace SemanticKernel.Steering.LlamaCpp.Configuration;

/// <summary>
/// The concepts and policies in force. A change of the configuration or of a map file replaces all of them at once, or, if
/// anything is wrong with it, nothing: requests never see a half-read or invalid state. Thread-safe.
/// </summary>
internal sealed class SteeringState : IDisposable
{
    private readonly SteeredLlamaOptions _options;
    private readonly string _modelId;
    private readonly IReadOnlyList<MapSet> _fromCode;
    private readonly Action<MapSet> _checkMap;
    private readonly ILogger _logger;
    private readonly object _gate = new();
    private readonly ChangeWatch? _watch;

    /// <summary>What the section says at the start; code may have changed the options.</summary>
    private readonly SteeredLlamaOptions _atStart = new();
    private volatile SteeringPolicyResolver _resolver;

    private SteeringState(SteeredLlamaOptions options, string modelId, IReadOnlyList<MapSet> fromCode, Action<MapSet> checkMap, ILogger logger)
    {
        _modelId = modelId;
        _options = options;
        _fromCode = fromCode;
        _checkMap = checkMap;
        _logger = logger;
        lock (_gate)
        {
            // Watching starts before reading, so that no change falls in between; a reload waits for the lock.
            _watch = options.Section is { } section ? new ChangeWatch(section, () => Reload()) : null;
            try
            {
                var mistakes = new ConfigurationMistakes();
                var resolver = Build(Read(_atStart, mistakes), mistakes);
                mistakes.ThrowIfAny(options.Section?.Path ?? SteeredLlamaOptions.SectionName);
                _resolver = resolver!;
            }
            catch
            {
                _watch?.Dispose();
                throw;
            }
        }

        WarnIfFree(_resolver);
    }

    /// <summary>The concepts and policies in force now.</summary>
    internal SteeringPolicyResolver Resolver => _resolver;

    /// <exception cref="OptionsValidationException">The configuration has mistakes; all of them are listed.</exception>
    /// <exception cref="SteeringException">A concept registered in code cannot be used.</exception>
    internal static SteeringState Open(SteeredLlamaOptions options, string modelId, LlamaModel model, ModelTemplate template, ILogger logger)
    {
        void CheckMap(MapSet maps)
        {
            maps.EnsureFits(model.Identity, options.AllowOtherQuantization);
            maps.EnsureTemplate(template.Sha256, options.AllowOtherChatTemplate);
            foreach (var site in maps.Operations.Keys)
            {
                _ = model.Hooks.IndexOf(site);
            }
        }

        var fromCode = options.Concepts.Select(concept => concept.Load()).ToArray();
        foreach (var maps in fromCode)
        {
            CheckMap(maps);
        }

        // Refuses what no configuration could mend, in the order of registration.
        _ = new SteeringPolicyResolver(options.Concepts.Zip(fromCode, (concept, maps) => KeyValuePair.Create(concept.Name, maps)));
        return new SteeringState(options, modelId, fromCode, CheckMap, logger);
    }

    /// <summary>Resolves a request, and logs what was refused or clamped.</summary>
    /// <param name="request">What the call asks for.</param>
    /// <param name="isRecorded">Whether the same wish was resolved before on its way, so that what is clamped counts once.</param>
    /// <exception cref="SteeringPolicyException">The request is refused.</exception>
    internal SteeringPlan Resolve(SteeringRequest request, bool isRecorded = false)
    {
        try
        {
            var plan = _resolver.Resolve(request);
            foreach (var violation in isRecorded ? [] : plan.Violations)
            {
                SteeringTelemetry.CountViolation(_modelId, plan.Policy, violation.Concept, SteeringTelemetry.Clamped);
                SteeringLog.Clamped(_logger, plan.Policy, violation.Concept, violation.Asked, violation.Used);
            }

            return plan;
        }
        catch (SteeringPolicyException error)
        {
            foreach (var violation in error.Violations)
            {
                SteeringTelemetry.CountViolation(_modelId, error.Policy, violation.Concept, SteeringTelemetry.Refused);
            }

            SteeringTelemetry.CountRefusal(_modelId);
            SteeringLog.Refused(_logger, error.Message);
            throw;
        }
    }

    /// <summary>Reads configuration and maps again.</summary>
    /// <returns>Whether what was read is in force now.</returns>
    internal bool Reload()
    {
        lock (_gate)
        {
            var mistakes = new ConfigurationMistakes();
            var fresh = new SteeredLlamaOptions();
            var resolver = TryBuild(fresh, mistakes);
            if (resolver is { Policies.Count: 0 } && _resolver.Policies.Count > 0)
            {
                // A file that is gone or cut short reads like one without policies, and would take every limit away.
                mistakes.Add("Policies", "are all gone; going on without any needs a restart");
                resolver = null;
            }

            if (resolver is null)
            {
                SteeringLog.ReloadRefused(_logger, mistakes.All);
                return false;
            }

            foreach (var key in RestartKeys.FindChanged(_atStart, fresh))
            {
                SteeringLog.NeedsRestart(_logger, key);
            }

            if (_resolver.Policies.Count > 0)
            {
                WarnIfFree(resolver);
            }

            _resolver = resolver;
            SteeringLog.Reloaded(_logger, resolver.Concepts, resolver.Policies.Keys);
            return true;
        }
    }

    public void Dispose() => _watch?.Dispose();

    private void WarnIfFree(SteeringPolicyResolver resolver)
    {
        if (resolver.Policies.Count == 0 && resolver.Concepts.Count > 0)
        {
            SteeringLog.NoPolicies(_logger, resolver.Concepts);
        }
    }

    private SteeringPolicyResolver? TryBuild(SteeredLlamaOptions fresh, ConfigurationMistakes mistakes)
    {
        try
        {
            return Build(Read(fresh, mistakes), mistakes);
        }
#pragma warning disable CA1031 // Reloads run on a timer, where an exception would end the process.
        catch (Exception error)
#pragma warning restore CA1031
        {
            mistakes.Add(_options.Section?.Path ?? SteeredLlamaOptions.SectionName, error.Message);
            return null;
        }
    }

    private SteeringConfiguration Read(SteeredLlamaOptions fresh, ConfigurationMistakes mistakes)
    {
        if (_options.Section is not { } section)
        {
            return new SteeringConfiguration(SteeredLlamaOptions.SectionName, [], [], _options.DefaultPolicy, _options.PolicyViolation);
        }

        var configuration = ConfigurationReader.Read(section, fresh, mistakes, RegisterFromCode);
        _watch?.WatchFiles(configuration.Concepts.Select(concept => concept.MapPath));

        return configuration;
    }

    /// <summary>What code has added and set stays so.</summary>
    private void RegisterFromCode(SteeredLlamaOptions fresh)
    {
        fresh.DefaultPolicy = _options.DefaultPolicy == _options.AsRead?.DefaultPolicy ? fresh.DefaultPolicy : _options.DefaultPolicy;
        fresh.PolicyViolation = _options.PolicyViolation == _options.AsRead?.OnViolation ? fresh.PolicyViolation : _options.PolicyViolation;
        foreach (var maps in _fromCode)
        {
            fresh.AddConcept(maps);
        }

        foreach (var policy in _options.Policies)
        {
            fresh.AddPolicy(policy);
        }
    }

    private SteeringPolicyResolver? Build(SteeringConfiguration configuration, ConfigurationMistakes mistakes) =>
        ResolverBuilder.Build(configuration, _fromCode, _options.Policies, _checkMap, mistakes);
}
