using System.Runtime.ExceptionServices;
using SemanticKernel.Steering.LlamaCpp.Engine;
using SemanticKernel.Steering.LlamaCpp.Hooks;

namespace SemanticKernel.Steering.LlamaCpp.Fitting;

/// <summary>Decodes batches of training texts.</summary>
internal static class FitDecoding
{
    /// <summary>Decodes a batch, up to its end or to where the callback stops it.</summary>
    /// <exception cref="SteeringFitException">The callback failed, or the graph did not show what it should.</exception>
    /// <exception cref="IOException">The callback could not write what it saw.</exception>
    /// <exception cref="LlamaModelException">llama.cpp failed.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    internal static void Decode(this HookedCallback callback, LlamaContext context, TokenBatch batch, CancellationToken cancellationToken)
    {
        // A cancellation that comes after the look asks for an abort that nobody clears.
        callback.ClearAbort();
        cancellationToken.ThrowIfCancellationRequested();
        callback.BeginDecode(batch);
        var status = context.Decode(batch);
        cancellationToken.ThrowIfCancellationRequested();
        if (callback.EndDecode(status == DecodeStatus.Aborted && !callback.HasStopped) is { } fault)
        {
            if (fault is IOException)
            {
                ExceptionDispatchInfo.Throw(fault);
            }

            throw new SteeringFitException($"Recording hidden states failed: {fault.Message}", fault);
        }

        if (status != DecodeStatus.Ok && !callback.HasStopped)
        {
            throw new LlamaModelException($"llama_decode failed with status {(int)status} ({status}) on a batch of {batch.Count} tokens.");
        }
    }
}
