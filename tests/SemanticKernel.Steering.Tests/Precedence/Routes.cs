using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using Microsoft.SemanticKernel.TextGeneration;

namespace SemanticKernel.Steering.Tests.Precedence;

/// <summary>Every way to the model, as far as precedence goes. Each returns the report of an answer of one token.</summary>
internal static class Routes
{
    internal const string Client = "IChatClient";

    /// <summary>The name of the prompt function, for filters.</summary>
    internal const string Inner = "inner";

    private const string Outer = "outer";
    private const string Text = "There was a duck named";

    private static readonly Dictionary<string, Func<Kernel, Ask, Task<object?>>> Functions = new()
    {
        ["prompt"] = async (kernel, ask) => (await kernel.InvokeAsync(Prompt(ask.Settings()))).Metadata![SteeringKeys.Report],
        ["prompt, streaming"] = (kernel, ask) => Last(kernel.InvokeStreamingAsync<StreamingChatMessageContent>(Prompt(ask.Settings()))),
        ["prompt, settings of the call"] = async (kernel, ask) =>
            (await kernel.InvokeAsync(Prompt(null), new KernelArguments(ask.Settings()))).Metadata![SteeringKeys.Report],
        ["prompt, settings of the call, streaming"] = (kernel, ask) =>
            Last(kernel.InvokeStreamingAsync<StreamingChatMessageContent>(Prompt(null), new KernelArguments(ask.Settings()))),
    };

    private static readonly Dictionary<string, Func<Kernel, Ask, Task<object?>>> Services = new()
    {
        ["chat service"] = async (kernel, ask) =>
            (await kernel.GetRequiredService<IChatCompletionService>().GetChatMessageContentAsync(Text, ask.Settings(), kernel)).Metadata![SteeringKeys.Report],
        ["chat service, streaming"] = (kernel, ask) =>
            Last(kernel.GetRequiredService<IChatCompletionService>().GetStreamingChatMessageContentsAsync(Text, ask.Settings(), kernel)),
        ["text service"] = async (kernel, ask) =>
            (await kernel.GetRequiredService<ITextGenerationService>().GetTextContentAsync(Text, ask.Settings(), kernel)).Metadata![SteeringKeys.Report],
        ["text service, streaming"] = (kernel, ask) =>
            Last(kernel.GetRequiredService<ITextGenerationService>().GetStreamingTextContentsAsync(Text, ask.Settings(), kernel)),
    };

    private static readonly Dictionary<string, Func<Kernel, Ask, Task<object?>>> Clients = new()
    {
        [Client] = async (kernel, ask) => (await Steered(kernel, ask).GetResponseAsync(Text, ask.Options())).AdditionalProperties![SteeringKeys.Report],
        ["IChatClient, streaming"] = async (kernel, ask) =>
            (await Steered(kernel, ask).GetStreamingResponseAsync(Text, ask.Options()).ToListAsync())[^1].AdditionalProperties![SteeringKeys.Report],
    };

    internal static IEnumerable<string> Names => Functions.Keys.Concat(Services.Keys).Concat(Clients.Keys);

    /// <summary>The sources that reach a route, weakest first.</summary>
    internal static IEnumerable<Source> SourcesOf(string route) =>
        Clients.ContainsKey(route) ? [Source.LooseSettings, Source.Options, Source.UseSteering]
        : [.. Enum.GetValues<Source>().Where(source => source != Source.UseSteering && (source != Source.FilterOfTheCall || Functions.ContainsKey(route)))];

    internal static async Task<SteeringReport> RunAsync(Kernel shared, string route, Ask ask)
    {
        var kernel = shared.Clone();
        ask.Fill(kernel);
        kernel.FunctionInvocationFilters.Add(new SteeringFunctionFilter(context =>
            context.Function.Name == Inner ? ask.Get(Source.FilterOfTheCall) : context.Function.Name == Outer ? ask.Get(Source.FilterAround) : null));
        var run = Functions.GetValueOrDefault(route) ?? Services.GetValueOrDefault(route) ?? Clients[route];
        object? report = null;
        if (ask.Get(Source.Attribute) is { } attribute)
        {
            await kernel.InvokeAsync(KernelFunctionFactory.CreateFromMethod(SteeredMethods.For(attribute, async () => report = await run(kernel, ask)), Outer));
        }
        else if (ask.Get(Source.FilterAround) is not null)
        {
            await kernel.InvokeAsync(KernelFunctionFactory.CreateFromMethod(async () => { report = await run(kernel, ask); }, Outer));
        }
        else
        {
            report = await run(kernel, ask);
        }

        return Assert.IsType<SteeringReport>(report);
    }

    private static KernelFunction Prompt(PromptExecutionSettings? settings) => KernelFunctionFactory.CreateFromPrompt(Text, settings, Inner);

    private static IChatClient Steered(Kernel kernel, Ask ask) => ask.Get(Source.UseSteering) is { } chosen
        ? new ChatClientBuilder(kernel.GetRequiredService<IChatClient>()).UseSteering((_, _) => chosen).Build()
        : kernel.GetRequiredService<IChatClient>();

    private static async Task<object?> Last<T>(IAsyncEnumerable<T> parts)
        where T : StreamingKernelContent
    {
        object? report = null;
        await foreach (var part in parts)
        {
            report = part.Metadata?.GetValueOrDefault(SteeringKeys.Report) ?? report;
        }

        return report;
    }
}
