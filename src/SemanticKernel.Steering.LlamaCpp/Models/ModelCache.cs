using Microsoft.Extensions.Logging;
using SemanticKernel.Steering.LlamaCpp.Native;

namespace SemanticKernel.Steering.LlamaCpp.Models;

/// <summary>Shares weights between the engines of this process. Thread-safe.</summary>
/// <remarks>Weights are loaded and freed outside of the gate: both take long, and loading calls the application back.</remarks>
internal static class ModelCache
{
    private static readonly object Gate = new();
    private static readonly Dictionary<Key, Entry> Entries = [];

    /// <summary>Opens a model or takes a share in one that is open or being opened. Dispose the lease to give the share back.</summary>
    internal static ModelLease Acquire(ModelSettings settings, ILogger logger, IProgress<float>? progress, CancellationToken cancellationToken)
    {
        NativeLog.AddLogger(logger);
        try
        {
            var (key, entry) = AcquireEntry(settings, logger, progress, cancellationToken);
            return new ModelLease(entry.Loading.Task.Result!, () =>
            {
                Release(key, entry);
                NativeLog.RemoveLogger(logger);
            });
        }
        catch
        {
            NativeLog.RemoveLogger(logger);
            throw;
        }
    }

    private static (Key Key, Entry Entry) AcquireEntry(ModelSettings settings, ILogger logger, IProgress<float>? progress, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var file = new FileInfo(settings.Path);
            var key = new Key(settings, file.Exists ? file.Length : 0, file.Exists ? file.LastWriteTimeUtc : default);
            var (entry, isFirst) = Join(key);
            if (isFirst)
            {
                Load(key, entry, logger, progress, cancellationToken);
                return (key, entry);
            }

            if (Wait(key, entry, logger, progress, cancellationToken))
            {
                return (key, entry);
            }
        }
    }

    private static (Entry Entry, bool IsFirst) Join(Key key)
    {
        lock (Gate)
        {
            if (Entries.TryGetValue(key, out var entry))
            {
                entry.Shares++;
                return (entry, false);
            }

            Entries.Add(key, entry = new Entry());
            return (entry, true);
        }
    }

    private static void Load(Key key, Entry entry, ILogger logger, IProgress<float>? progress, CancellationToken cancellationToken)
    {
        try
        {
            entry.Loading.SetResult(LlamaModel.Open(key.Settings, logger, progress, cancellationToken));
        }
        catch
        {
            lock (Gate)
            {
                Entries.Remove(key);
            }

            entry.Loading.SetResult(null);
            throw;
        }
    }

    /// <summary>Waits until another opener has loaded the model.</summary>
    /// <returns>Whether it is there. What went wrong for the other, or made it give up, need not happen again.</returns>
    private static bool Wait(Key key, Entry entry, ILogger logger, IProgress<float>? progress, CancellationToken cancellationToken)
    {
        try
        {
            entry.Loading.Task.Wait(cancellationToken);
            if (entry.Loading.Task.Result is not { } model)
            {
                return false;
            }

            model.Library.LogTo(logger);
            progress?.Report(1);
            return true;
        }
        catch
        {
            Release(key, entry);
            throw;
        }
    }

    private static void Release(Key key, Entry entry)
    {
        lock (Gate)
        {
            // The share of who loads keeps this above zero until there is a model, and for good if there will be none.
            if (--entry.Shares > 0)
            {
                return;
            }

            Entries.Remove(key);
        }

        entry.Loading.Task.Result!.Handle.Dispose();
    }

    // A file that was replaced is another model.
    private sealed record Key(ModelSettings Settings, long Length, DateTime LastWrite);

    private sealed class Entry
    {
        /// <summary>The model, or null if it could not be loaded.</summary>
        internal TaskCompletionSource<LlamaModel?> Loading { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal int Shares { get; set; } = 1;
    }
}
