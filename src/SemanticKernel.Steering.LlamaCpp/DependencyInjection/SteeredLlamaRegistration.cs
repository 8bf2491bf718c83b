using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SemanticKernel.Steering.LlamaCpp.Configuration;

namespace SemanticKernel.Steering.LlamaCpp.DependencyInjection;

/// <summary>
/// One call that registers a model. It is itself the key of its engine, so that calls under the same service id, or under
/// none, neither share an engine nor take each other's.
/// </summary>
internal sealed class SteeredLlamaRegistration
{
    private readonly Func<SteeredLlamaOptions> _create;

    private SteeredLlamaRegistration(Func<SteeredLlamaOptions> create) => _create = create;

    /// <summary>Registers an engine and forwards it and its client under the service id.</summary>
    internal static SteeredLlamaRegistration Add(
        IServiceCollection services, string modelId, string modelPath, Action<SteeredLlamaOptions>? configure, string? serviceId)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(modelId);
        ArgumentException.ThrowIfNullOrWhiteSpace(modelPath);
        return Add(services, Create, serviceId);

        SteeredLlamaOptions Create()
        {
            var options = new SteeredLlamaOptions { ModelId = modelId, ModelPath = modelPath };
            configure?.Invoke(options);
            return options;
        }
    }

    /// <summary>Registers the engine a configuration section describes. A host checks the section when it starts.</summary>
    internal static SteeredLlamaRegistration Add(
        IServiceCollection services, IConfigurationSection section, Action<SteeredLlamaOptions>? configure, string? serviceId)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(section);
        services.AddOptions<ConfigurationCheck>(section.Path).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ConfigurationCheck>>(new ConfigurationCheck.Validator(section, configure));
        return Add(services, () => SteeredLlamaOptions.FromConfiguration(section, configure), serviceId);
    }

    private static SteeredLlamaRegistration Add(IServiceCollection services, Func<SteeredLlamaOptions> create, string? serviceId)
    {
        if (serviceId is not null)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(serviceId);
        }

        var registration = new SteeredLlamaRegistration(create);
        services.AddKeyedSingleton(registration, static (provider, key) => ((SteeredLlamaRegistration)key!).Open(provider));
        services.AddKeyedSingleton(serviceId, (provider, _) => registration.Host(provider).Engine);
        services.AddKeyedSingleton<IChatClient>(serviceId, (provider, _) => registration.Host(provider).ChatClient);
        return registration;
    }

    internal SteeredLlamaHost Host(IServiceProvider provider) => provider.GetRequiredKeyedService<SteeredLlamaHost>(this);

    private SteeredLlamaHost Open(IServiceProvider provider) =>
        new(SteeredLlamaEngine.Load(_create(), provider.GetService<ILoggerFactory>()));
}
