namespace SemanticKernel.Steering.LlamaCpp;

/// <summary>How the keys and values of past tokens are stored.</summary>
public enum KvCacheType
{
    /// <summary>Half precision: llama.cpp's default.</summary>
    F16,

    /// <summary>Single precision.</summary>
    F32,

    /// <summary>Brain floating point.</summary>
    BF16,

    /// <summary>8-bit blocks; needs flash attention.</summary>
    Q8,

    /// <summary>4-bit blocks; needs flash attention.</summary>
    Q4,
}
