namespace LLama.Native;

/// <summary>Stand-in.</summary>
public sealed class SafeLLamaContextHandle : SafeLLamaHandleBase
{
    // As in LLamaSharp: one decode at a time in the whole process.
    private static readonly object GlobalInferenceLock = new();

    private readonly SafeLlamaModelHandle _model;

    private SafeLLamaContextHandle(nint context, SafeLlamaModelHandle model)
        : base(context)
    {
        var added = false;
        model.DangerousAddRef(ref added);
        _model = model;
    }

    /// <summary>The weights.</summary>
    /// <exception cref="ObjectDisposedException">The context is disposed.</exception>
    public SafeLlamaModelHandle ModelHandle
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsClosed, this);
            return _model;
        }
    }

    /// <summary>Opens a context. As in LLamaSharp, one that cannot be opened comes back as an invalid handle.</summary>
    /// <param name="model">The weights.</param>
    /// <param name="lparams">How.</param>
    /// <returns>The context.</returns>
    public static SafeLLamaContextHandle Create(SafeLlamaModelHandle model, LLamaContextParams lparams) =>
        new(NativeApi.llama_init_from_model(model, lparams.ToNative()), model);

    /// <summary>Runs a batch.</summary>
    /// <param name="batch">The batch.</param>
    /// <returns>What llama.cpp returns.</returns>
    public DecodeResult Decode(LLamaBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        lock (GlobalInferenceLock)
        {
            var result = (DecodeResult)NativeApi.llama_decode(this, batch.Native);
            GC.KeepAlive(batch);
            return result;
        }
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        NativeApi.llama_free(handle);
        _model.DangerousRelease();
        return true;
    }
}
