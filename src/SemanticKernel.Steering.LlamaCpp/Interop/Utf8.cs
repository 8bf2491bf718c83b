using System.Runtime.InteropServices;

namespace SemanticKernel.Steering.LlamaCpp.Interop;

/// <summary>Reads the NUL-terminated UTF-8 strings that llama.cpp owns.</summary>
internal static unsafe class Utf8
{
    internal static string Read(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? string.Empty;
}
