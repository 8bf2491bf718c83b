namespace SemanticKernel.Steering.LlamaCpp.Fitting.Capture;

/// <summary>A context that reads batches of texts, each text as a sequence of its own. For one thread at a time.</summary>
internal sealed class CaptureWorker : IDisposable
{
    private readonly FitJob _job;
    private readonly CaptureCallback _callback;
    private readonly FitContext _own;

    /// <exception cref="LlamaModelException">llama.cpp has not enough memory for the context.</exception>
    internal CaptureWorker(FitJob job, SampleStore store, TokenSketch?[] sketches, int sequences, int threads)
    {
        _job = job;
        _callback = new CaptureCallback(job, store, sketches);
        _own = new FitContext(threads, job.BatchSize, pool => job.Open(_callback, pool, Math.Max(job.LongestText, job.BatchSize), job.BatchSize, sequences, threads));
    }

    /// <summary>Reads texts in one decode, or a text that is longer than a batch in several.</summary>
    internal void Read(Range texts, CancellationToken cancellationToken)
    {
        using var registration = cancellationToken.UnsafeRegister(static state => ((CaptureCallback)state!).RequestAbort(), _callback);
        _own.Context.Clear(wipe: false);
        Begin();
        for (var text = texts.Start.Value; text < texts.End.Value; text++)
        {
            for (var token = 0; token < _job.Texts[text].Tokens.Length; token++)
            {
                if (_own.Batch.IsFull)
                {
                    Decode(goesOn: true, cancellationToken);
                    Begin();
                }

                _callback.Add(_own.Batch, text, token, text - texts.Start.Value);
            }
        }

        Decode(goesOn: false, cancellationToken);
    }

    public void Dispose() => _own.Dispose();

    private void Begin()
    {
        _own.Batch.Clear();
        _callback.ClearRows();
    }

    private void Decode(bool goesOn, CancellationToken cancellationToken)
    {
        _callback.StopsBehindLastSite = !goesOn;
        _callback.Decode(_own.Context, _own.Batch, cancellationToken);
    }
}
