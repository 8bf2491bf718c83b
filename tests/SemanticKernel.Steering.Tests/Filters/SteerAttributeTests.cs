using Microsoft.SemanticKernel;
using SemanticKernel.Steering.Tests.Precedence;

namespace SemanticKernel.Steering.Tests.Filters;

public sealed class SteerAttributeTests : IDisposable
{
    private readonly Kernel _kernel;

    public SteerAttributeTests(TinyChatFixture tinyChat) => _kernel = TwoPolicies.Open(tinyChat);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => ((IDisposable)_kernel.Services).Dispose();

    [Theory]
    [InlineData("NestedPrompt")]
    [InlineData("NestedStreamingPrompt")]
    [InlineData("Direct")]
    public async Task Attribute_OnANativeFunction_SteersItsCalls(string name)
    {
        var kernel = _kernel.With();
        var plugin = kernel.ImportPluginFromType<SteeredPlugin>();

        Assert.Equal(1, (await kernel.InvokeAsync(plugin[name], cancellationToken: Cancel)).GetValue<SteeringReport>()!.Concepts["toxicity"]);
        Assert.Equal(0, (await kernel.InvokeAsync(FilteredKernel.Prompt(), cancellationToken: Cancel)).Report().Concepts["toxicity"]);
    }

    [Theory]
    [InlineData("NestedPrompt")]
    [InlineData("NestedStreamingPrompt")]
    [InlineData("Direct")]
    public async Task Attribute_WithoutTheFilter_AsksForNothing(string name)
    {
        var kernel = _kernel.Clone();
        var plugin = kernel.ImportPluginFromType<SteeredPlugin>();

        Assert.Equal(0, (await kernel.InvokeAsync(plugin[name], cancellationToken: Cancel)).GetValue<SteeringReport>()!.Concepts["toxicity"]);
    }

    [Theory]
    [InlineData("Direct")]
    [InlineData("NestedPrompt")]
    [InlineData("Stream")]
    public async Task Attribute_OnAFunctionThatIsStreamed_SteersItsCallsAndNotTheReaders(string name)
    {
        var kernel = _kernel.With();
        var plugin = kernel.ImportPluginFromType<SteeredPlugin>();
        var count = 0;

        await foreach (var report in kernel.InvokeStreamingAsync<SteeringReport>(plugin[name], cancellationToken: Cancel))
        {
            count++;
            Assert.Equal(1, report.Concepts["toxicity"]);
            Assert.Equal(0, (await SteeredPlugin.DirectAsync(kernel)).Concepts["toxicity"]);
        }

        Assert.Equal(name == "Stream" ? 2 : 1, count);
    }

    [Fact]
    public async Task NestedFunctions_TheInnerWinsConceptByConcept()
    {
        var kernel = _kernel.With();
        var plugin = kernel.ImportPluginFromType<SteeredPlugin>();

        var report = (await kernel.InvokeAsync(plugin["NestedNative"], cancellationToken: Cancel)).GetValue<SteeringReport>()!;

        Assert.Equal(1, report.Concepts["toxicity"]);
        Assert.Equal(0.75, report.Concepts["politeness"]);
    }

    [Fact]
    public async Task Callback_WinsOverTheAttribute()
    {
        var kernel = _kernel.With(context => context.Function.Name == "Direct" ? FilteredKernel.Toxicity(0.25) : null);
        var plugin = kernel.ImportPluginFromType<SteeredPlugin>();

        Assert.Equal(0.25, (await kernel.InvokeAsync(plugin["Direct"], cancellationToken: Cancel)).GetValue<SteeringReport>()!.Concepts["toxicity"]);
    }

    [Theory]
    [InlineData("Twice", "toxicity")]
    [InlineData("Unknown", "sarcasm")]
    public async Task Attribute_ThatCannotHold_IsRefused(string name, string concept)
    {
        var kernel = _kernel.With();
        var plugin = kernel.ImportPluginFromType<SteeredPlugin>();

        var error = await Assert.ThrowsAsync<SteeringPolicyException>(() => kernel.InvokeAsync(plugin[name], cancellationToken: Cancel));

        Assert.Contains(concept, error.Message, StringComparison.Ordinal);
    }
}
