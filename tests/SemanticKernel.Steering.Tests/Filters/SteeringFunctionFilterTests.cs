using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using SemanticKernel.Steering.Tests.Precedence;

namespace SemanticKernel.Steering.Tests.Filters;

public sealed class SteeringFunctionFilterTests : IDisposable
{
    private readonly Kernel _kernel;

    public SteeringFunctionFilterTests(TinyChatFixture tinyChat) => _kernel = TwoPolicies.Open(tinyChat);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => ((IDisposable)_kernel.Services).Dispose();

    [Fact]
    public async Task Callback_SeesTenantInKernelDataUserInArgumentsAndNames()
    {
        var kernel = _kernel.With(context => (context.Kernel.Data["tenant"], context.Arguments["user"], context.Function.PluginName, context.Function.Name) switch
        {
            ("school", "child", "Homework", "ask") => FilteredKernel.Toxicity(1),
            _ => null,
        });
        kernel.Data["tenant"] = "school";
        var plugin = kernel.ImportPluginFromFunctions("Homework", [FilteredKernel.Prompt()]);

        Assert.Equal(1, (await kernel.InvokeAsync(plugin["ask"], new() { ["user"] = "child" }, Cancel)).Report().Concepts["toxicity"]);
        Assert.Equal(1, (await kernel.StreamAsync(plugin["ask"], new() { ["user"] = "child" })).Concepts["toxicity"]);
        Assert.Equal(0, (await kernel.InvokeAsync(plugin["ask"], new() { ["user"] = "teacher" }, Cancel)).Report().Concepts["toxicity"]);
        Assert.Equal(0, (await kernel.InvokeAsync(FilteredKernel.Prompt(), new() { ["user"] = "child" }, Cancel)).Report().Concepts["toxicity"]);
    }

    [Fact]
    public async Task Callback_ChoosingAPolicy_IsObeyed()
    {
        var kernel = _kernel.With(_ => new SteeringRequest { Policy = TwoPolicies.Other });

        Assert.Equal(TwoPolicies.Other, (await kernel.InvokeAsync(FilteredKernel.Prompt(), cancellationToken: Cancel)).Report().Policy);
        Assert.Equal(TwoPolicies.Other, (await kernel.StreamAsync(FilteredKernel.Prompt())).Policy);
        await Assert.ThrowsAsync<SteeringPolicyException>(() =>
            _kernel.With(_ => new SteeringRequest { Policy = "none such" }).InvokeAsync(FilteredKernel.Prompt(), cancellationToken: Cancel));
    }

    [Fact]
    public async Task FrozenFunctionSettings_AreLeftAloneButSteered()
    {
        var function = FilteredKernel.Prompt(settings: FilteredKernel.OneToken(0.5));
        await _kernel.InvokeAsync(function, cancellationToken: Cancel);
        var settings = (SteeredLlamaPromptExecutionSettings)function.ExecutionSettings![PromptExecutionSettings.DefaultServiceId];
        Assert.True(settings.IsFrozen);

        var report = (await _kernel.With(_ => FilteredKernel.Toxicity(1)).InvokeAsync(function, cancellationToken: Cancel)).Report();

        Assert.Equal(1, report.Concepts["toxicity"]);
        Assert.Equal(0.5, settings.Concepts!["toxicity"]);
        Assert.Equal(0.5, (await _kernel.InvokeAsync(function, cancellationToken: Cancel)).Report().Concepts["toxicity"]);
    }

    [Fact]
    public async Task SettingsOfTheCaller_AreNotChanged()
    {
        var settings = FilteredKernel.OneToken(0.5);
        var kernel = _kernel.With(_ => FilteredKernel.Toxicity(1));

        Assert.Equal(1, (await kernel.InvokeAsync(FilteredKernel.Prompt(), new KernelArguments(settings), Cancel)).Report().Concepts["toxicity"]);

        Assert.Equal(0.5, settings.Concepts!["toxicity"]);
        Assert.Equal(0.5, (await _kernel.InvokeAsync(FilteredKernel.Prompt(), new KernelArguments(settings), Cancel)).Report().Concepts["toxicity"]);
    }

