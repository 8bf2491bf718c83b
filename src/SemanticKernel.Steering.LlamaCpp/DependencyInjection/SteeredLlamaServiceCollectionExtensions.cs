using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using SemanticKernel.Steering.LlamaCpp;
using SemanticKernel.Steering.LlamaCpp.DependencyInjection;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers local models with steering for users of Microsoft.Extensions.AI.</summary>
public static class SteeredLlamaServiceCollectionExtensions
{
    /// <summary>Registers a local model as <see cref="SteeredLlamaEngine"/> and <see cref="IChatClient"/>.</summary>
    /// <remarks>
    /// Every call registers an engine of its own, opened when it is first asked for and closed with the container; engines on
    /// the same file share its weights. Disposing the client leaves the engine open. The container's
    /// <see cref="Microsoft.Extensions.Logging.ILoggerFactory"/> is used if there is one.
    /// </remarks>
    /// <param name="services">Where to register.</param>
    /// <param name="modelId">The name the model goes by.</param>
    /// <param name="modelPath">The model, a GGUF file.</param>
    /// <param name="configure">Sets further options, concepts among them. Runs when the engine is opened.</param>
    /// <param name="serviceId">The key to register under; null, the default, for none.</param>
    /// <returns>The same collection.</returns>
    /// <exception cref="ArgumentException">A name, path or service id is empty or white space.</exception>
    public static IServiceCollection AddSteeredLlamaChatClient(
        this IServiceCollection services, string modelId, string modelPath, Action<SteeredLlamaOptions>? configure = null, string? serviceId = null)
    {
        SteeredLlamaRegistration.Add(services, modelId, modelPath, configure, serviceId);
        return services;
    }

    /// <summary>Registers the local model a configuration section describes, with its concepts and policies; see docs/policies.md.</summary>
    /// <remarks>As for the other overload. Concepts and policies follow later changes of the configuration; other options are read once.</remarks>
    /// <param name="services">Where to register.</param>
    /// <param name="section">The section, customarily <see cref="SteeredLlamaOptions.SectionName"/>.</param>
    /// <param name="configure">Changes what the section says; its policies may have rules for the concepts added here. Runs when a host starts and when the engine is opened.</param>
    /// <param name="serviceId">The key to register under; null, the default, for none.</param>
    /// <returns>The same collection.</returns>
    /// <exception cref="OptionsValidationException">The section has mistakes; all are listed. Raised when a host starts, or else when the engine is opened.</exception>
    public static IServiceCollection AddSteeredLlamaChatClient(
        this IServiceCollection services, IConfigurationSection section, Action<SteeredLlamaOptions>? configure = null, string? serviceId = null)
    {
        SteeredLlamaRegistration.Add(services, section, configure, serviceId);
        return services;
    }
}
