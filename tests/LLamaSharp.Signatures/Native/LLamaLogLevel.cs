namespace LLama.Native;

/// <summary>Stand-in. Values are llama.cpp's.</summary>
public enum LLamaLogLevel
{
    /// <summary>None.</summary>
    None = 0,
}