    [Fact]
    public async Task NoSettingsAtAll_AreSteered()
    {
        var function = KernelFunctionFactory.CreateFromPrompt("Hello.", functionName: "bare");
        var kernel = _kernel.With(_ => FilteredKernel.Toxicity(1));

        Assert.Equal(1, (await kernel.InvokeAsync(function, cancellationToken: Cancel)).Report().Concepts["toxicity"]);
    }

    [Fact]
    public async Task TwoFilters_TheInnerWinsConceptByConcept()
    {
        var kernel = _kernel.With(_ => new SteeringRequest { Concepts = new Dictionary<string, double> { ["toxicity"] = 0.5, ["politeness"] = 0.75 } });
        kernel.FunctionInvocationFilters.Add(new SteeringFunctionFilter(_ => FilteredKernel.Toxicity(1)));

        var report = (await kernel.InvokeAsync(FilteredKernel.Prompt(), cancellationToken: Cancel)).Report();

        Assert.Equal(1, report.Concepts["toxicity"]);
        Assert.Equal(0.75, report.Concepts["politeness"]);
    }

    [Fact]
    public async Task ParallelInvocations_DoNotLeak()
    {
        var kernel = _kernel.With(context => context.Arguments.TryGetValue("strength", out var strength) ? FilteredKernel.Toxicity((double)strength!) : null);
        var chat = kernel.GetRequiredService<IChatCompletionService>();
        var outer = KernelFunctionFactory.CreateFromMethod(
            async (Kernel inner) =>
            {
                await Task.Yield();
                var nested = (await inner.InvokeAsync(FilteredKernel.Prompt(), cancellationToken: Cancel)).Report();
                var direct = (await chat.GetChatMessageContentAsync("Hello.", FilteredKernel.OneToken(), inner, Cancel)).Metadata![SteeringKeys.Report];
                return new[] { nested, Assert.IsType<SteeringReport>(direct) };
            },
            "outer");
        var strengths = Enumerable.Range(0, 12).Select(index => index / 8d).ToArray();

        var runs = await Task.WhenAll(strengths.Select(strength =>
            Task.Run(async () => (await kernel.InvokeAsync(outer, new() { ["strength"] = strength }, Cancel)).GetValue<SteeringReport[]>()!)));

        Assert.All(strengths.Zip(runs), run => Assert.All(run.Second, report => Assert.Equal(run.First, report.Concepts["toxicity"])));
        Assert.Equal(0, (await kernel.InvokeAsync(FilteredKernel.Prompt(), cancellationToken: Cancel)).Report().Concepts["toxicity"]);
    }

    [Fact]
    public async Task ThrowingCallback_LeavesNoAnswer()
    {
        var kernel = _kernel.With(_ => throw new TimeoutException("The tenant store is away."));

        await Assert.ThrowsAsync<TimeoutException>(() => kernel.InvokeAsync(FilteredKernel.Prompt(), cancellationToken: Cancel));
        await Assert.ThrowsAsync<TimeoutException>(() => kernel.StreamAsync(FilteredKernel.Prompt()));
    }

    [Fact]
    public async Task AfterAnError_NothingIsLeftBehind()
    {
        var kernel = _kernel.With(context => context.Function.Name == "failing" ? FilteredKernel.Toxicity(1) : null);
        var failing = KernelFunctionFactory.CreateFromMethod((Action)(() => throw new TimeoutException()), "failing");

        await Assert.ThrowsAsync<TimeoutException>(() => kernel.InvokeAsync(failing, cancellationToken: Cancel));

        Assert.Equal(0, (await kernel.InvokeAsync(FilteredKernel.Prompt(), cancellationToken: Cancel)).Report().Concepts["toxicity"]);
    }
}
