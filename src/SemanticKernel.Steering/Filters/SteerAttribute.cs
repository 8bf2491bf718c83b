using System.Reflection;
using Microsoft.SemanticKernel;

namespace SemanticKernel.Steering;

/// <summary>Asks for a strength of a concept while a kernel function runs, for the calls it makes to prompt functions and to steered services. Read by <see cref="SteeringFunctionFilter"/>.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true, Inherited = false)]
public sealed class SteerAttribute : Attribute
{
    /// <summary>Creates an attribute.</summary>
    /// <param name="concept">The concept's name.</param>
    /// <param name="strength">The strength to ask for; the engine's policy judges it.</param>
    public SteerAttribute(string concept, double strength)
    {
        ArgumentNullException.ThrowIfNull(concept);
        Concept = concept;
        Strength = strength;
    }

    /// <summary>The concept's name.</summary>
    public string Concept { get; }

    /// <summary>The strength to ask for.</summary>
    public double Strength { get; }

    internal static SteeringRequest? Read(KernelFunction function)
    {
        var attributes = function.UnderlyingMethod?.GetCustomAttributes<SteerAttribute>().ToArray();
        if (attributes is not { Length: > 0 })
        {
            return null;
        }

        var concepts = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var attribute in attributes)
        {
            if (!concepts.TryAdd(attribute.Concept, attribute.Strength))
            {
                throw new SteeringPolicyException($"The function '{function.Name}' has two [Steer] attributes for '{attribute.Concept}'.");
            }
        }

        return new SteeringRequest { Concepts = concepts };
    }
}
