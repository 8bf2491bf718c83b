namespace SemanticKernel.Steering.TestModels;

/// <summary>Chat templates that llama.cpp knows, each with the special tokens of a model that uses it.</summary>
public static class TemplatePresets
{
    /// <summary>ChatML as in Qwen: byte-level BPE, control markers, user-defined <c>&lt;think&gt;</c>.</summary>
    public static TemplatePreset ChatMl => ChatMlFamily.ChatMl;

    /// <summary>ChatML on SentencePiece with user-defined markers.</summary>
    public static TemplatePreset ChatMlSpm => ChatMlFamily.ChatMlSpm;

    /// <summary>Llama 3: byte-level BPE, trims contents.</summary>
    public static TemplatePreset Llama3 => ChatMlFamily.Llama3;

    /// <summary>Phi-4: ChatML with a marker after the role.</summary>
    public static TemplatePreset Phi4 => ChatMlFamily.Phi4;

    /// <summary>Gemma: SentencePiece without space prefix, trims contents, user-defined white space and tags.</summary>
    public static TemplatePreset Gemma => RoleMarkerFamily.Gemma;

    /// <summary>Gemma with user-defined markers.</summary>
    public static TemplatePreset GemmaUserDefined => RoleMarkerFamily.GemmaUserDefined;

    /// <summary>Phi-3: SentencePiece; white space after markers is dropped by the tokenizer.</summary>
    public static TemplatePreset Phi3 => RoleMarkerFamily.Phi3;

    /// <summary>Zephyr as in StableLM: byte-level BPE, role markers in plain text.</summary>
    public static TemplatePreset Zephyr => RoleMarkerFamily.Zephyr;

    /// <summary>Llama 2: SentencePiece, <c>[INST]</c> and <c>&lt;&lt;SYS&gt;&gt;</c> in plain text.</summary>
    public static TemplatePreset Llama2 => InstructionFamily.Llama2;

    /// <summary>Mistral v1: SentencePiece, <c>[INST]</c> in plain text.</summary>
    public static TemplatePreset MistralV1 => InstructionFamily.MistralV1;

    /// <summary>Mistral v7: SentencePiece, <c>[INST]</c> a control token.</summary>
    public static TemplatePreset MistralV7 => InstructionFamily.MistralV7;

    /// <summary>Mistral v7 on the tekken byte-level BPE, <c>[INST]</c> a control token.</summary>
    public static TemplatePreset MistralV7Tekken => InstructionFamily.MistralV7Tekken;

    /// <summary>Vicuna: SentencePiece, all markers in plain text.</summary>
    public static TemplatePreset Vicuna => PlainTextFamily.Vicuna;

    /// <summary>All presets, among them many that have no property here.</summary>
    public static IReadOnlyList<TemplatePreset> All { get; } =
        [.. ChatMlFamily.All, .. InstructionFamily.All, .. RoleMarkerFamily.All, .. PlainTextFamily.All, .. RareFamily.All];

    /// <summary>Finds a preset.</summary>
    /// <param name="name">Its <see cref="TemplatePreset.Name"/>.</param>
    /// <returns>The preset.</returns>
    /// <exception cref="InvalidOperationException">There is no such preset.</exception>
    public static TemplatePreset Get(string name) => All.Single(preset => preset.Name == name);
}
