using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.SemanticKernel.ChatCompletion;
using Microsoft.SemanticKernel.TextGeneration;
using SemanticKernel.Steering;
using SemanticKernel.Steering.LlamaCpp;
using SemanticKernel.Steering.LlamaCpp.DependencyInjection;

namespace Microsoft.SemanticKernel;

/// <summary>Adds local models with steering to the services kernels take theirs from.</summary>
public static class SteeredLlamaKernelServiceCollectionExtensions
{
    /// <summary>
    /// Adds a local model as <see cref="IChatCompletionService"/>, <see cref="ITextGenerationService"/> and
    /// <see cref="IChatClient"/>, with one <see cref="SteeredLlamaEngine"/> behind all of them.
    /// </summary>
    /// <remarks>Every call registers an engine of its own, opened at the first use and closed with the container; engines on the same file share its weights.</remarks>
    /// <param name="services">Where to register.</param>
    /// <param name="modelId">The name the model goes by, in service selection too.</param>
    /// <param name="modelPath">The model, a GGUF file.</param>
    /// <param name="configure">Sets further options, concepts among them. Runs when the engine is opened.</param>
    /// <param name="serviceId">The service id to register under; null, the default, for none.</param>
    /// <returns>The same collection.</returns>
    /// <exception cref="ArgumentException">A name, path or service id is empty or white space.</exception>
    public static IServiceCollection AddSteeredLlama(
        this IServiceCollection services, string modelId, string modelPath, Action<SteeredLlamaOptions>? configure = null, string? serviceId = null)
    {
        Forward(services, SteeredLlamaRegistration.Add(services, modelId, modelPath, configure, serviceId), serviceId);
        return services;
    }

    /// <summary>Adds the local model a configuration section describes, with its concepts and policies; see docs/policies.md.</summary>
    /// <remarks>As for the other overload. Concepts and policies follow later changes of the configuration; other options are read once.</remarks>
    /// <param name="services">Where to register.</param>
    /// <param name="section">The section, customarily <see cref="SteeredLlamaOptions.SectionName"/>.</param>
    /// <param name="configure">Changes what the section says; its policies may have rules for the concepts added here. Runs when a host starts and when the engine is opened.</param>
    /// <param name="serviceId">The service id to register under; null, the default, for none.</param>
    /// <returns>The same collection.</returns>
    /// <exception cref="OptionsValidationException">The section has mistakes; all are listed. Raised when a host starts, or else when the engine is opened.</exception>
    public static IServiceCollection AddSteeredLlama(
        this IServiceCollection services, IConfigurationSection section, Action<SteeredLlamaOptions>? configure = null, string? serviceId = null)
    {
        Forward(services, SteeredLlamaRegistration.Add(services, section, configure, serviceId), serviceId);
        return services;
    }

    private static void Forward(IServiceCollection services, SteeredLlamaRegistration registration, string? serviceId)
    {
        services.AddKeyedSingleton<IChatCompletionService>(
            serviceId, (provider, _) => new SteeredLlamaChatCompletionService(registration.Host(provider).ChatClient));
        services.AddKeyedSingleton<ITextGenerationService>(
            serviceId, (provider, _) => new SteeredLlamaTextGenerationService(registration.Host(provider).Engine));
    }
}
