using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SemanticKernel.Steering.LlamaCpp.Hooks;

/// <summary>
/// The managed side of llama.cpp's eval callback (<c>ggml_backend_sched_eval_callback</c>) and abort callback. A fault is
/// kept and the abort callback stops the decode; the return code of <c>llama_decode</c> does not show it, so whoever
/// decodes must look at <see cref="Fault"/> first.
/// </summary>
/// <remarks>Used by one thread at a time, the one that decodes; only <see cref="RequestAbort"/> may be called by others.</remarks>
internal abstract unsafe class GraphCallback
{
    // Pinned, because the abort callback reads it for every node, and managed, because other threads may write it at any time.
    private readonly int[] _abort = GC.AllocateArray<int>(1, pinned: true);

    /// <summary>What went wrong in the callback since <see cref="ResetFault"/>.</summary>
    internal Exception? Fault { get; private set; }

    internal static delegate* unmanaged[Cdecl]<nint, byte, void*, byte> EvalFunction => &Evaluate;

    internal static delegate* unmanaged[Cdecl]<void*, byte> AbortFunction => &ShouldAbort;

    internal void* AbortData => Unsafe.AsPointer(ref _abort[0]);

    internal bool IsAbortRequested => Volatile.Read(ref _abort[0]) != 0;

    internal void RequestAbort() => Volatile.Write(ref _abort[0], 1);

    internal void ClearAbort() => Volatile.Write(ref _abort[0], 0);

    internal void ResetFault() => Fault = null;

    internal void SetFault(Exception fault)
    {
        Fault ??= fault;
        RequestAbort();
    }

    /// <summary>Called for every node before it is computed: whether its result is wanted.</summary>
    protected abstract bool Ask(nint tensor);

    /// <summary>Called with a wanted node after it was computed.</summary>
    protected abstract void Computed(nint tensor);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static byte Evaluate(nint tensor, byte ask, void* userData)
    {
        const byte Continue = 1;
        var callback = Unsafe.As<GraphCallback>(GCHandle.FromIntPtr((nint)userData).Target!);
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
    private static byte ShouldAbort(void* data) => (byte)(Volatile.Read(ref *(int*)data) != 0 ? 1 : 0);
}
