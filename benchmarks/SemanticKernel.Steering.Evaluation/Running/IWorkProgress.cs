namespace SemanticKernel.Steering.Evaluation.Running;

/// <summary>Hears how far the work has come. Thread-safe.</summary>
internal interface IWorkProgress
{
    /// <summary>A stage begins.</summary>
    void Begin(string stage, int steps);

    /// <summary>One step of the stage is done.</summary>
    void Step();
}
