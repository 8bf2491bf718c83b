namespace LLama.Native;

/// <summary>Stand-in.</summary>
public sealed class NativeLibraryConfig
{
    private NativeLibraryConfig()
    {
    }

    /// <summary>The settings of all libraries, to be made before the first use of any.</summary>
    public static NativeLibraryConfigContainer All { get; } = new();
}
