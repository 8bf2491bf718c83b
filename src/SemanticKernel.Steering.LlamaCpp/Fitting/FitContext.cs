using SemanticKernel.Steering.LlamaCpp.Engine;
using SemanticKernel.Steering.LlamaCpp.Interop.Handles;

namespace SemanticKernel.Steering.LlamaCpp.Fitting;

/// <summary>A context with a batch and processor threads of its own. For one thread at a time.</summary>
internal sealed class FitContext : IDisposable
{
    private readonly LlamaThreadPoolHandle _pool;

    /// <param name="threads">How many processor threads compute.</param>
    /// <param name="batchSize">Tokens per decode.</param>
    /// <param name="open">Opens the context on the threads.</param>
    /// <exception cref="LlamaModelException">llama.cpp has not enough memory for the context.</exception>
    internal FitContext(int threads, int batchSize, Func<LlamaThreadPoolHandle, LlamaContext> open)
    {
        _pool = LlamaThreadPoolHandle.Create(threads);
        Batch = new TokenBatch(batchSize);
        try
        {
            Context = open(_pool);
        }
        catch
        {
            Batch.Dispose();
            _pool.Dispose();
            throw;
        }
    }

    internal TokenBatch Batch { get; }

    internal LlamaContext Context { get; }

    public void Dispose()
    {
        Context.Dispose();
        Batch.Dispose();
        _pool.Dispose();
    }
}
