using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using SemanticKernel.Steering.LlamaCpp;

namespace Microsoft.SemanticKernel;

/// <summary>Adds local models with steering to a kernel.</summary>
public static class SteeredLlamaKernelBuilderExtensions
{
    /// <summary>Adds a local model as chat completion, text generation and chat client.</summary>
    /// <remarks>
    /// One engine stands behind all three, opened at the first use. It is closed with the kernel's services:
    /// <c>(kernel.Services as IDisposable)?.Dispose()</c>, or with the host's container after <c>AddKernel()</c>. There a
    /// model under a service id is found by that id only; add the default model without one. In a kernel with several models
    /// name the one that is meant by service id or model id: which one answers otherwise depends on how they were added.
    /// </remarks>
    /// <param name="builder">The kernel's builder.</param>
    /// <param name="modelId">The name the model goes by, in service selection too.</param>
    /// <param name="modelPath">The model, a GGUF file.</param>
    /// <param name="configure">Sets further options, concepts among them. Runs when the engine is opened.</param>
    /// <param name="serviceId">The service id to register under; null, the default, for none.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException">A name, path or service id is empty or white space.</exception>
    public static IKernelBuilder AddSteeredLlama(
        this IKernelBuilder builder, string modelId, string modelPath, Action<SteeredLlamaOptions>? configure = null, string? serviceId = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSteeredLlama(modelId, modelPath, configure, serviceId);
        return builder;
    }

    /// <summary>Adds the local model a configuration section describes, with its concepts and policies; see docs/policies.md.</summary>
    /// <remarks>As for the other overload. Concepts and policies follow later changes of the configuration; other options are read once.</remarks>
    /// <param name="builder">The kernel's builder.</param>
    /// <param name="section">The section, customarily <see cref="SteeredLlamaOptions.SectionName"/>.</param>
    /// <param name="configure">Changes what the section says; its policies may have rules for the concepts added here. Runs when a host starts and when the engine is opened.</param>
    /// <param name="serviceId">The service id to register under; null, the default, for none.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="OptionsValidationException">The section has mistakes; all are listed. Raised when a host starts, or else when the engine is opened.</exception>
    public static IKernelBuilder AddSteeredLlama(
        this IKernelBuilder builder, IConfigurationSection section, Action<SteeredLlamaOptions>? configure = null, string? serviceId = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSteeredLlama(section, configure, serviceId);
        return builder;
    }
}
