using System.Runtime.InteropServices;

namespace LLama.Native;

/// <summary>Stand-in.</summary>
public abstract class SafeLLamaHandleBase : SafeHandle
{
    private protected SafeLLamaHandleBase(nint native)
        : base(0, ownsHandle: true) => SetHandle(native);

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;
}
