using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;

namespace SemanticKernel.Steering.Tests.Filters;

public sealed class SteeringAutoFunctionFilterTests
{
    private static readonly PromptExecutionSettings WithTools = new() { FunctionChoiceBehavior = FunctionChoiceBehavior.Auto() };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ToolResult_ChangesTheNextTurn(bool streaming)
    {
        using var model = new ScriptedToolClient("Web_read");
        var kernel = Open(model, context => context.Result.GetValue<string>() == "untrusted" ? FilteredKernel.Toxicity(1.2) : null);

        await Run(kernel, streaming);

        Assert.Equal(2, model.Asked.Count);
        Assert.Null(model.Asked[0]);
        Assert.Equal(1.2, model.Asked[1]!.Concepts["toxicity"]);
    }

    [Fact]
    public async Task SecondTool_AddsToWhatTheFirstChose()
    {
        using var model = new ScriptedToolClient("Web_read", "Web_write");
        var kernel = Open(model, context => context.Function.Name == "read"
            ? new SteeringRequest { Policy = "strict", Concepts = new Dictionary<string, double> { ["toxicity"] = 1, ["politeness"] = 0.5 } }
            : FilteredKernel.Toxicity(1.5));

        await Run(kernel, streaming: false);

        Assert.Equal(1, model.Asked[1]!.Concepts["toxicity"]);
        Assert.Equal((1.5, 0.5), (model.Asked[2]!.Concepts["toxicity"], model.Asked[2]!.Concepts["politeness"]));
        Assert.Equal("strict", model.Asked[2]!.Policy);
    }

    [Fact]
    public async Task NothingChosen_ChangesNothing()
    {
        using var model = new ScriptedToolClient("Web_read");

        await Run(Open(model, _ => null), streaming: false);

        Assert.Equal([null, null], model.Asked);
    }

    [Fact]
    public async Task NextCall_BeginsAnew()
    {
        using var model = new ScriptedToolClient("Web_read");
        var kernel = Open(model, _ => FilteredKernel.Toxicity(1));

        await Run(kernel, streaming: false);
        await Run(kernel, streaming: false);

        Assert.Equal([false, true, false, true], model.Asked.Select(request => request is not null));
    }

    [Fact]
    public async Task ThrowingCallback_LeavesNoAnswer()
    {
        using var model = new ScriptedToolClient("Web_read");
        var kernel = Open(model, _ => throw new TimeoutException());

        await Assert.ThrowsAnyAsync<Exception>(() => Run(kernel, streaming: false));

        Assert.Single(model.Asked);
    }

    private static Kernel Open(IChatClient model, Func<AutoFunctionInvocationContext, SteeringRequest?> choose)
    {
        var builder = Kernel.CreateBuilder();
        builder.Services.AddSingleton<IChatCompletionService>(new ChatClientBuilder(model).UseKernelFunctionInvocation().Build().AsChatCompletionService());
        builder.Services.AddSingleton<IAutoFunctionInvocationFilter>(new SteeringAutoFunctionFilter(choose));
        var kernel = builder.Build();
        kernel.ImportPluginFromFunctions(
            "Web", [KernelFunctionFactory.CreateFromMethod(() => "untrusted", "read"), KernelFunctionFactory.CreateFromMethod(() => "written", "write")]);
        return kernel;
    }

    private static async Task Run(Kernel kernel, bool streaming)
    {
        var chat = kernel.GetRequiredService<IChatCompletionService>();
        var history = new ChatHistory("You are helpful.");
        history.AddUserMessage("Read it.");
        if (streaming)
        {
            await chat.GetStreamingChatMessageContentsAsync(history, WithTools, kernel, Cancel).ToListAsync(Cancel);
        }
        else
        {
            await chat.GetChatMessageContentAsync(history, WithTools, kernel, Cancel);
        }
    }
}
