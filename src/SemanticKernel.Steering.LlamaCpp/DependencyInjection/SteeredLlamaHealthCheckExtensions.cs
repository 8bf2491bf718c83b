using Microsoft.Extensions.Diagnostics.HealthChecks;
using SemanticKernel.Steering.LlamaCpp;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds health checks for steered models.</summary>
public static class SteeredLlamaHealthCheckExtensions
{
    /// <summary>Checks that a registered model is open and that steering acts; see <see cref="SteeringHealthCheck"/>.</summary>
    /// <param name="builder">The health checks.</param>
    /// <param name="serviceId">The key the model is registered under; null, the default, for none.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="failureStatus">What a failure is reported as; null for unhealthy.</param>
    /// <param name="tags">Tags to filter checks by.</param>
    /// <returns>The same builder.</returns>
    public static IHealthChecksBuilder AddSteeredLlama(
        this IHealthChecksBuilder builder, string? serviceId = null, string name = "steered-llama", HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return builder.Add(new HealthCheckRegistration(
            name, provider => new SteeringHealthCheck(() => provider.GetRequiredKeyedService<SteeredLlamaEngine>(serviceId)), failureStatus, tags));
    }
}
