namespace SemanticKernel.Steering.TestModels;

/// <summary>Templates whose markers are ordinary words.</summary>
internal static class PlainTextFamily
{
    private static readonly SpecialTokens Sentence = new() { Bos = "<s>", Eos = "</s>", AddBos = true };

    public static TemplatePreset Vicuna { get; } = TemplatePreset.Spm("Vicuna", "vicuna", true, Sentence, Jinja.Loop(Jinja.ByRole(
        @"message['content'] + '\n\n'",
        @"'USER: ' + message['content'] + '\n'",
        @"'ASSISTANT: ' + message['content'] + '</s>\n'"), "ASSISTANT:"));

    public static TemplatePreset VicunaOrca { get; } = TemplatePreset.Spm("Vicuna Orca", "vicuna-orca", true, Sentence, Jinja.Loop(Jinja.ByRole(
        @"'SYSTEM: ' + message['content'] + '\n'",
        @"'USER: ' + message['content'] + '\n'",
        @"'ASSISTANT: ' + message['content'] + '</s>\n'"), "ASSISTANT:"));

    public static TemplatePreset OpenChat { get; } = TemplatePreset.Spm("OpenChat", "openchat", true, Sentence with
    {
        Eos = "<|end_of_turn|>",
        Control = ["</s>", "<|end_of_turn|>"],
    }, Jinja.Loop(
        "{{ 'GPT4 Correct ' + message['role'].title() + ': ' + message['content'] + '<|end_of_turn|>' }}",
        "GPT4 Correct Assistant:"));

    public static TemplatePreset Monarch { get; } = TemplatePreset.Spm("Monarch", "monarch", true, Sentence, Jinja.Loop(
        @"{{ bos_token + message['role'] + '\n' + message['content'] + eos_token + '\n' }}",
        @"<s>assistant\n"));

    public static TemplatePreset Orion { get; } = TemplatePreset.Spm("Orion", "orion", true, Sentence, Jinja.Loop(Jinja.ByRole(
        "''",
        @"'Human: ' + message['content'] + '\n\nAssistant: ' + eos_token",
        "message['content'] + eos_token")));

    public static TemplatePreset DeepSeekCoder { get; } = TemplatePreset.Bpe("DeepSeek Coder", "deepseek", "deepseek-coder", new()
    {
        Bos = "<｜begin▁of▁sentence｜>",
        Eos = "<|EOT|>",
        AddBos = true,
    }, Jinja.Loop(Jinja.ByRole(
        "message['content']",
        @"'### Instruction:\n' + message['content'] + '\n'",
        @"'### Response:\n' + message['content'] + '\n<|EOT|>\n'"), @"### Response:\n"));

    public static TemplatePreset DeepSeek2 { get; } = TemplatePreset.Bpe("DeepSeek 2", "deepseek2", "deepseek-llm", new()
    {
        Bos = "<｜begin▁of▁sentence｜>",
        Eos = "<｜end▁of▁sentence｜>",
        AddBos = true,
    }, Jinja.Loop(Jinja.ByRole(
        @"message['content'] + '\n\n'",
        @"'User: ' + message['content'] + '\n\n'",
        "'Assistant: ' + message['content'] + eos_token"), "Assistant:"));

    public static IReadOnlyList<TemplatePreset> All { get; } =
        [Vicuna, VicunaOrca, OpenChat, Monarch, Orion, DeepSeekCoder, DeepSeek2];
}
