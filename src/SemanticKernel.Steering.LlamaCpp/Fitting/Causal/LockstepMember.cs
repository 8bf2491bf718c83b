namespace SemanticKernel.Steering.LlamaCpp.Fitting.Causal;

/// <summary>A context that takes its share of the texts through the model in one decode, on a thread of its own.</summary>
internal sealed class LockstepMember : IDisposable
{
    private readonly LockstepCallback _callback;
    private readonly SiteMeeting _meeting;
    private readonly SemaphoreSlim _turns;
    private readonly CancellationToken _cancellationToken;
    private readonly FitContext _own;
    private readonly Thread _thread;

    /// <exception cref="LlamaModelException">llama.cpp has not enough memory for the context.</exception>
    internal LockstepMember(FitJob job, CausalTexts texts, Range share, SiteMeeting meeting, SemaphoreSlim turns, int threads, CancellationToken cancellationToken)
    {
        _meeting = meeting;
        _turns = turns;
        _cancellationToken = cancellationToken;
        var tokens = job.CountTokens(share);
        _callback = new LockstepCallback(job, texts, meeting, turns);
        _callback.LookFor(job.Hooks);
        _own = new FitContext(threads, tokens, pool => job.Open(_callback, pool, tokens, tokens, share.End.Value - share.Start.Value, threads));

        _callback.Fill(_own.Batch, share);
        _thread = new Thread(Run) { IsBackground = true, Name = "Causal fit" };
    }

    internal void Start() => _thread.Start();

    /// <summary>Adds the selected source rows of the site where all stand to a sketch.</summary>
    internal void Sketch(TokenSketch sketch) => _callback.Sketch(sketch);

    /// <summary>Has the decode stop midway.</summary>
    internal void RequestAbort() => _callback.RequestAbort();

    public void Dispose()
    {
        if ((_thread.ThreadState & ThreadState.Unstarted) == 0)
        {
            _thread.Join();
        }

        _own.Dispose();
    }

    private void Run()
    {
        _turns.Wait();
        try
        {
            _callback.Decode(_own.Context, _own.Batch, _cancellationToken);
            _meeting.Leave(null);
        }
#pragma warning disable CA1031 // It is thrown where the fit waits for its members.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _meeting.Leave(exception);
        }
        finally
        {
            _turns.Release();
        }
    }
}
