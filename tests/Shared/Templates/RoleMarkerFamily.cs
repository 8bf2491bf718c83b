namespace SemanticKernel.Steering.TestModels;

/// <summary>Templates with one marker per role, such as &lt;|user|&gt;.</summary>
internal static class RoleMarkerFamily
{
    private static readonly string[] RoleMarkers = ["<|system|>", "<|user|>", "<|assistant|>"];

    private static readonly string GemmaTemplate = Jinja.Loop(
        @"{{ '<start_of_turn>' + role + '\n' + message['content'] | trim + '<end_of_turn>\n' }}",
        @"<start_of_turn>model\n");

    private static readonly SpecialTokens GemmaTokens = new()
    {
        Bos = "<bos>",
        Eos = "<eos>",
        Eot = "<end_of_turn>",
        AddBos = true,
        Control = ["<pad>", "<start_of_turn>", "<end_of_turn>"],
        UserDefined = ["\n\n", "\n\n\n", "  ", "   ", "<table>", "<h1>"],
    };

    public static TemplatePreset Gemma { get; } = TemplatePreset.Spm("Gemma", "gemma", false, GemmaTokens, GemmaTemplate);

    public static TemplatePreset GemmaUserDefined { get; } = TemplatePreset.Spm("Gemma, markers user-defined", "gemma", false, GemmaTokens with
    {
        Control = ["<pad>"],
        UserDefined = [.. GemmaTokens.UserDefined, "<start_of_turn>", "<end_of_turn>"],
    }, GemmaTemplate);

    /// <summary>llama.cpp drops white space after most markers of a model with this name, and fails to load it without &lt;unk&gt;.</summary>
    public static TemplatePreset Phi3 { get; } = TemplatePreset.Spm("Phi-3", "phi3", true, new()
    {
        Bos = "<s>",
        Eos = "<|endoftext|>",
        Eot = "<|end|>",
        AddBos = true,
        Control = ["<unk>", "<s>", "</s>", "<|endoftext|>", .. RoleMarkers, "<|end|>"],
    }, Jinja.Loop(Jinja.ByRole(
        @"'<|system|>\n' + message['content'] + '<|end|>\n'",
        @"'<|user|>\n' + message['content'] + '<|end|>\n'",
        @"message['content'] + '<|end|>\n'"), @"<|assistant|>\n"));

    /// <summary>The markers are plain text in this model.</summary>
    public static TemplatePreset Zephyr { get; } = TemplatePreset.Bpe("Zephyr", "zephyr", "stablelm2", new()
    {
        Bos = "<|endoftext|>",
        Eos = "<|endoftext|>",
    }, Jinja.Loop(
        @"{{ ('<|user|>' if user else '<|' + message['role'] + '|>') + '\n' + message['content'] + '<|endoftext|>\n' }}"));

    /// <summary>The template of the first Zephyr model, which names no end marker: llama.cpp takes it for another one.</summary>
    public static TemplatePreset ZephyrBeta { get; } = TemplatePreset.Spm("Zephyr beta", "glmedge", true, new()
    {
        Bos = "<s>",
        Eos = "</s>",
        AddBos = true,
    }, Jinja.Loop(Jinja.ByRole(
        @"'<|system|>\n' + message['content'] + eos_token",
        @"'<|user|>\n' + message['content'] + eos_token",
        @"'<|assistant|>\n' + message['content'] + eos_token"), "<|assistant|>"));

    public static TemplatePreset Falcon3 { get; } = TemplatePreset.Bpe("Falcon 3", "falcon3", "falcon3", new()
    {
        Bos = "<|endoftext|>",
        Eos = "<|endoftext|>",
        Control = ["</s>", .. RoleMarkers],
    }, Jinja.Loop(Jinja.ByRole(
        @"'<|system|>\n' + message['content'] + '\n'",
        @"'<|user|>\n' + message['content'] + '\n'",
        @"'<|assistant|>\n' + message['content'] + '</s>\n'"), @"<|assistant|>\n"));

    public static TemplatePreset ChatGlm4 { get; } = TemplatePreset.Bpe("ChatGLM 4", "chatglm4", "chatglm-bpe", new()
    {
        Bos = "<|endoftext|>",
        Eos = "<|user|>",
        Control = ["<|endoftext|>", "[gMASK]", "<sop>", .. RoleMarkers],
    }, "[gMASK]<sop>" + Jinja.Loop(@"{{ '<|' + message['role'] + '|>\n' + message['content'] }}", @"<|assistant|>\n"));

    public static TemplatePreset CommandR { get; } = TemplatePreset.Bpe("Command R", "command-r", "command-r", new()
    {
        Bos = "<BOS_TOKEN>",
        Eos = "<|END_OF_TURN_TOKEN|>",
        AddBos = true,
        Control =
        [
            "<|START_OF_TURN_TOKEN|>", "<|END_OF_TURN_TOKEN|>", "<|SYSTEM_TOKEN|>", "<|USER_TOKEN|>", "<|CHATBOT_TOKEN|>",
        ],
    }, Jinja.Loop(
        "{{ '<|START_OF_TURN_TOKEN|><|USER_TOKEN|>' + message['content'].strip() + '<|END_OF_TURN_TOKEN|>' }}",
        "<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>"));

    public static TemplatePreset DeepSeek3 { get; } = TemplatePreset.Bpe("DeepSeek 3", "deepseek3", "deepseek-v3", new()
    {
        Bos = "<｜begin▁of▁sentence｜>",
        Eos = "<｜end▁of▁sentence｜>",
        AddBos = true,
        UserDefined = ["<｜User｜>", "<｜Assistant｜>", "<think>", "</think>"],
    }, Jinja.Loop(Jinja.ByRole(
        @"message['content'] + '\n\n'",
        "'<｜User｜>' + message['content']",
        "'<｜Assistant｜>' + message['content'] + '<｜end▁of▁sentence｜>'"), "<｜Assistant｜>"));

    public static TemplatePreset Exaone3 { get; } = TemplatePreset.Bpe("EXAONE 3", "exaone3", "exaone", new()
    {
        Bos = "[BOS]",
        Eos = "[|endofturn|]",
        Control = ["[|system|]", "[|user|]", "[|assistant|]", "[|endofturn|]"],
    }, Jinja.Loop(Jinja.ByRole(
        @"'[|system|]' + message['content'] + '[|endofturn|]\n'",
        @"'[|user|]' + message['content'] + '\n'",
        @"'[|assistant|]' + message['content'] + '[|endofturn|]\n'"), "[|assistant|]"));

    public static TemplatePreset MiniCpm { get; } = TemplatePreset.Spm("MiniCPM", "minicpm", true, new()
    {
        Bos = "<s>",
        Eos = "</s>",
        AddBos = true,
        UserDefined = ["<用户>", "<AI>"],
    }, Jinja.Loop("{{ '<用户>' + message['content'].strip() + '<AI>' }}"));

    public static IReadOnlyList<TemplatePreset> All { get; } =
    [
        Gemma, GemmaUserDefined, Phi3, Zephyr, ZephyrBeta, Falcon3,
        ChatGlm4, CommandR, DeepSeek3, Exaone3, MiniCpm,
    ];
}
