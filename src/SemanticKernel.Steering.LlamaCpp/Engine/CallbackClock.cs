using System.Diagnostics;

namespace SemanticKernel.Steering.LlamaCpp.Engine;

/// <summary>Adds up the time spent editing rows. Written by the engine's thread, read after the answer.</summary>
internal sealed class CallbackClock
{
    private long _ticks;

    internal TimeSpan Elapsed => Stopwatch.GetElapsedTime(0, _ticks);

    internal void Add(long ticks) => _ticks += ticks;
}
