using System.Diagnostics.CodeAnalysis;

namespace SemanticKernel.Steering;

/// <summary>The names of hook points in map files and tensor names: snake case, for example <c>block_output</c>.</summary>
public static class HookPointNames
{
    /// <summary>Gives the snake_case name of a hook point.</summary>
    /// <param name="hook">The hook point.</param>
    /// <returns>Its name, for example <c>feed_forward_norm</c>.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="hook"/> is not a defined hook point.</exception>
    public static string ToName(this HookPoint hook) => SnakeNames<HookPoint>.Of(hook);

    /// <summary>Reads a hook point name. Only the exact spelling of <see cref="ToName"/> is accepted.</summary>
    /// <param name="name">The name.</param>
    /// <param name="hook">The hook point, when the name is known.</param>
    /// <returns>Whether the name is known.</returns>
    public static bool TryParse([NotNullWhen(true)] string? name, out HookPoint hook) =>
        SnakeNames<HookPoint>.TryParse(name, out hook);
}
