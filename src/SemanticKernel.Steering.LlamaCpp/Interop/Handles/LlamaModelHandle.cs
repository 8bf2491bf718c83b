using Microsoft.Win32.SafeHandles;

namespace SemanticKernel.Steering.LlamaCpp.Interop.Handles;

/// <summary>Owns a <c>llama_model</c>. A derived handle may own a share in one instead.</summary>
internal class LlamaModelHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    internal LlamaModelHandle(nint model)
        : base(ownsHandle: true) => SetHandle(model);

    protected override bool ReleaseHandle()
    {
        LlamaNative.llama_model_free(handle);
        return true;
    }
}
