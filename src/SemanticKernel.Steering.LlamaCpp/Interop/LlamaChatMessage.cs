using System.Runtime.InteropServices;

namespace SemanticKernel.Steering.LlamaCpp.Interop;

/// <summary><c>struct llama_chat_message</c>: two NUL-terminated UTF-8 strings.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct LlamaChatMessage
{
    internal byte* Role;
    internal byte* Content;
}
