using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using Microsoft.SemanticKernel.TextGeneration;
using Ask = System.Func<Microsoft.SemanticKernel.Kernel, string, System.Collections.Generic.Dictionary<string, double>?, System.Threading.Tasks.Task<string>>;

namespace SemanticKernel.Steering.Tests.Paths;

/// <summary>Every way a question and its strengths can take to the model. Temperature is 0, so equal strengths give equal answers.</summary>
internal static class CallPaths
{
    internal const string Reference = "IChatClient";
    internal const string TextReference = "ITextGenerationService";

    private const int MaxTokens = 32;

    private static readonly Dictionary<string, Ask> Chat = new()
    {
        [Reference] = (kernel, question, concepts) => AskClient(kernel, question, Options(concepts)),
        ["IChatClient, streaming"] = async (kernel, question, concepts) =>
            (await Client(kernel).GetStreamingResponseAsync(question, Options(concepts)).ToChatResponseAsync()).Text,
        ["IChatClient, loose concepts"] = (kernel, question, concepts) => AskClient(kernel, question, LooseOptions(concepts)),
        ["IChatClient, converted settings"] = (kernel, question, concepts) => AskClient(kernel, question, Typed(concepts).ToChatOptions(kernel)),
        ["IChatClient, converted loose settings"] = (kernel, question, concepts) => AskClient(kernel, question, Loose(concepts).ToChatOptions(kernel)),
        ["IChatCompletionService"] = async (kernel, question, concepts) =>
            (await kernel.GetRequiredService<IChatCompletionService>().GetChatMessageContentAsync(question, Typed(concepts))).ToString(),
        ["IChatCompletionService, streaming"] = (kernel, question, concepts) =>
            Join(kernel.GetRequiredService<IChatCompletionService>().GetStreamingChatMessageContentsAsync(question, Typed(concepts), kernel)),
        ["IChatCompletionService, loose settings"] = async (kernel, question, concepts) =>
            (await kernel.GetRequiredService<IChatCompletionService>().GetChatMessageContentAsync(question, Loose(concepts), kernel)).ToString(),
        ["prompt"] = async (kernel, question, concepts) => (await kernel.InvokePromptAsync(question, new KernelArguments(Typed(concepts)))).ToString(),
        ["prompt, streaming"] = (kernel, question, concepts) =>
            Join(kernel.InvokePromptStreamingAsync<StreamingChatMessageContent>(question, new KernelArguments(Typed(concepts)))),
        ["prompt, loose settings"] = async (kernel, question, concepts) => (await kernel.InvokePromptAsync(question, new KernelArguments(Loose(concepts)))).ToString(),
        ["prompt, YAML-like settings"] = async (kernel, question, concepts) => (await kernel.InvokePromptAsync(question, new KernelArguments(Texts(concepts)))).ToString(),
        ["function with settings"] = async (kernel, question, concepts) =>
            (await kernel.InvokeAsync(kernel.CreateFunctionFromPrompt(question, Typed(concepts)))).ToString(),
        ["function with settings, streaming"] = (kernel, question, concepts) =>
            Join(kernel.InvokeStreamingAsync<StreamingChatMessageContent>(kernel.CreateFunctionFromPrompt(question, Typed(concepts)))),
        ["function from JSON"] = async (kernel, question, concepts) =>
            (await kernel.InvokeAsync(KernelFunctionFactory.CreateFromPrompt(PromptTemplateConfig.FromJson(Config(question, concepts))))).ToString(),
        ["function filter"] = async (kernel, question, concepts) =>
        {
            var filtered = kernel.Clone();
            filtered.FunctionInvocationFilters.Add(new SettingsFilter(Typed(concepts)));
            return (await filtered.InvokeAsync(filtered.CreateFunctionFromPrompt(question))).ToString();
        },
    };

