namespace SemanticKernel.Steering.LlamaCpp.Engine;

/// <summary>The one way in which requests the engine has taken come to their end.</summary>
internal sealed class RequestEnd(RequestQueue queue, HookSelection hooks)
{
    private long _ended;

    /// <summary>Managed bytes allocated on the engine's thread while the last request generated, after its first token.</summary>
    internal long LastDecodeAllocations { get; private set; }

    /// <summary>Frees the slot, whose tokens stay as a prefix for later requests, and tells the reader.</summary>
    internal void End(Slot slot, EndReason reason, Exception? error)
    {
        var request = slot.Request!;
        LastDecodeAllocations = slot.Allocations;
        slot.End(++_ended);
        queue.Release();
        hooks.Update();
        request.Output.Complete(reason, error);
    }

    /// <summary>Ends a request whose prefix the slot keeps from now on.</summary>
    internal void Keep(Slot slot, RestoreRequest request)
    {
        slot.Keep(request, ++_ended);
        queue.Release();
        request.Output.Complete(EndReason.Stop, null);
    }

    /// <summary>Ends a request that got no slot.</summary>
    internal void Refuse(EngineRequest request, Exception error)
    {
        queue.Release();
        request.Output.Complete(EndReason.Stop, error);
    }
}
