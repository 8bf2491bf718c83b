namespace SemanticKernel.Steering.LlamaCpp;

/// <summary>An engine has more requests than it may take on. Try again later, or raise its limits.</summary>
public sealed class EngineBusyException : SteeringException
{
    /// <summary>Creates an error.</summary>
    /// <param name="concurrent">Answers that may be under way at once.</param>
    /// <param name="queued">Requests that may wait beyond those.</param>
    public EngineBusyException(int concurrent, int queued)
        : base($"The engine is busy: {concurrent} requests are under way and {queued} wait. Try again later, or raise MaxConcurrentRequests or MaxQueuedRequests.")
    {
    }
}
