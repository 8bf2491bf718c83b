using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SemanticKernel.Steering.LlamaCpp.Interop;

/// <summary>
/// Room for a parameter struct of llama.cpp. It is larger than any known layout, so that a build whose struct has grown
/// cannot write past it before <see cref="Native.AbiCheck"/> has had its say.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = Size)]
internal struct ParamsBuffer
{
    internal const int Size = 512;

    private ulong _first;

    internal static ref T As<T>(ref ParamsBuffer buffer) where T : unmanaged => ref Unsafe.As<ParamsBuffer, T>(ref buffer);
}
