using System.Runtime.InteropServices;

namespace SemanticKernel.Steering.LlamaCpp.Native;

/// <summary>The three libraries of one llama.cpp that imports bind to.</summary>
/// <param name="Llama">Handle of libllama.</param>
/// <param name="Ggml">Handle of libggml.</param>
/// <param name="GgmlBase">Handle of libggml-base.</param>
/// <param name="Path">Full path of libllama, or its bare name when the system's loader chose it.</param>
internal sealed record NativeModules(nint Llama, nint Ggml, nint GgmlBase, string Path)
{
    /// <summary>Whether two are the same libraries at the same addresses: a loaded library has one handle.</summary>
    internal bool AreSameAs(NativeModules other) => (Llama, Ggml, GgmlBase) == (other.Llama, other.Ggml, other.GgmlBase);

    /// <summary>Gives up the handles.</summary>
    internal void Free()
    {
        NativeLibrary.Free(Llama);
        NativeLibrary.Free(Ggml);
        NativeLibrary.Free(GgmlBase);
    }
}
