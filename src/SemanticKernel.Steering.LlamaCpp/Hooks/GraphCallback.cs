using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SemanticKernel.Steering.LlamaCpp.Hooks;

/// <summary>
/// The managed side of llama.cpp's eval callback (<c>ggml_backend_sched_eval_callback</c>) and abort callback. A fault is
/// kept and the abort callback stops the decode; the return code of <c>llama_decode</c> does not show it, so whoever
/// decodes must look at <see cref="Fault"/> first.
/// </summary>
/// <remarks>
/// Used by one thread at a time, the one that decodes; only <see cref="RequestAbort"/> may be called by others. Both native
/// functions take a <see cref="GCHandle"/> of the callback as their data.
/// </remarks>
internal abstract unsafe class GraphCallback
{
    private volatile bool _isAbortRequested;

    /// <summary>What went wrong in the callback since <see cref="ResetFault"/>.</summary>
    internal Exception? Fault { get; private set; }

    internal static delegate* unmanaged[Cdecl]<nint, byte, void*, byte> EvalFunction => &Evaluate;

    internal static delegate* unmanaged[Cdecl]<void*, byte> AbortFunction => &ShouldAbort;

    internal bool IsAbortRequested => _isAbortRequested;

    internal void RequestAbort() => _isAbortRequested = true;

    internal void ClearAbort() => _isAbortRequested = false;

    internal void ResetFault() => Fault = null;

    internal void SetFault(Exception fault)
    {
        Fault ??= fault;
        RequestAbort();
    }

    /// <summary>Whether nobody wants the decode under way any longer. Asked between nodes; must not throw.</summary>
    protected virtual bool IsUnwanted => false;

    /// <summary>Called for every node before it is computed: whether its result is wanted.</summary>
    protected abstract bool Ask(nint tensor);

    /// <summary>Called with a wanted node after it was computed.</summary>
    protected abstract void Computed(nint tensor);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static byte Evaluate(nint tensor, byte ask, void* userData)
    {
        const byte Continue = 1;
        var callback = Of(userData);
        if (callback.Fault is not null)
        {
            return ask != 0 ? (byte)0 : Continue;
        }

        try
        {
            if (ask != 0)
            {
                return callback.Ask(tensor) ? (byte)1 : (byte)0;
            }

            callback.Computed(tensor);
        }
#pragma warning disable CA1031 // No exception may enter native code; the decoder rethrows it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            callback.SetFault(exception);
        }

        // Returning false would skip the rest of the graph and leave the previous logits in place.
        return ask != 0 ? (byte)0 : Continue;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static byte ShouldAbort(void* userData)
    {
        var callback = Of(userData);
        return callback._isAbortRequested || callback.IsUnwanted ? (byte)1 : (byte)0;
    }

    private static GraphCallback Of(void* userData) => Unsafe.As<GraphCallback>(GCHandle.FromIntPtr((nint)userData).Target!);
}
