using SemanticKernel.Steering.LlamaCpp.Engine;
using SemanticKernel.Steering.LlamaCpp.Interop;
using SemanticKernel.Steering.LlamaCpp.Interop.Handles;

namespace SemanticKernel.Steering.LlamaCpp.Runtime;

/// <summary>A context that this library opened.</summary>
internal sealed class DirectContextHandle(nint context) : LlamaContextHandle(context)
{
    internal override DecodeStatus Decode(TokenBatch batch) => (DecodeStatus)LlamaNative.llama_decode(handle, batch.Native);

    protected override void Free() => LlamaNative.llama_free(handle);
}
