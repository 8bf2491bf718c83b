using SemanticKernel.Steering.LlamaCpp.Chat.Templates;
using SemanticKernel.Steering.LlamaCpp.Tests.Hooks;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Fitting;

/// <summary>Hidden states the slow way: one text per decode, pooled in plain loops.</summary>
internal static class PlainCapture
{
    /// <summary>The pooled row of every text at a site.</summary>
    internal static double[][] Rows(LlamaModel model, IReadOnlyList<TrainingExample> examples, Site site, TokenSelection tokens, Pooling pooling)
    {
        var template = new ModelTemplate(model, null);
        return [.. examples.Select(example => Row(model, Encode(template, example), site, tokens, pooling))];
    }

    internal static double[] Mean(double[][] rows) => [.. Enumerable.Range(0, rows[0].Length).Select(i => rows.Average(row => row[i]))];

    private static EncodedPrompt Encode(ModelTemplate template, TrainingExample example) => example.Text is { } text
        ? template.Texts.Encode(text)
        : template.Chat.Encode([.. example.Messages.Select(message => new ChatTurn(Enum.Parse<ChatTurnRole>(message.Role, ignoreCase: true), message.Content))], addGenerationPrompt: false);

    private static double[] Row(LlamaModel model, EncodedPrompt prompt, Site site, TokenSelection tokens, Pooling pooling)
    {
        var callback = new RecordingCallback(model.Hooks, model.Library.Tensors);
        using var run = new GraphRun(model, callback, FlashAttention.Disabled, KvCacheType.F32);
        run.Decode(prompt.Tokens, [.. Enumerable.Range(0, prompt.Tokens.Length)]);
        Assert.Null(run.Fault);

        var values = callback[site];
        var answer = Array.FindIndex(prompt.Origins, origin => origin.Role == ChatTurnRole.Assistant);
        var lastTurn = prompt.Origins.Max(origin => origin.Turn);
        var selected = Enumerable.Range(0, prompt.Tokens.Length).Where(i => prompt.Origins[i] is var origin && tokens switch
        {
            TokenSelection.AllTokens => true,
            TokenSelection.WithoutBos => i > 0 || prompt.Tokens[0] != model.Vocabulary.Bos,
            TokenSelection.Answer => origin.Role == ChatTurnRole.Assistant,
            TokenSelection.LastPromptToken => i == answer - 1,
            TokenSelection.AnswerStart => i >= answer && i < answer + 4 && origin.Role == ChatTurnRole.Assistant,
            _ => origin.Turn == lastTurn,
        }).ToArray();
        return [.. Enumerable.Range(0, model.Width).Select(neuron =>
        {
            var column = selected.Select(row => (double)values[(row * model.Width) + neuron]);
            return pooling switch
            {
                Pooling.Mean => column.Average(),
                Pooling.Max => column.Max(),
                Pooling.Min => column.Min(),
                _ => column.Last(),
            };
        })];
    }
}
