using System.Runtime.InteropServices;

namespace SemanticKernel.Steering.LlamaCpp.Interop.Handles;

/// <summary>Keeps what a handle stands for until it is disposed, whoever disposes the handle meanwhile.</summary>
internal sealed class HandleHold : IDisposable
{
    private SafeHandle? _handle;

    /// <exception cref="ObjectDisposedException">It is gone already.</exception>
    internal HandleHold(SafeHandle handle)
    {
        var isHeld = false;
        handle.DangerousAddRef(ref isHeld);
        _handle = handle;
    }

    public void Dispose() => Interlocked.Exchange(ref _handle, null)?.DangerousRelease();
}
