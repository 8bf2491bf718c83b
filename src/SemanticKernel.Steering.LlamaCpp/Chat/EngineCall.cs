using SemanticKernel.Steering.LlamaCpp.Engine;

namespace SemanticKernel.Steering.LlamaCpp.Chat;

/// <summary>What all calls of an engine have in common: how they are stopped and how they fail.</summary>
internal static class EngineCall
{
    /// <summary>Stops the request as soon as the caller cancels or time is up. Dispose the result when the request has ended.</summary>
    internal static CancellationTokenRegistration StopWith(RequestDeadline deadline, SteeredLlamaEngine engine, EngineRequest request) =>
        deadline.Token.UnsafeRegister(static state => Stop(state), (engine.Loop, request));

    /// <summary>Has a request carried out that brings no tokens.</summary>
    internal static async Task RunAsync(SteeredLlamaEngine engine, EngineRequest request, RequestDeadline deadline)
    {
        deadline.ThrowIfOver();
        engine.Loop.Submit(request);
        using var registration = StopWith(deadline, engine, request);
        await DrainAsync(request).ConfigureAwait(false);
        ThrowIfFailed(request, deadline);
    }

    /// <summary>Waits until the engine has done with a request, and has its slot for others.</summary>
    internal static async Task DrainAsync(EngineRequest request)
    {
        while (await request.Output.WaitAsync().ConfigureAwait(false))
        {
            while (request.Output.TryRead(out _))
            {
            }
        }
    }

    /// <summary>Throws what ended the request on the engine's thread, if anything did.</summary>
    internal static void ThrowIfFailed(EngineRequest request, RequestDeadline deadline)
    {
        // The original was made on the engine's thread; wrapping keeps both stacks.
        switch (request.Output.Error)
        {
            case null:
                return;
            case OperationCanceledException:
                throw deadline.ToException();
            case ObjectDisposedException disposed:
                throw new ObjectDisposedException("The engine was closed before the answer was complete.", disposed);
            case ConversationStateException refusal:
                throw new ConversationStateException(refusal.Message, refusal);
            case SteeringException fault:
                throw new SteeringException(fault.Message, fault);
            case var error:
                throw new LlamaModelException($"The answer could not be generated: {error.Message}", error);
        }
    }

    private static void Stop(object? state)
    {
        var (loop, request) = ((EngineLoop, EngineRequest))state!;
        loop.Stop(request);
    }
}
