using SemanticKernel.Steering.LlamaCpp.Engine;
using SemanticKernel.Steering.LlamaCpp.Interop.Handles;

namespace SemanticKernel.Steering.LlamaCpp.Fitting.Causal;

/// <summary>
/// For texts that are too many to be under way at once: reads them again for every site, through all maps so far, and stops
/// behind the site. Takes about half as many passes as there are sites, and the memory of one decode.
/// </summary>
internal sealed class ReplayRun : ICausalRun, IDisposable
{
    private readonly FitJob _job;
    private readonly IReadOnlyList<Range> _batches;
    private readonly CancellationToken _cancellationToken;
    private readonly CausalTexts _texts;
    private readonly ReplayCallback _callback;
    private readonly int[] _hooks;
    private readonly LlamaThreadPoolHandle _pool;
    private readonly TokenBatch _batch;
    private readonly LlamaContext _context;
    private readonly CancellationTokenRegistration _cancellation;
    private int _next;

    internal ReplayRun(FitJob job, IReadOnlyList<Range> batches, int batchSize, int threads, CancellationToken cancellationToken)
    {
        _job = job;
        _batches = batches;
        _cancellationToken = cancellationToken;
        _texts = new CausalTexts(job);
        _callback = new ReplayCallback(job, _texts);
        _hooks = job.Hooks;
        _pool = LlamaThreadPoolHandle.Create(threads);
        _batch = new TokenBatch(batchSize);
        try
        {
            _context = job.Open(_callback, _pool, batchSize, batchSize, batches.MostTexts(), threads);
        }
        catch
        {
            _batch.Dispose();
            _pool.Dispose();
            throw;
        }

        _cancellation = cancellationToken.UnsafeRegister(static state => ((ReplayCallback)state!).RequestAbort(), _callback);
    }

    /// <inheritdoc/>
    public CausalStop? RunToNextSite()
    {
        if (_next == _hooks.Length)
        {
            return null;
        }

        _callback.LookFor(_hooks.Take(_next + 1));
        _callback.SketchOfSite = _job.NeedsSketch ? new TokenSketch(_job.Model.Width) : null;
        foreach (var texts in _batches)
        {
            _context.Clear(wipe: false);
            _callback.Fill(_batch, texts);
            _callback.Decode(_context, _batch, _cancellationToken);
        }

        return _texts.StopAt(_hooks[_next++], _callback.SketchOfSite);
    }

    /// <inheritdoc/>
    public void Steer(SiteMap map) => _texts.Use(_hooks[_next - 1], map);

    public void Dispose()
    {
        _cancellation.Dispose();
        _context.Dispose();
        _batch.Dispose();
        _pool.Dispose();
    }
}
