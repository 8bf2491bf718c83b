using Microsoft.SemanticKernel;

namespace SemanticKernel.Steering.Tests.Filters;

/// <summary>Kernels with a steering filter, and calls of one token whose reports say what was in force.</summary>
internal static class FilteredKernel
{
    internal static Kernel With(this Kernel shared, Func<FunctionInvocationContext, SteeringRequest?>? choose = null)
    {
        var kernel = shared.Clone();
        kernel.FunctionInvocationFilters.Add(new SteeringFunctionFilter(choose));
        return kernel;
    }

    internal static SteeringRequest Toxicity(double strength) => new() { Concepts = new Dictionary<string, double> { ["toxicity"] = strength } };

    internal static SteeredLlamaPromptExecutionSettings OneToken(double? toxicity = null) => new()
    {
        Temperature = 0,
        MaxTokens = 1,
        Concepts = toxicity is { } strength ? new Dictionary<string, double> { ["toxicity"] = strength } : null,
    };

    internal static KernelFunction Prompt(string name = "ask", PromptExecutionSettings? settings = null) =>
        KernelFunctionFactory.CreateFromPrompt("Hello.", settings ?? OneToken(), name);

    internal static SteeringReport Report(this FunctionResult result) => Assert.IsType<SteeringReport>(result.Metadata![SteeringKeys.Report]);

    internal static async Task<SteeringReport> StreamAsync(this Kernel kernel, KernelFunction function, KernelArguments? arguments = null)
    {
        var parts = await kernel.InvokeStreamingAsync<StreamingKernelContent>(function, arguments).ToListAsync();
        return Assert.IsType<SteeringReport>(parts[^1].Metadata![SteeringKeys.Report]);
    }
}
