namespace SemanticKernel.Steering.TestModels;

/// <summary>Llama-2 and Mistral: user messages stand between [INST] and [/INST].</summary>
internal static class InstructionFamily
{
    private static readonly SpecialTokens PlainText = new() { Bos = "<s>", Eos = "</s>", AddBos = true };

    private static readonly SpecialTokens Markers = PlainText with
    {
        Control =
        [
            "<s>", "</s>", "[INST]", "[/INST]", "[AVAILABLE_TOOLS]", "[/AVAILABLE_TOOLS]",
            "[SYSTEM_PROMPT]", "[/SYSTEM_PROMPT]",
        ],
    };

    public static TemplatePreset Llama2 { get; } = TemplatePreset.Spm("Llama-2", "llama2-sys", true, PlainText, Jinja.Loop(Jinja.ByRole(
        @"'<<SYS>>\n' + message['content'] + '\n<</SYS>>\n\n'",
        "'[INST] ' + message['content'] + ' [/INST]'",
        "message['content'] + eos_token")));

    public static TemplatePreset Llama2WithoutSystem { get; } = TemplatePreset.Spm("Llama-2 without system", "llama2", true, PlainText, Jinja.Loop(
        "{{ '[INST] ' + message['content'] + ' [/INST]' }}"));

    public static TemplatePreset Llama2InnerBos { get; } = TemplatePreset.Spm("Llama-2 with inner BOS", "llama2-sys-bos", true, PlainText, Jinja.Loop(Jinja.ByRole(
        @"'<<SYS>>\n' + message['content'] + '\n<</SYS>>\n\n'",
        "bos_token + '[INST] ' + message['content'] + ' [/INST]'",
        "message['content'] + eos_token")));

    public static TemplatePreset Llama2Stripped { get; } = TemplatePreset.Spm("Llama-2 stripped", "llama2-sys-strip", true, PlainText, Jinja.Loop(Jinja.ByRole(
        @"'<<SYS>>\n' + content.strip() + '\n<</SYS>>\n\n'",
        "bos_token + '[INST] ' + content.strip() + ' [/INST]'",
        "content.strip() + eos_token")));

    public static TemplatePreset MistralV1 { get; } = TemplatePreset.Spm("Mistral v1", "mistral-v1", true, PlainText, Jinja.Loop(Jinja.ByRole(
        @"' [INST] ' + system_message + '\n\n'",
        "' [INST] ' + message['content'] + ' [/INST]'",
        "' ' + message['content'] + eos_token")));

    public static TemplatePreset MistralV3 { get; } = TemplatePreset.Spm("Mistral v3", "mistral-v3", true, Markers, Jinja.Loop(Jinja.ByRole(
        "'[AVAILABLE_TOOLS]' + tools + '[/AVAILABLE_TOOLS]'",
        "'[INST] ' + message['content'] + '[/INST]'",
        "' ' + message['content'] | trim + eos_token")));

    public static TemplatePreset MistralV3Tekken { get; } = TemplatePreset.Bpe("Mistral v3 tekken", "mistral-v3-tekken", "tekken", Markers, Jinja.Loop(Jinja.ByRole(
        """ "[AVAILABLE_TOOLS]" + tools + "[/AVAILABLE_TOOLS]" """,
        """ "[INST]" + message['content'] + "[/INST]" """,
        "message['content'] + eos_token")));

    public static TemplatePreset MistralV7 { get; } = TemplatePreset.Spm("Mistral v7", "mistral-v7", true, Markers, Jinja.Loop(Jinja.ByRole(
        "'[SYSTEM_PROMPT] ' + message['content'] + '[/SYSTEM_PROMPT]'",
        "'[INST] ' + message['content'] + '[/INST]'",
        "' ' + message['content'] + eos_token")));

    /// <summary>Its Jinja text would be taken for v7's, so the name stands in the file, which llama.cpp accepts as well.</summary>
    public static TemplatePreset MistralV7Tekken { get; } =
        TemplatePreset.Bpe("Mistral v7 tekken", "mistral-v7-tekken", "tekken", Markers, "mistral-v7-tekken");

    public static IReadOnlyList<TemplatePreset> All { get; } =
    [
        Llama2, Llama2WithoutSystem, Llama2InnerBos, Llama2Stripped,
        MistralV1, MistralV3, MistralV3Tekken, MistralV7, MistralV7Tekken,
    ];
}
