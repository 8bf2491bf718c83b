using System.Runtime.InteropServices;
using SemanticKernel.Steering.LlamaCpp;

namespace SemanticKernel.Steering.Benchmarks;

/// <summary>How often llama.cpp computed the graph of the decode before once more instead of building one (<c>llama_perf_context</c>).</summary>
internal static unsafe class ReusedGraphs
{
    /// <summary>Reads the count of an engine that has nothing to do.</summary>
    internal static int CountOf(SteeredLlamaEngine engine)
    {
        var read = (delegate* unmanaged[Cdecl]<nint, Times>)NativeLibrary.GetExport(NativeLibrary.Load(engine.Model.Library.Info.Path), "llama_perf_context");
        return read(engine.Context.Pointer).Reused;
    }

    /// <summary><c>struct llama_perf_context_data</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Times
    {
        private double _start;
        private double _load;
        private double _promptEvaluation;
        private double _evaluation;
        private int _promptTokens;
        private int _tokens;
        internal int Reused;
    }
}
