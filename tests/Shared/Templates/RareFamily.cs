namespace SemanticKernel.Steering.TestModels;

/// <summary>Built-in templates of models that are seldom seen.</summary>
internal static class RareFamily
{
    private static readonly SpecialTokens Sentence = new() { Bos = "<s>", Eos = "</s>", AddBos = true };

    public static TemplatePreset GptOss { get; } = TemplatePreset.Bpe("gpt-oss", "gpt-oss", "gpt-4o", new()
    {
        Bos = "<|startoftext|>",
        Eos = "<|return|>",
        Control = ["<|startoftext|>", "<|start|>", "<|message|>", "<|channel|>", "<|end|>", "<|return|>", "<|call|>"],
    }, Jinja.Loop(
        "{{ '<|start|>' + message['role'] + '<|message|>' + message['content'] + '<|end|>' }}",
        "<|start|>assistant<|channel|>"));

    public static TemplatePreset KimiK2 { get; } = TemplatePreset.Bpe("Kimi K2", "kimi-k2", "gpt-2", new()
    {
        Bos = "[BOS]",
        Eos = "<|im_end|>",
        Control = ["<|im_system|>", "<|im_user|>", "<|im_assistant|>", "<|im_middle|>", "<|im_end|>"],
    }, Jinja.Loop(Jinja.ByRole(
        "'<|im_system|>system<|im_middle|>' + message['content'] + '<|im_end|>'",
        "'<|im_user|>user<|im_middle|>' + message['content'] + '<|im_end|>'",
        "'<|im_assistant|>assistant<|im_middle|>' + message['content'] + '<|im_end|>'"),
        "<|im_assistant|>assistant<|im_middle|>"));

    public static TemplatePreset SmolVlm { get; } = TemplatePreset.Bpe("SmolVLM", "smolvlm", "smollm", new()
    {
        Bos = "<|im_start|>",
        Eos = "<end_of_utterance>",
        Control = ["<|im_start|>", "<end_of_utterance>"],
    }, "<|im_start|>" + Jinja.Loop(
        @"{{ message['role'] | capitalize + ': ' + message['content'] + '<end_of_utterance>\n' }}",
        "Assistant:"));

    public static TemplatePreset SeedOss { get; } = TemplatePreset.Bpe("Seed-OSS", "seed_oss", "seed-coder", new()
    {
        Bos = "<seed:bos>",
        Eos = "<seed:eos>",
    }, Jinja.Loop(
        @"{{ '<seed:bos>' + message['role'] + '\n' + message['content'] + '<seed:eos>' }}",
        @"<seed:bos>assistant\n"));

    public static TemplatePreset Grok2 { get; } = TemplatePreset.Bpe("Grok-2", "grok-2", "grok-2", new()
    {
        Bos = "<|separator|>",
        Eos = "<|separator|>",
    }, Jinja.Loop(Jinja.ByRole(
        @"'System: ' + message['content'] + '<|separator|>\n\n'",
        @"'Human: ' + message['content'] + '<|separator|>\n\n'",
        @"'Assistant: '  + message['content'] + '<|separator|>\n\n'"), "Assistant:"));

    public static TemplatePreset GigaChat { get; } = TemplatePreset.Bpe("GigaChat", "gigachat", "gigachat", Sentence with
    {
        Control = ["<|message_sep|>", "<|role_sep|>"],
    }, Jinja.Loop(
        "{{ message['role'] + additional_special_tokens[0] + message['content'] + additional_special_tokens[1] }}"));

    public static TemplatePreset HunyuanMoe { get; } = TemplatePreset.Bpe("Hunyuan MoE", "hunyuan-moe", "hunyuan", new()
    {
        Bos = "<|startoftext|>",
        Eos = "<|eos|>",
        Control = ["<|startoftext|>", "<|extra_0|>", "<|extra_4|>", "<|eos|>"],
    }, Jinja.Loop(Jinja.ByRole(
        "'<|startoftext|>' + message['content'] + '<|extra_4|>'",
        "'<|startoftext|>' + message['content'] + '<|extra_0|>'",
        "message['content'] + '<|eos|>'")));

    public static TemplatePreset HunyuanDense { get; } = TemplatePreset.Bpe("Hunyuan dense", "hunyuan-dense", "hunyuan-dense", new()
    {
        Bos = "<｜hy_begin▁of▁sentence｜>",
        Eos = "<｜hy_place▁holder▁no▁2｜>",
        Control = ["<｜hy_place▁holder▁no▁3｜>", "<｜hy_place▁holder▁no▁8｜>", "<｜hy_User｜>", "<｜hy_Assistant｜>"],
    }, Jinja.Loop(Jinja.ByRole(
        "message['content'] + '<｜hy_place▁holder▁no▁3｜>'",
        "'<｜hy_User｜>' + message['content']",
        "'<｜hy_Assistant｜>' + message['content'] + '<｜hy_place▁holder▁no▁2｜>'"), "<｜hy_Assistant｜>"));

    public static TemplatePreset Exaone4 { get; } = TemplatePreset.Bpe("EXAONE 4", "exaone4", "exaone4", new()
    {
        Bos = "[BOS]",
        Eos = "[|endofturn|]",
        Control = ["[|system|]", "[|user|]", "[|assistant|]", "[|tool|]", "[|endofturn|]"],
    }, Jinja.Loop(Jinja.ByRole(
        @"'[|system|]' + message['content'] + '[|endofturn|]\n'",
        @"'[|user|]' + message['content'] + '\n'",
        @"('[|tool|]' if tool else '[|assistant|]') + message['content'] + '[|endofturn|]\n'"), "[|assistant|]"));

    public static TemplatePreset ChatGlm3 { get; } = TemplatePreset.Spm("ChatGLM 3", "chatglm3", true, Sentence with
    {
        AddBos = false,
        Control = ["[gMASK]", "sop", "<|system|>", "<|user|>", "<|assistant|>"],
    }, "[gMASK]sop" + Jinja.Loop(@"{{ '<|' + message['role'] + '|>\n ' + message['content'] }}", "<|assistant|>"));

    public static TemplatePreset Bailing { get; } = TemplatePreset.Bpe("Bailing", "bailing", "bailingmoe", new()
    {
        Bos = "<|startoftext|>",
        Eos = "<|endoftext|>",
        Control = ["<role>", "</role>"],
    }, Jinja.Loop(
        "{{ '<role>' + ('HUMAN' if user else message['role'] | upper) + '</role>' + message['content'] }}",
        "<role>ASSISTANT</role>"));

    public static TemplatePreset Rwkv { get; } = TemplatePreset.Bpe("RWKV World", "rwkv-world", "gpt-2", Sentence, Jinja.Loop(Jinja.ByRole(
        @"'System: ' + message['content'] | trim + '\n\n'",
        @"'rwkv-world' and 'User: ' + message['content'] | trim + '\n\n'",
        @"'Assistant: ' + message['content'] | trim + '\n\n'")));

    public static TemplatePreset Yandex { get; } = TemplatePreset.Spm("YandexGPT", "yandex", true, Sentence with { Control = ["[SEP]"] }, Jinja.Loop(Jinja.ByRole(
        "''",
        @"' Пользователь: ' + message['content'] + '\n\n'",
        @"' Ассистент: ' + message['content'] + '\n\n'"), " Ассистент:[SEP]"));

    public static IReadOnlyList<TemplatePreset> All { get; } =
    [
        GptOss, KimiK2, SmolVlm, SeedOss, Grok2, GigaChat, HunyuanMoe, HunyuanDense,
        Exaone4, ChatGlm3, Bailing, Rwkv, Yandex,
    ];
}
