using System.Runtime.InteropServices;

namespace SemanticKernel.Steering.LlamaCpp.Interop;

/// <summary><c>struct llama_sampler_chain_params</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LlamaSamplerChainParams
{
    internal byte NoPerf;
}
