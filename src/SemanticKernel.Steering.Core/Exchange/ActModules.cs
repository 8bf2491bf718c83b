using System.Globalization;

namespace SemanticKernel.Steering;

/// <summary>Finds the site of a module of Hugging Face's models, whose names do not mean the same in all of them.</summary>
internal static class ActModules
{
    private const string FirstOutput = ":0";

    // One norm before each part of a block: what is called post_attention_layernorm is the norm before the feed-forward part.
    private static readonly Dictionary<string, HookPoint> NormsBefore = new(StringComparer.Ordinal)
    {
        [""] = HookPoint.BlockOutput,
        ["input_layernorm"] = HookPoint.AttentionNorm,
        ["self_attn"] = HookPoint.AttentionOutput,
        ["self_attn.o_proj"] = HookPoint.AttentionOutput,
        ["post_attention_layernorm"] = HookPoint.FeedForwardNorm,
        ["mlp"] = HookPoint.FeedForwardOutput,
        ["mlp.down_proj"] = HookPoint.FeedForwardOutput,
    };

    // Norms before and after each part: post_attention_layernorm is what the name says.
    private static readonly Dictionary<string, HookPoint> NormsAround = new(NormsBefore, StringComparer.Ordinal)
    {
        ["post_attention_layernorm"] = HookPoint.AttentionPostNorm,
        ["pre_feedforward_layernorm"] = HookPoint.FeedForwardNorm,
        ["post_feedforward_layernorm"] = HookPoint.FeedForwardPostNorm,
    };

    private static readonly Dictionary<string, HookPoint> Gpt2 = new(StringComparer.Ordinal)
    {
        [""] = HookPoint.BlockOutput,
        ["ln_1"] = HookPoint.AttentionNorm,
        ["attn"] = HookPoint.AttentionOutput,
        ["attn.c_proj"] = HookPoint.AttentionOutput,
        ["ln_2"] = HookPoint.FeedForwardNorm,
        ["mlp"] = HookPoint.FeedForwardOutput,
        ["mlp.c_proj"] = HookPoint.FeedForwardOutput,
    };

    /// <exception cref="InvalidDataException">The module is no site, or not known to be one.</exception>
    public static Site SiteOf(string module, ModelIdentity model)
    {
        var (prefix, names) = model.Architecture switch
        {
            "llama" or "mistral3" or "qwen2" or "qwen2moe" or "qwen3" or "qwen3moe" or "phi3" or "smollm3" or "gemma" => ("model.layers.", NormsBefore),
            "gemma2" or "gemma3" => ("model.layers.", NormsAround),
            "gpt2" => ("transformer.h.", Gpt2),
            _ => throw new InvalidDataException($"the modules of architecture '{model.Architecture}' are not known; name the site of '{module}' in the import's options"),
        };
        var name = module.EndsWith(FirstOutput, StringComparison.Ordinal) ? module[..^FirstOutput.Length] : module;
        if (name.StartsWith(prefix, StringComparison.Ordinal))
        {
            var dot = name.IndexOf('.', prefix.Length);
            var end = dot < 0 ? name.Length : dot;
            if (int.TryParse(name.AsSpan(prefix.Length, end - prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var layer)
                && names.TryGetValue(dot < 0 ? "" : name[(dot + 1)..], out var hook))
            {
                return new Site(layer, hook);
            }
        }

        throw new InvalidDataException(
            $"the output of module '{module}' is no hook point of a {model.Architecture}; known are {string.Join(", ", names.Keys.Where(key => key.Length > 0).Select(key => $"{prefix}N.{key}"))} and {prefix}N itself");
    }
}
