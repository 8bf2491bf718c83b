namespace LLama.Native;

/// <summary>Stand-in.</summary>
public sealed class NativeLibraryConfigContainer
{
    internal NativeLogConfig.LLamaLogCallback? LogCallback { get; private set; }

    /// <summary>Has somebody hear llama.cpp's log.</summary>
    /// <param name="callback">Who.</param>
    /// <returns>The same settings.</returns>
    public NativeLibraryConfigContainer WithLogCallback(NativeLogConfig.LLamaLogCallback? callback)
    {
        LogCallback = callback;
        return this;
    }
}
