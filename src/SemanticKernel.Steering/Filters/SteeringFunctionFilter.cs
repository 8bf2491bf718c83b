using Microsoft.SemanticKernel;
using SemanticKernel.Steering.LlamaCpp.Chat;

namespace SemanticKernel.Steering;

/// <summary>
/// Chooses steering per function call: from <see cref="SteerAttribute"/>s on the function, and from a callback of the
/// application that knows tenant, user, plugin and function. The callback wins over attributes, both over what settings ask
/// for, and the engine's policy judges the result.
/// </summary>
/// <remarks>
/// Register it with <c>builder.Services.AddSingleton&lt;IFunctionInvocationFilter&gt;(new SteeringFunctionFilter(…))</c>. What is chosen
/// for a function also holds for everything the function calls. Filters see functions only: a direct call of a chat completion
/// service outside of any function passes none, which is why the floor belongs into a policy. Thread-safe if the callback is.
/// </remarks>
public sealed class SteeringFunctionFilter : IFunctionInvocationFilter
{
    private readonly Func<FunctionInvocationContext, SteeringRequest?>? _choose;

    /// <summary>Creates a filter.</summary>
    /// <param name="choose">Returns what to ask for in a call, or null for nothing; null to go by attributes alone.</param>
    public SteeringFunctionFilter(Func<FunctionInvocationContext, SteeringRequest?>? choose = null) => _choose = choose;

    /// <inheritdoc/>
    public async Task OnFunctionInvocationAsync(FunctionInvocationContext context, Func<FunctionInvocationContext, Task> next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        var chosen = SteeringRequestMerge.Merge(AmbientSteering.Current, SteerAttribute.Read(context.Function), _choose?.Invoke(context));
        if (chosen is null)
        {
            await next(context).ConfigureAwait(false);
            return;
        }

        // A bare IChatClient sees the settings only. Replacing them works over frozen ones too.
        context.Arguments.ExecutionSettings = Lay(chosen, context.Arguments.ExecutionSettings ?? context.Function.ExecutionSettings);
        using (AmbientSteering.Begin(chosen))
        {
            await next(context).ConfigureAwait(false);
        }

        if (context.IsStreaming && context.Result.GetValue<object>() is { } stream)
        {
            context.Result = new FunctionResult(context.Result, AmbientStream.Keep(stream, chosen));
        }
    }

    private static Dictionary<string, PromptExecutionSettings> Lay(SteeringRequest chosen, IReadOnlyDictionary<string, PromptExecutionSettings>? settings)
    {
        if (settings is not { Count: > 0 })
        {
            return new Dictionary<string, PromptExecutionSettings>
            {
                [PromptExecutionSettings.DefaultServiceId] = new SteeredLlamaPromptExecutionSettings { Chosen = chosen },
            };
        }

        return settings.ToDictionary(entry => entry.Key, entry => (PromptExecutionSettings)Lay(chosen, entry.Value));
    }

    private static SteeredLlamaPromptExecutionSettings Lay(SteeringRequest chosen, PromptExecutionSettings settings)
    {
        var own = (SteeredLlamaPromptExecutionSettings)SteeredLlamaPromptExecutionSettings.FromExecutionSettings(settings).Clone();
        own.Chosen = SteeringRequestMerge.Merge(own.Chosen, chosen);
        return own;
    }
}
