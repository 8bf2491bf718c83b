using System.Runtime.InteropServices;

namespace SemanticKernel.Steering.LlamaCpp.Interop;

/// <summary><c>struct ggml_init_params</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct GgmlInitParams
{
    internal nuint MemorySize;
    internal nint MemoryBuffer;
    internal byte NoAlloc;
}
