using System.Runtime.InteropServices;

namespace SemanticKernel.Steering.LlamaCpp.Interop.Handles;

/// <summary>Keeps what a handle stands for until it is disposed, once, whoever disposes the handle meanwhile.</summary>
internal readonly struct HandleHold : IDisposable
{
    private readonly SafeHandle _handle;

    /// <exception cref="ObjectDisposedException">It is gone already.</exception>
    internal HandleHold(SafeHandle handle)
    {
        var isHeld = false;
        handle.DangerousAddRef(ref isHeld);
        _handle = handle;
    }

    public void Dispose() => _handle.DangerousRelease();
}
