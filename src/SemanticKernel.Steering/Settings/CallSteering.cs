using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;
using SemanticKernel.Steering.LlamaCpp.Chat;

namespace SemanticKernel.Steering;

/// <summary>
/// Gathers what a call through Semantic Kernel asks for. Weakest first: the settings of the call; the kernel's data; what a
/// filter chose for the function that is running; what a filter chose for this very call. The kernel's data may also hold a
/// handle, ask for measuring, or name the cache scope, which then goes before that of the settings.
/// </summary>
internal static class CallSteering
{
    internal static ChatOptions ReadOptions(PromptExecutionSettings? executionSettings, Kernel? kernel)
    {
        var settings = SteeredLlamaPromptExecutionSettings.FromExecutionSettings(executionSettings);
        var options = SettingsWriter.ToChatOptions(settings, kernel);
        if (SteeringRequestMerge.Merge(ReadKernel(kernel), AmbientSteering.Current, settings.Chosen) is { } stronger)
        {
            options.AdditionalProperties ??= [];
            options.AdditionalProperties[SteeringKeys.Request] = SteeringRequestMerge.Merge(ChatOptionsReader.ReadRequest(options), stronger);
        }

        // A prompt file must not get at what another tenant has cached.
        if (kernel?.Data.TryGetValue(SteeringKeys.CacheScope, out var scope) is true && scope is not null)
        {
            (options.AdditionalProperties ??= [])[SteeringKeys.CacheScope] = scope;
        }

        // These are no wishes for the policy to judge, so the settings' own are not merged with the kernel's.
        foreach (var key in new[] { SteeringKeys.Handle, SteeringKeys.Measure })
        {
            if (kernel?.Data.TryGetValue(key, out var value) is true && value is not null && options.AdditionalProperties?.ContainsKey(key) is not true)
            {
                (options.AdditionalProperties ??= [])[key] = value;
            }
        }

        return options;
    }

    private static SteeringRequest? ReadKernel(Kernel? kernel)
    {
        if (kernel is null)
        {
            return null;
        }

        var data = new AdditionalPropertiesDictionary();
        foreach (var key in new[] { SteeringKeys.Request, SteeringKeys.Concepts })
        {
            if (kernel.Data.TryGetValue(key, out var value) && value is not null)
            {
                data[key] = value;
            }
        }

        var policy = kernel.Data.TryGetValue(SteeringKeys.Policy, out var name) && name is not null
            ? new SteeringRequest
            {
                Policy = name as string ?? throw new SteeringPolicyException($"Kernel data '{SteeringKeys.Policy}' must be the name of a policy, not {name.GetType().Name}."),
            }
            : null;
        return data.Count == 0 ? policy : SteeringRequestMerge.Merge(policy, ChatOptionsReader.ReadRequest(new ChatOptions { AdditionalProperties = data }));
    }
}