    private static readonly Dictionary<string, Ask> Text = new()
    {
        [TextReference] = async (kernel, question, concepts) =>
            (await kernel.GetRequiredService<ITextGenerationService>().GetTextContentAsync(question, Typed(concepts))).ToString(),
        ["ITextGenerationService, streaming"] = (kernel, question, concepts) =>
            Join(kernel.GetRequiredService<ITextGenerationService>().GetStreamingTextContentsAsync(question, Typed(concepts), kernel)),
        ["ITextGenerationService, loose settings"] = async (kernel, question, concepts) =>
            (await kernel.GetRequiredService<ITextGenerationService>().GetTextContentAsync(question, Loose(concepts))).ToString(),
    };

    internal static IEnumerable<string> Names => Chat.Keys.Concat(Text.Keys);

    internal static Ask Of(string name) => Chat.TryGetValue(name, out var ask) ? ask : Text[name];

    /// <summary>Something the model has different answers to when it is steered: a question, or a text to continue.</summary>
    internal static string PromptFor(string name) => Chat.ContainsKey(name) ? "Hey stupid, what is the capital of India?" : "There was a duck named";

    /// <summary>The simplest path of the same kind.</summary>
    internal static Ask ReferenceFor(string name) => Of(Chat.ContainsKey(name) ? Reference : TextReference);

    private static SteeredLlamaPromptExecutionSettings Typed(Dictionary<string, double>? concepts) => new()
    {
        Temperature = 0,
        MaxTokens = MaxTokens,
        Concepts = concepts,
    };

    private static PromptExecutionSettings Loose(Dictionary<string, double>? concepts) =>
        JsonSerializer.Deserialize<PromptExecutionSettings>(JsonSerializer.Serialize(Typed(concepts)))!;

    private static PromptExecutionSettings Texts(Dictionary<string, double>? concepts)
    {
        var settings = new PromptExecutionSettings
        {
            ExtensionData = new Dictionary<string, object> { ["temperature"] = "0", ["max_tokens"] = MaxTokens.ToString(CultureInfo.InvariantCulture) },
        };
        if (concepts is not null)
        {
            settings.ExtensionData["concepts"] = concepts.ToDictionary(pair => (object)pair.Key, pair => (object)pair.Value.ToString(CultureInfo.InvariantCulture));
        }

        return settings;
    }

    private static ChatOptions Options(Dictionary<string, double>? concepts) => new()
    {
        Temperature = 0,
        MaxOutputTokens = MaxTokens,
        AdditionalProperties = concepts is null ? null : new() { [SteeringKeys.Request] = new SteeringRequest { Concepts = concepts } },
    };

    private static ChatOptions LooseOptions(Dictionary<string, double>? concepts) => new()
    {
        Temperature = 0,
        MaxOutputTokens = MaxTokens,
        AdditionalProperties = concepts is null ? null : new() { [SteeringKeys.Concepts] = concepts },
    };

    private static string Config(string question, Dictionary<string, double>? concepts) => JsonSerializer.Serialize(new
    {
        template = question,
        execution_settings = new Dictionary<string, object> { ["default"] = Typed(concepts) },
    });

    private static IChatClient Client(Kernel kernel) => kernel.GetRequiredService<IChatClient>();

    private static async Task<string> AskClient(Kernel kernel, string question, ChatOptions? options) =>
        (await Client(kernel).GetResponseAsync(question, options)).Text;

    private static async Task<string> Join<T>(IAsyncEnumerable<T> parts)
    {
        var text = new StringBuilder();
        await foreach (var part in parts)
        {
            text.Append(part);
        }

        return text.ToString();
    }

    private sealed class SettingsFilter(PromptExecutionSettings settings) : IFunctionInvocationFilter
    {
        public Task OnFunctionInvocationAsync(Microsoft.SemanticKernel.FunctionInvocationContext context, Func<Microsoft.SemanticKernel.FunctionInvocationContext, Task> next)
        {
            context.Arguments.ExecutionSettings = new Dictionary<string, PromptExecutionSettings> { [PromptExecutionSettings.DefaultServiceId] = settings };
            return next(context);
        }
    }
}
