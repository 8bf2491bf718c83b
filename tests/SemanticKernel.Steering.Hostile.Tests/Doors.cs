using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using Microsoft.SemanticKernel.TextGeneration;
using SemanticKernel.Steering.LlamaCpp;

namespace SemanticKernel.Steering.Hostile.Tests;

/// <summary>Every public way into the model.</summary>
internal static class Doors
{
    /// <summary>Those that take execution settings.</summary>
    internal static IReadOnlyDictionary<string, Func<Kernel, PromptExecutionSettings?, Task<Answered>>> OfSettings { get; } =
        new Dictionary<string, Func<Kernel, PromptExecutionSettings?, Task<Answered>>>
        {
            ["prompt"] = async (kernel, settings) => Of(await kernel.InvokePromptAsync(Fortress.Question, Arguments(settings))),
            ["prompt, streaming"] = (kernel, settings) =>
                Join(kernel.InvokePromptStreamingAsync<StreamingKernelContent>(Fortress.Question, Arguments(settings))),
            ["function"] = async (kernel, settings) => Of(await kernel.InvokeAsync(kernel.CreateFunctionFromPrompt(Fortress.Question, settings))),
            ["function, called twice and thus frozen"] = async (kernel, settings) =>
            {
                var function = kernel.CreateFunctionFromPrompt(Fortress.Question, settings);
                await kernel.InvokeAsync(function);
                return Of(await function.InvokeAsync(kernel));
            },
            ["function, streaming"] = (kernel, settings) =>
                Join(kernel.CreateFunctionFromPrompt(Fortress.Question, settings).InvokeStreamingAsync<StreamingKernelContent>(kernel)),
            ["function as an AI function"] = async (kernel, settings) =>
            {
                object? report = null;
                var text = await kernel.CreateFunctionFromPrompt(Fortress.Question, settings).WithKernel(kernel).InvokeAsync(new AIFunctionArguments());
                report = (await kernel.InvokeAsync(kernel.CreateFunctionFromPrompt(Fortress.Question, settings))).Metadata![SteeringKeys.Report];
                return new Answered(((JsonElement)text!).GetProperty("items")[0].GetProperty("text").GetString()!, (SteeringReport?)report);
            },
            ["chat service"] = async (kernel, settings) => Of(await Chat(kernel).GetChatMessageContentAsync(Fortress.Question, settings, kernel)),
            ["chat service, no kernel"] = async (kernel, settings) => Of(await Chat(kernel).GetChatMessageContentAsync(Fortress.Question, settings)),
            ["chat service, history"] = async (kernel, settings) => Of((await Chat(kernel).GetChatMessageContentsAsync(History(), settings, kernel))[0]),
            ["chat service, keyed"] = async (kernel, settings) => Of(await Chat(kernel, Fortress.Keyed).GetChatMessageContentAsync(Fortress.Question, settings, kernel)),
            ["chat service, streaming"] = (kernel, settings) => Join(Chat(kernel).GetStreamingChatMessageContentsAsync(Fortress.Question, settings, kernel)),
            ["chat service, history, streaming"] = (kernel, settings) => Join(Chat(kernel).GetStreamingChatMessageContentsAsync(History(), settings)),
            ["chat service of our own"] = async (kernel, settings) =>
                Of(await new SteeredLlamaChatCompletionService(kernel.GetRequiredService<IChatClient>()).GetChatMessageContentAsync(Fortress.Question, settings)),
            ["chat service, adapted client"] = async (kernel, settings) =>
                Of(await kernel.GetRequiredService<IChatClient>().AsChatCompletionService().GetChatMessageContentAsync(Fortress.Question, settings, kernel)),
            ["text service"] = async (kernel, settings) => Of((await Texts(kernel).GetTextContentsAsync(Fortress.Beginning, settings, kernel))[0]),
            ["text service, keyed"] = async (kernel, settings) => Of(await Texts(kernel, Fortress.Keyed).GetTextContentAsync(Fortress.Beginning, settings)),
            ["text service, streaming"] = (kernel, settings) => Join(Texts(kernel).GetStreamingTextContentsAsync(Fortress.Beginning, settings, kernel)),
            ["text service of our own"] = async (kernel, settings) =>
                Of((await new SteeredLlamaTextGenerationService(kernel.GetRequiredService<SteeredLlamaEngine>()).GetTextContentsAsync(Fortress.Beginning, settings))[0]),
            ["client, converted settings"] = async (kernel, settings) => Of(await Client(kernel).GetResponseAsync(Fortress.Question, settings?.ToChatOptions(kernel))),
        };

