namespace SemanticKernel.Steering.TestModels;

/// <summary>Templates that write the role between two markers and end every message with a third.</summary>
internal static class ChatMlFamily
{
    private static readonly string ChatMlTemplate = Jinja.Loop(
        @"{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n' }}",
        @"<|im_start|>assistant\n");

    public static TemplatePreset ChatMl { get; } = TemplatePreset.Bpe("ChatML", "chatml", "qwen2", new()
    {
        Bos = "<|endoftext|>",
        Eos = "<|im_end|>",
        Eot = "<|im_end|>",
        Control = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"],
        UserDefined = ["<tool_call>", "</tool_call>", "<think>", "</think>"],
    }, ChatMlTemplate);

    public static TemplatePreset ChatMlSpm { get; } = TemplatePreset.Spm("ChatML, SPM, markers user-defined", "chatml", true, new()
    {
        Bos = "<s>",
        Eos = "</s>",
        Eot = "<|im_end|>",
        AddBos = true,
        UserDefined = ["<|im_start|>", "<|im_end|>"],
    }, ChatMlTemplate);

    public static TemplatePreset Phi4 { get; } = TemplatePreset.Bpe("Phi-4", "phi4", "dbrx", new()
    {
        Bos = "<|endoftext|>",
        Eos = "<|im_end|>",
        Eot = "<|im_end|>",
        Control = ["<|endoftext|>", "<|im_start|>", "<|im_sep|>", "<|im_end|>"],
    }, Jinja.Loop(
        "{{ '<|im_start|>' + message['role'] + '<|im_sep|>' + message['content'] + '<|im_end|>' }}",
        "<|im_start|>assistant<|im_sep|>"));

    public static TemplatePreset Llama3 { get; } = TemplatePreset.Bpe("Llama-3", "llama3", "llama-bpe", new()
    {
        Bos = "<|begin_of_text|>",
        Eos = "<|eot_id|>",
        Eot = "<|eot_id|>",
        AddBos = true,
        Control = ["<|begin_of_text|>", "<|end_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eom_id|>", "<|eot_id|>"],
    }, Jinja.Loop(
        @"{{ '<|start_header_id|>' + message['role'] + '<|end_header_id|>\n\n' + message['content'] | trim + '<|eot_id|>' }}",
        @"<|start_header_id|>assistant<|end_header_id|>\n\n"));

    public static TemplatePreset Llama4 { get; } = TemplatePreset.Bpe("Llama-4", "llama4", "llama4", new()
    {
        Bos = "<|begin_of_text|>",
        Eos = "<|eot|>",
        Eot = "<|eot|>",
        AddBos = true,
        Control = ["<|begin_of_text|>", "<|header_start|>", "<|header_end|>", "<|eot|>"],
    }, Jinja.Loop(
        @"{{ '<|header_start|>' + message['role'] + '<|header_end|>\n\n' + message['content'] | trim + '<|eot|>' }}",
        @"<|header_start|>assistant<|header_end|>\n\n"));

    public static TemplatePreset Granite { get; } = TemplatePreset.Bpe("Granite", "granite", "refact", new()
    {
        Bos = "<|end_of_text|>",
        Eos = "<|end_of_text|>",
        Control = ["<|end_of_text|>", "<|start_of_role|>", "<|end_of_role|>", "<|tool_call|>"],
    }, Jinja.Loop(
        @"{{ '<|start_of_role|>' + message['role'] + '<|end_of_role|>' + message['content'] + '<|end_of_text|>\n' }}",
        "<|start_of_role|>assistant<|end_of_role|>"));

    public static TemplatePreset Megrez { get; } = TemplatePreset.Bpe("Megrez", "megrez", "megrez", new()
    {
        Bos = "<|turn_end|>",
        Eos = "<|turn_end|>",
        Control = ["<|role_start|>", "<|role_end|>", "<|turn_end|>"],
    }, Jinja.Loop(
        "{{ '<|role_start|>' + message['role'] + '<|role_end|>' + message['content'] + '<|turn_end|>' }}",
        "<|role_start|>assistant<|role_end|>"));

    public static IReadOnlyList<TemplatePreset> All { get; } =
        [ChatMl, ChatMlSpm, Phi4, Llama3, Llama4, Granite, Megrez];
}
