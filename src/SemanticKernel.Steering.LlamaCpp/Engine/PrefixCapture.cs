using SemanticKernel.Steering.LlamaCpp.States;

namespace SemanticKernel.Steering.LlamaCpp.Engine;

/// <summary>Takes a prompt out of the cache in place of an answer. Written by the engine's thread, read after the end.</summary>
internal sealed class PrefixCapture
{
    /// <summary>The prompt, once it was computed.</summary>
    internal SavedPrefix? Prefix { get; private set; }

    /// <exception cref="LlamaModelException">llama.cpp cannot give its values out.</exception>
    internal void Take(Slot slot, LlamaContext context) =>
        Prefix = new SavedPrefix(slot.CachedTokens.ToArray(), slot.CachedEffects.ToArray(), SequenceState.Read(context, slot.Sequence));
}
