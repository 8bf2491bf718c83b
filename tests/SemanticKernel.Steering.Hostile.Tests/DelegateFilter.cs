using Microsoft.SemanticKernel;

namespace SemanticKernel.Steering.Hostile.Tests;

/// <summary>A function filter made of a delegate.</summary>
internal sealed class DelegateFilter(Func<FunctionInvocationContext, Func<FunctionInvocationContext, Task>, Task> run) : IFunctionInvocationFilter
{
    public Task OnFunctionInvocationAsync(FunctionInvocationContext context, Func<FunctionInvocationContext, Task> next) => run(context, next);
}
