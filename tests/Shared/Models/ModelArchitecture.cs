namespace SemanticKernel.Steering.TestModels;

/// <summary>The graphs that <see cref="RandomModel"/> can build weights for.</summary>
public enum ModelArchitecture
{
    /// <summary>RMS norms before attention and feed-forward, gated feed-forward, grouped heads.</summary>
    Llama,

    /// <summary>Llama's graph with biases on queries, keys and values.</summary>
    Qwen2,

    /// <summary>Llama's graph with a norm on every query and key head.</summary>
    Qwen3,

    /// <summary>Norms before and after both parts, soft-capped scores and logits, a sliding window in every second layer.</summary>
    Gemma2,

    /// <summary>Norms before and after both parts and on query and key heads, a sliding window in most layers.</summary>
    Gemma3,

    /// <summary>Layer norms with biases; attention and feed-forward side by side on one norm.</summary>
    Phi2,

    /// <summary>Llama's graph with fused query/key/value and fused gate/up weights.</summary>
    Phi3,

    /// <summary>Layer norms and weights with biases, learned positions, no gate.</summary>
    Gpt2,

    /// <summary>Norms only after both parts, and over all queries and keys.</summary>
    Olmo2,

    /// <summary>Layer norms and weights with biases, no positions but a bias on attention that grows with distance.</summary>
    Mpt,

    /// <summary>A recurrent state per sequence instead of attention, and no feed-forward part.</summary>
    Mamba,
}
