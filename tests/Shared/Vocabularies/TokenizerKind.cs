namespace SemanticKernel.Steering.TestModels;

/// <summary>How text becomes tokens.</summary>
public enum TokenizerKind
{
    /// <summary>Byte-level BPE, as in GPT-2, Llama 3 and Qwen.</summary>
    Bpe,

    /// <summary>SentencePiece with scores, as in Llama 2, Gemma and Phi-3.</summary>
    Spm,
}
