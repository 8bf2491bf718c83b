namespace SemanticKernel.Steering.LlamaCpp.Fitting.Causal;

/// <summary>Waits at every site for the other contexts. Gives its turn on the processor away meanwhile.</summary>
internal sealed class LockstepCallback(FitJob job, CausalTexts texts, SiteMeeting meeting, SemaphoreSlim turns) : CausalCallback(job, texts)
{
    protected override bool Arrive(int hook)
    {
        turns.Release();
        try
        {
            meeting.Arrive(hook);
        }
        finally
        {
            turns.Wait();
        }

        return true;
    }
}
