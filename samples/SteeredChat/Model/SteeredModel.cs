using System.Text;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using SemanticKernel.Steering;
using SemanticKernel.Steering.LlamaCpp;
using SemanticKernel.Steering.Samples;

namespace SteeredChat;

/// <summary>A kernel with a steered model in it: everything this program asks a model goes through here.</summary>
internal sealed class SteeredModel : IDisposable
{
    // Answers of a model so small gain nothing from more, and threads that wait for each other crawl where cores are busy.
    private const int TinyChatThreads = 1;

    private readonly Kernel _kernel;
    private readonly IChatCompletionService _chat;
    private string? _policy;

    private SteeredModel(Kernel kernel)
    {
        _kernel = kernel;
        _chat = kernel.GetRequiredService<IChatCompletionService>();
        Engine = kernel.GetRequiredService<SteeredLlamaEngine>();
    }

    public SteeredLlamaEngine Engine { get; }

    /// <summary>The policy answers are under; null where there are none.</summary>
    public string? Policy => _policy ?? Engine.DefaultPolicy;

    /// <summary>Strengths that ask for no steering at all, as far as the policy knows of concepts.</summary>
    public IReadOnlyDictionary<string, double> Unsteered =>
        Engine.Preview(new SteeringRequest { Policy = _policy }).Concepts.ToDictionary(pair => pair.Key, static _ => 0.0);

    public static SteeredModel Open(ChatArguments arguments, PolicyFile? policies, IReadOnlyList<MapSet> maps, Notices notices)
    {
        var path = PathOf(arguments);
        var name = Path.GetFileNameWithoutExtension(path);
        var builder = Kernel.CreateBuilder();
        builder.Services.AddLogging(logging => logging.AddProvider(new NoticeLogger(notices)));
        if (policies is null)
        {
            builder.AddSteeredLlama(name, path, AddInCode);
        }
        else
        {
            builder.AddSteeredLlama(policies.Section, AddInCode);
        }

        return new SteeredModel(builder.Build());

        void AddInCode(SteeredLlamaOptions options)
        {
            Configure(options, arguments).ModelId ??= name;
            options.Threads ??= arguments.ModelPath is null ? TinyChatThreads : null;
            foreach (var map in maps)
            {
                options.AddConcept(map);
            }
        }
    }

    /// <summary>The options of a model without concepts, as fitting needs them.</summary>
    public static SteeredLlamaOptions OptionsFor(ChatArguments arguments) =>
        Configure(new SteeredLlamaOptions { ModelPath = PathOf(arguments) }, arguments);

    /// <summary>Answers a conversation.</summary>
    /// <param name="history">The conversation; its last message is the question.</param>
    /// <param name="strengths">Strengths to ask for, by concept; the others are what the policy says.</param>
    /// <param name="sampling">How tokens are chosen.</param>
    /// <param name="onText">Hears the answer while it comes.</param>
    /// <param name="cancellationToken">Stops the answer.</param>
    public async Task<Reply> AskAsync(
        ChatHistory history, IReadOnlyDictionary<string, double> strengths, Sampling sampling, Action<string> onText, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        StreamingChatMessageContent? last = null;
        await foreach (var part in _chat.GetStreamingChatMessageContentsAsync(history, SettingsFor(strengths, sampling), _kernel, cancellationToken))
        {
            last = part;
            if (part.Content is { Length: > 0 } piece)
            {
                text.Append(piece);
                onText(piece);
            }
        }

        // The last part says how the answer ended, what it took, and what was in force.
        var facts = last?.Metadata ?? throw new InvalidOperationException("The model said nothing about its answer.");
        var usage = (UsageDetails)facts["Usage"]!;
        return new Reply(
            text.ToString(),
            (string)facts["FinishReason"]!,
            (int)usage.InputTokenCount!,
            (int)usage.OutputTokenCount!,
            (SteeringReport)facts[SteeringKeys.Report]!);
    }

    /// <summary>Puts all further answers under a policy.</summary>
    /// <exception cref="SteeringPolicyException">There is no such policy.</exception>
    public void UsePolicy(string name)
    {
        var request = new SteeringRequest { Policy = name };
        Engine.Preview(request);
        _kernel.Data[SteeringKeys.Request] = request;
        _policy = name;
    }

    /// <summary>What asking for these strengths comes to under the policy.</summary>
    /// <exception cref="SteeringPolicyException">The policy does not allow them.</exception>
    public SteeringReport ReportFor(IReadOnlyDictionary<string, double> strengths) =>
        Engine.Preview(new SteeringRequest { Policy = _policy, Concepts = strengths });

    public void Dispose() => (_kernel.Services as IDisposable)?.Dispose();

    private static SteeredLlamaPromptExecutionSettings SettingsFor(IReadOnlyDictionary<string, double> strengths, Sampling sampling) => new()
    {
        Concepts = strengths.ToDictionary(),
        Seed = sampling.Seed,
        Temperature = sampling.Temperature,
        TopK = sampling.TopK,
        TopP = sampling.TopP,
        MinP = sampling.MinP,
        MaxTokens = sampling.MaxTokens,
    };

    private static SteeredLlamaOptions Configure(SteeredLlamaOptions options, ChatArguments arguments)
    {
        options.ContextSize = arguments.ContextSize ?? options.ContextSize;
        options.Threads = arguments.Threads ?? options.Threads;
        options.GpuLayers = arguments.GpuLayers != 0 ? arguments.GpuLayers : options.GpuLayers;
        options.ChatTemplate = arguments.ChatTemplate ?? options.ChatTemplate;
        return options;
    }

    private static string PathOf(ChatArguments arguments) => arguments.ModelPath ?? TinyChatConcept.ModelPath;
}
