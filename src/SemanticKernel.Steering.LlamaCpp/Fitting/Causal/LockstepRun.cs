namespace SemanticKernel.Steering.LlamaCpp.Fitting.Causal;

/// <summary>
/// All texts at once, in one pass: contexts on the same weights each decode a share of them and meet at every site. Each
/// context computes on few threads and as many compute at once as there are processors, so that no processor waits for
/// others within a node of the graph.
/// </summary>
internal sealed class LockstepRun : ICausalRun, IDisposable
{
    private readonly FitJob _job;
    private readonly CausalTexts _texts;
    private readonly SiteMeeting _meeting;
    private readonly SemaphoreSlim _turns;
    private readonly List<LockstepMember> _members = [];
    private readonly CancellationTokenRegistration _cancellation;
    private int? _hook;
    private bool _isStarted;

    internal LockstepRun(FitJob job, CausalTexts texts, IReadOnlyList<Range> shares, int threads, CancellationToken cancellationToken)
    {
        (_job, _texts) = (job, texts);
        _meeting = new SiteMeeting(shares.Count);
        var each = Math.Max(1, threads / shares.Count);
        _turns = new SemaphoreSlim(threads / each);
        try
        {
            foreach (var share in shares)
            {
                cancellationToken.ThrowIfCancellationRequested();
                _members.Add(new LockstepMember(job, texts, share, _meeting, _turns, each, cancellationToken));
            }
        }
        catch
        {
            DisposeMembers();
            throw;
        }

        _cancellation = cancellationToken.UnsafeRegister(_ => Stop(new OperationCanceledException(cancellationToken)), null);
    }

    /// <inheritdoc/>
    public CausalStop? RunToNextSite()
    {
        if (_isStarted)
        {
            _meeting.GoOn();
        }
        else
        {
            _isStarted = true;
            _members.ForEach(member => member.Start());
        }

        _hook = _meeting.AwaitAll();
        return _hook is { } hook ? _texts.StopAt(hook, _job.NeedsSketch ? Sketch() : null) : null;
    }

    /// <inheritdoc/>
    public void Steer(SiteMap map) => _texts.Use(_hook!.Value, map);

    /// <summary>Ends all decodes, wherever they are, and frees the contexts.</summary>
    public void Dispose()
    {
        _cancellation.Dispose();
        Stop(new ObjectDisposedException(nameof(LockstepRun)));
        DisposeMembers();
    }

    private TokenSketch Sketch()
    {
        var sketch = new TokenSketch(_job.Model.Width);
        _members.ForEach(member => member.Sketch(sketch));
        return sketch;
    }

    private void Stop(Exception reason)
    {
        _meeting.Fail(reason);
        _members.ForEach(member => member.RequestAbort());
    }

    private void DisposeMembers()
    {
        _members.ForEach(member => member.Dispose());
        _turns.Dispose();
        _meeting.Dispose();
    }
}
