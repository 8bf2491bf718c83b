using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;
using SemanticKernel.Steering.LlamaCpp.Chat;

namespace SemanticKernel.Steering;

/// <summary>Changes steering for the model's next turn after a tool has run, for example because the tool read untrusted text.</summary>
/// <remarks>Register it as <see cref="IAutoFunctionInvocationFilter"/>. The engine's policy judges what is chosen. Thread-safe if the callback is.</remarks>
public sealed class SteeringAutoFunctionFilter : IAutoFunctionInvocationFilter
{
    private readonly Func<AutoFunctionInvocationContext, SteeringRequest?> _choose;

    /// <summary>Creates a filter.</summary>
    /// <param name="choose">Gets the context with the tool's result; returns what to ask for from the next turn on, or null for no change.</param>
    public SteeringAutoFunctionFilter(Func<AutoFunctionInvocationContext, SteeringRequest?> choose)
    {
        ArgumentNullException.ThrowIfNull(choose);
        _choose = choose;
    }

    /// <inheritdoc/>
    public async Task OnAutoFunctionInvocationAsync(AutoFunctionInvocationContext context, Func<AutoFunctionInvocationContext, Task> next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        await next(context).ConfigureAwait(false);

        // The options object is that of the whole tool loop; its settings are frozen, its properties are not.
        var options = context.Options ?? throw new NotSupportedException("This version of Semantic Kernel hands auto-function filters no chat options.");
        try
        {
            if (_choose(context) is { } chosen)
            {
                (options.AdditionalProperties ??= [])[SteeringKeys.Request] = SteeringRequestMerge.Merge(ChatOptionsReader.ReadRequest(options), chosen);
            }
        }
        catch (Exception error)
        {
            // The tool loop reports errors to the model and goes on. A request that is none makes the next turn fail instead.
            (options.AdditionalProperties ??= [])[SteeringKeys.Request] = error;
            throw;
        }
    }
}
