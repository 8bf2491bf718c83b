using Microsoft.Win32.SafeHandles;

namespace SemanticKernel.Steering.LlamaCpp.Interop.Handles;

/// <summary>Owns a <c>llama_sampler</c>.</summary>
internal sealed class LlamaSamplerHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    internal LlamaSamplerHandle(nint sampler)
        : base(ownsHandle: true) => SetHandle(sampler);

    protected override bool ReleaseHandle()
    {
        LlamaNative.llama_sampler_free(handle);
        return true;
    }
}
