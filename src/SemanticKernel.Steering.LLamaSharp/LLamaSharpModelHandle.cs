using LLama.Native;
using SemanticKernel.Steering.LlamaCpp.Interop.Handles;

namespace SemanticKernel.Steering.LLamaSharp;

/// <summary>A share in weights LLamaSharp has loaded, or the only one.</summary>
internal sealed class LLamaSharpModelHandle : LlamaModelHandle
{
    private readonly bool _isOwner;

    /// <exception cref="ObjectDisposedException">The weights are disposed.</exception>
    internal LLamaSharpModelHandle(SafeLlamaModelHandle weights, bool isOwner)
        : base(weights.Hold())
    {
        Weights = weights;
        _isOwner = isOwner;
    }

    internal SafeLlamaModelHandle Weights { get; }

    protected override bool ReleaseHandle()
    {
        Weights.DangerousRelease();
        if (_isOwner)
        {
            Weights.Dispose();
        }

        return true;
    }
}
