using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using SemanticKernel.Steering.LlamaCpp.Engine;

namespace SemanticKernel.Steering.LlamaCpp.Interop.Handles;

/// <summary>
/// Owns a <c>llama_context</c> and keeps alive what it runs on: the model, the thread pool and the state its callbacks
/// find in their user data.
/// </summary>
internal abstract class LlamaContextHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    private LlamaModelHandle? _model;
    private LlamaThreadPoolHandle? _pool;
    private GCHandle _callbackState;

    protected LlamaContextHandle(nint context)
        : base(ownsHandle: true) => SetHandle(context);

    /// <summary>Takes hold of what the context runs on, once, and has it use the pool.</summary>
    internal void Attach(LlamaModelHandle model, LlamaThreadPoolHandle pool, GCHandle callbackState)
    {
        var added = false;
        model.DangerousAddRef(ref added);
        _model = model;
        pool.DangerousAddRef(ref added);
        _pool = pool;
        _callbackState = callbackState;
        LlamaNative.llama_attach_threadpool(handle, pool.DangerousGetHandle(), pool.DangerousGetHandle());
    }

    /// <summary>Runs <c>llama_decode</c>.</summary>
    internal abstract DecodeStatus Decode(TokenBatch batch);

    /// <summary>Ends the context.</summary>
    protected abstract void Free();

    protected sealed override bool ReleaseHandle()
    {
        if (_pool is not null)
        {
            LlamaNative.llama_detach_threadpool(handle);
        }

        Free();
        _pool?.DangerousRelease();
        _model?.DangerousRelease();
        if (_callbackState.IsAllocated)
        {
            _callbackState.Free();
        }

        return true;
    }
}
