using SemanticKernel.Steering;
using SemanticKernel.Steering.LlamaCpp.Chat;

namespace Microsoft.Extensions.AI;

/// <summary>Adds steering to chat client pipelines.</summary>
public static class SteeringChatClientBuilderExtensions
{
    /// <summary>
    /// Lets trusted code choose policy and strengths for every call, by tenant, user or whatever it knows, and makes the plan in
    /// force part of the options, where a response cache further in sees it.
    /// </summary>
    /// <remarks>
    /// What is chosen wins over what the call asks for, concept by concept, and is judged by the engine's policy like everything else.
    /// Call it before <c>UseDistributedCache</c>: a cache outside of it would replay answers made under another policy; see docs/policies.md.
    /// </remarks>
    /// <param name="builder">The pipeline.</param>
    /// <param name="choose">Gets the messages and options of a call; returns what to ask for, or null for nothing. Must be thread-safe. Null to choose nothing.</param>
    /// <returns>The same builder.</returns>
    public static ChatClientBuilder UseSteering(this ChatClientBuilder builder, Func<IEnumerable<ChatMessage>, ChatOptions?, SteeringRequest?>? choose = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Use(inner => new SteeringChatClient(inner, choose));
    }
}
