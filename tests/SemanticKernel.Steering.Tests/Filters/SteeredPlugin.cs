using System.Runtime.CompilerServices;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;

namespace SemanticKernel.Steering.Tests.Filters;

/// <summary>Native functions with attributes that call the model in all the ways a native function can.</summary>
internal sealed class SteeredPlugin
{
    [KernelFunction]
    [Steer("toxicity", 1)]
    public static async Task<SteeringReport> NestedPromptAsync(Kernel kernel) => (await kernel.InvokeAsync(FilteredKernel.Prompt())).Report();

    [KernelFunction]
    [Steer("toxicity", 1)]
    public static async Task<SteeringReport> NestedStreamingPromptAsync(Kernel kernel) => await kernel.StreamAsync(FilteredKernel.Prompt());

    [KernelFunction]
    [Steer("toxicity", 1)]
    public static async Task<SteeringReport> DirectAsync(Kernel kernel) => Assert.IsType<SteeringReport>(
        (await kernel.GetRequiredService<IChatCompletionService>().GetChatMessageContentAsync("Hello.", FilteredKernel.OneToken())).Metadata![SteeringKeys.Report]);

    [KernelFunction]
    [Steer("toxicity", 1)]
    public static async IAsyncEnumerable<SteeringReport> StreamAsync(Kernel kernel, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var i = 0; i < 2; i++)
        {
            await Task.Yield();
            yield return await DirectAsync(kernel);
        }
    }

    [KernelFunction]
    [Steer("toxicity", 0.5)]
    [Steer("politeness", 0.75)]
    public static async Task<SteeringReport> NestedNativeAsync(Kernel kernel) =>
        (await kernel.InvokeAsync(kernel.Plugins.GetFunction(nameof(SteeredPlugin), "Direct"))).GetValue<SteeringReport>()!;

    [KernelFunction]
    [Steer("toxicity", 1)]
    [Steer("toxicity", 0.5)]
    public static string Twice() => "never";

    [KernelFunction]
    [Steer("sarcasm", 1)]
    public static Task<SteeringReport> UnknownAsync(Kernel kernel) => DirectAsync(kernel);
}
