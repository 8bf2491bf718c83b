using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace SemanticKernel.Steering.LlamaCpp.Interop.Handles;

/// <summary>
/// Owns a <c>llama_context</c> and keeps alive what it runs on: the model, the thread pool and the state its callbacks
/// find in their user data.
/// </summary>
internal sealed class LlamaContextHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    private readonly LlamaModelHandle _model;
    private readonly LlamaThreadPoolHandle _pool;
    private GCHandle _callbackState;

    internal LlamaContextHandle(nint context, LlamaModelHandle model, LlamaThreadPoolHandle pool, GCHandle callbackState)
        : base(ownsHandle: true)
    {
        _model = model;
        _pool = pool;
        _callbackState = callbackState;
        var added = false;
        model.DangerousAddRef(ref added);
        pool.DangerousAddRef(ref added);
        SetHandle(context);
        LlamaNative.llama_attach_threadpool(context, pool.DangerousGetHandle(), pool.DangerousGetHandle());
    }

    protected override bool ReleaseHandle()
    {
        LlamaNative.llama_detach_threadpool(handle);
        LlamaNative.llama_free(handle);
        _pool.DangerousRelease();
        _model.DangerousRelease();
        _callbackState.Free();
        return true;
    }
}
