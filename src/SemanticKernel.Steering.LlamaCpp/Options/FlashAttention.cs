namespace SemanticKernel.Steering.LlamaCpp;

/// <summary>Whether attention is computed in one fused step (<c>enum llama_flash_attn_type</c>).</summary>
public enum FlashAttention
{
    /// <summary>llama.cpp decides by model and backend.</summary>
    Auto,

    /// <summary>Never.</summary>
    Disabled,

    /// <summary>Always; opening the engine fails where it is impossible.</summary>
    Enabled,
}
