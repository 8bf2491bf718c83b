namespace SemanticKernel.Steering.LlamaCpp.Tests.Models;

/// <summary>Calls back on the thread that reports.</summary>
internal sealed class Progress(Action<float> report) : IProgress<float>
{
    public void Report(float value) => report(value);
}
