namespace SemanticKernel.Steering;

/// <summary>Changes the steering of an answer while it runs. Thread-safe.</summary>
public interface ISteeringHandle
{
    /// <summary>Whether the answer runs.</summary>
    bool IsRunning { get; }

    /// <summary>Changes strengths from the next token on. What the change does not name stays as it is.</summary>
    /// <param name="change">The wish; the same policy judges it as judged the call.</param>
    /// <returns>What is in force from the next token on.</returns>
    /// <exception cref="SteeringPolicyException">The policy refuses the change; the answer goes on as before.</exception>
    /// <exception cref="InvalidOperationException">The answer has not begun or has ended.</exception>
    SteeringReport Change(SteeringRequest change);
}
