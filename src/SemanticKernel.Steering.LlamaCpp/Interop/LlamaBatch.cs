using System.Runtime.InteropServices;

namespace SemanticKernel.Steering.LlamaCpp.Interop;

/// <summary><c>struct llama_batch</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct LlamaBatch
{
    internal int TokenCount;
    internal int* Tokens;
    internal float* Embeddings;
    internal int* Positions;
    internal int* SequenceCounts;
    internal int** Sequences;
    internal sbyte* Outputs;
}
