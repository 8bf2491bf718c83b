namespace SemanticKernel.Steering.LlamaCpp.Models;

/// <summary>A share in a model.</summary>
internal sealed class ModelLease(LlamaModel model, Action release) : IDisposable
{
    private Action? _release = release;

    internal LlamaModel Model { get; } = model;

    public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke();
}
