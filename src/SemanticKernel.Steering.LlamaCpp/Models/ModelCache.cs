using Microsoft.Extensions.Logging;

namespace SemanticKernel.Steering.LlamaCpp.Models;

/// <summary>Shares weights between the engines of this process. Thread-safe.</summary>
internal static class ModelCache
{
    private static readonly SemaphoreSlim Gate = new(1, 1);
    private static readonly Dictionary<Key, Entry> Entries = [];

    /// <summary>Opens a model or takes a share in one that is open. Dispose the lease to give the share back.</summary>
    internal static ModelLease Acquire(ModelSettings settings, ILogger logger, IProgress<float>? progress, CancellationToken cancellationToken)
    {
        Gate.Wait(cancellationToken);
        try
        {
            var file = new FileInfo(settings.Path);
            var key = new Key(settings, file.Exists ? file.Length : 0, file.Exists ? file.LastWriteTimeUtc : default);
            if (!Entries.TryGetValue(key, out var entry))
            {
                entry = new Entry(LlamaModel.Open(settings, logger, progress, cancellationToken));
                Entries.Add(key, entry);
            }
            else
            {
                progress?.Report(1);
            }

            entry.Leases++;
            return new ModelLease(entry.Model, () => Release(key));
        }
        finally
        {
            Gate.Release();
        }
    }

    private static void Release(Key key)
    {
        Gate.Wait();
        try
        {
            var entry = Entries[key];
            if (--entry.Leases == 0)
            {
                Entries.Remove(key);
                entry.Model.Handle.Dispose();
            }
        }
        finally
        {
            Gate.Release();
        }
    }

    // A file that was replaced is another model.
    private sealed record Key(ModelSettings Settings, long Length, DateTime LastWrite);

    private sealed class Entry(LlamaModel model)
    {
        internal LlamaModel Model { get; } = model;

        internal int Leases { get; set; }
    }
}
