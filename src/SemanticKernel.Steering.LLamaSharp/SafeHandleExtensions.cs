using System.Runtime.InteropServices;

namespace SemanticKernel.Steering.LLamaSharp;

internal static class SafeHandleExtensions
{
    /// <summary>
    /// Keeps what a handle stands for until <see cref="SafeHandle.DangerousRelease"/>, even if the handle is disposed, or
    /// finalised before whoever holds it.
    /// </summary>
    internal static nint Hold(this SafeHandle handle)
    {
        var isHeld = false;
        handle.DangerousAddRef(ref isHeld);
        return handle.DangerousGetHandle();
    }
}