    /// <summary>Those that take chat options.</summary>
    internal static IReadOnlyDictionary<string, Func<Kernel, ChatOptions?, Task<Answered>>> OfOptions { get; } =
        new Dictionary<string, Func<Kernel, ChatOptions?, Task<Answered>>>
        {
            ["client"] = async (kernel, options) => Of(await Client(kernel).GetResponseAsync(Fortress.Question, options)),
            ["client, message"] = async (kernel, options) => Of(await Client(kernel).GetResponseAsync(new ChatMessage(ChatRole.User, Fortress.Question), options)),
            ["client, keyed"] = async (kernel, options) => Of(await kernel.GetRequiredService<IChatClient>(Fortress.Keyed).GetResponseAsync(Fortress.Question, options)),
            ["client, streaming"] = async (kernel, options) => Of(await Client(kernel).GetStreamingResponseAsync(Fortress.Question, options).ToChatResponseAsync()),
            ["client of our own"] = async (kernel, options) =>
                Of(await new SteeredLlamaChatClient(kernel.GetRequiredService<SteeredLlamaEngine>()).GetResponseAsync(Fortress.Question, options)),
            ["client of its services"] = async (kernel, options) =>
                Of(await Client(kernel).GetService<SteeredLlamaChatClient>()!.GetResponseAsync(Fortress.Question, options)),
            ["UseSteering"] = async (kernel, options) =>
                Of(await new ChatClientBuilder(Client(kernel)).UseSteering().Build().GetResponseAsync(Fortress.Question, options)),
            ["text generator"] = async (kernel, options) =>
                Of(await new SteeredLlamaTextGenerator(kernel.GetRequiredService<SteeredLlamaEngine>()).GenerateAsync(Fortress.Beginning, options).ToChatResponseAsync()),
        };

    internal static Answered Of(ChatResponse response) => new(response.Text, response.Messages[^1].AdditionalProperties?[SteeringKeys.Report] as SteeringReport);

    internal static async Task<Answered> Join<T>(IAsyncEnumerable<T> parts)
        where T : StreamingKernelContent
    {
        var text = new StringBuilder();
        object? report = null;
        await foreach (var part in parts)
        {
            text.Append(part);
            report = part.Metadata?.GetValueOrDefault(SteeringKeys.Report) ?? report;
        }

        return new Answered(text.ToString(), report as SteeringReport);
    }

    private static Answered Of(FunctionResult result) => new(result.ToString(), result.Metadata![SteeringKeys.Report] as SteeringReport);

    private static Answered Of(KernelContent content) => new(content.ToString() ?? string.Empty, content.Metadata![SteeringKeys.Report] as SteeringReport);

    private static IChatClient Client(Kernel kernel) => kernel.GetRequiredService<IChatClient>();

    private static IChatCompletionService Chat(Kernel kernel, string? key = null) => kernel.GetRequiredService<IChatCompletionService>(key);

    private static ITextGenerationService Texts(Kernel kernel, string? key = null) => kernel.GetRequiredService<ITextGenerationService>(key);

    private static KernelArguments Arguments(PromptExecutionSettings? settings) => settings is null ? [] : new KernelArguments(settings);

    private static ChatHistory History()
    {
        var history = new ChatHistory();
        history.AddUserMessage(Fortress.Question);
        return history;
    }
}
