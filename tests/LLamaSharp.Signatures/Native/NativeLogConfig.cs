namespace LLama.Native;

/// <summary>Stand-in.</summary>
public static class NativeLogConfig
{
    /// <summary>Hears a line of llama.cpp's log.</summary>
    /// <param name="level">How serious it is.</param>
    /// <param name="message">The line.</param>
    public delegate void LLamaLogCallback(LLamaLogLevel level, string message);
}
