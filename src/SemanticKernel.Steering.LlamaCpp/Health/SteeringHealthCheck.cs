using Microsoft.Extensions.Diagnostics.HealthChecks;
using SemanticKernel.Steering.LlamaCpp.Health;

namespace SemanticKernel.Steering.LlamaCpp;

/// <summary>
/// Healthy when the model is open, its maps are in force, and steering demonstrably acts: for every concept, and for the default
/// policy if it steers, a fixed text's logits differ from those without steering. Degraded while too many requests wait to try.
/// </summary>
/// <remarks>Thread-safe. Runs a few tokens per concept through the model, behind the requests that wait.</remarks>
public sealed class SteeringHealthCheck : IHealthCheck
{
    private readonly Func<SteeredLlamaEngine> _engine;

    /// <summary>Creates a check.</summary>
    /// <param name="engine">Gives the engine to check; it may open it, and an error in that is reported as unhealthy.</param>
    public SteeringHealthCheck(Func<SteeredLlamaEngine> engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        _engine = engine;
    }

    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var engine = _engine();
            var resolver = engine.Steering.Resolver;
            var plain = await Canary.ReadLogitsAsync(engine, PlanCompiler.Compile([]), cancellationToken).ConfigureAwait(false);
            var idle = new List<string>();
            foreach (var maps in resolver.MapSets)
            {
                var steered = await Canary.ReadLogitsAsync(engine, PlanCompiler.Compile([(maps, StrengthFor(maps))]), cancellationToken).ConfigureAwait(false);
                if (steered.AsSpan().SequenceEqual(plain))
                {
                    idle.Add($"the concept '{maps.Concept}'");
                }
            }

            var plan = resolver.Resolve(SteeringRequest.Empty);
            if (!plan.IsEmpty && (await Canary.ReadLogitsAsync(engine, plan, cancellationToken).ConfigureAwait(false)).AsSpan().SequenceEqual(plain))
            {
                idle.Add($"the policy '{plan.Policy}'");
            }

            return idle.Count == 0
                ? HealthCheckResult.Healthy($"'{engine.ModelId}' is open; concepts that act: {(resolver.Concepts.Count == 0 ? "none registered" : string.Join(", ", resolver.Concepts))}.")
                : new HealthCheckResult(FailureStatus(context), $"Steering changes nothing with {string.Join(", ", idle)}.");
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (EngineBusyException error)
        {
            // It works, and more is asked of it than it can do: no reason to restart it.
            return HealthCheckResult.Degraded(error.Message, error);
        }
#pragma warning disable CA1031 // Whatever keeps the engine from answering is what the check is for.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return new HealthCheckResult(FailureStatus(context), error.Message, error);
        }
    }

    /// <summary>A concept recommended to rest is tried out all the same.</summary>
    private static double StrengthFor(MapSet maps) => maps.Metadata.RecommendedStrength is { } strength && strength != 0 ? strength : 1;

    private static HealthStatus FailureStatus(HealthCheckContext? context) => context?.Registration?.FailureStatus ?? HealthStatus.Unhealthy;
}
