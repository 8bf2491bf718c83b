namespace SemanticKernel.Steering;

/// <summary>Where in a transformer block a hidden state is read or edited, in the order in which the graph computes the places.</summary>
/// <remarks>
/// Places are defined by the residual graph, not by the names of any one framework:
/// Hugging Face's <c>post_attention_layernorm</c> is <see cref="FeedForwardNorm"/> in Llama models and <see cref="AttentionPostNorm"/> in Gemma models.
/// </remarks>
public enum HookPoint
{
    /// <summary>The input of the attention, after its norm.</summary>
    AttentionNorm,

    /// <summary>The output of the attention, before it is added to the residual stream.</summary>
    AttentionOutput,

    /// <summary>The output of the attention after an extra norm, in models that have one (Gemma).</summary>
    AttentionPostNorm,

    /// <summary>The input of the feed-forward part, after its norm.</summary>
    FeedForwardNorm,

    /// <summary>The output of the feed-forward part, before it is added to the residual stream.</summary>
    FeedForwardOutput,

    /// <summary>The output of the feed-forward part after an extra norm, in models that have one (Gemma).</summary>
    FeedForwardPostNorm,

    /// <summary>The residual stream after the last addition of the block.</summary>
    BlockOutput,
}
