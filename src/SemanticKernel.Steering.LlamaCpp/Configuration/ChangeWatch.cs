using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace SemanticKernel.Steering.LlamaCpp.Configuration;

/// <summary>Calls back some time after a configuration section or a watched file has changed; a burst of changes counts once.</summary>
internal sealed class ChangeWatch : IDisposable
{
    // Editors and deployments write files in several steps.
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(250);

    private readonly Dictionary<string, FileSystemWatcher> _watchers = new(StringComparer.Ordinal);
    private readonly object _gate = new();
    private readonly IDisposable _registration;
    private readonly Timer _timer;
    private HashSet<string> _files = new(StringComparer.Ordinal);
    private bool _isDisposed;

    internal ChangeWatch(IConfigurationSection section, Action changed)
    {
        _timer = new Timer(_ => Run(changed));
        _registration = ChangeToken.OnChange(section.GetReloadToken, Schedule);
    }

    /// <summary>Sets the files to watch, full paths. Folders that do not exist are left out.</summary>
    internal void WatchFiles(IEnumerable<string> files)
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            _files = files.ToHashSet(StringComparer.Ordinal);
            var folders = _files.Select(file => Path.GetDirectoryName(file)!).Where(Directory.Exists).ToHashSet(StringComparer.Ordinal);
            foreach (var gone in _watchers.Keys.Except(folders).ToArray())
            {
                _watchers.Remove(gone, out var watcher);
                watcher!.Dispose();
            }

            foreach (var folder in folders.Where(folder => !_watchers.ContainsKey(folder)))
            {
                _watchers.Add(folder, Watch(folder));
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            foreach (var watcher in _watchers.Values)
            {
                watcher.Dispose();
            }

            _watchers.Clear();
        }

        _registration.Dispose();
        _timer.Dispose();
    }

    private static void Run(Action changed)
    {
        try
        {
            changed();
        }
#pragma warning disable CA1031 // What a timer throws ends the process; what there was to say has failed to be said, as by a logger that is closed.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }

    private FileSystemWatcher Watch(string folder)
    {
        var watcher = new FileSystemWatcher(folder);
        watcher.Changed += OnFile;
        watcher.Created += OnFile;
        watcher.Renamed += OnFile;
        watcher.EnableRaisingEvents = true;
        return watcher;
    }

    private void OnFile(object sender, FileSystemEventArgs change)
    {
        bool isWatched;
        lock (_gate)
        {
            isWatched = _files.Contains(change.FullPath);
        }

        if (isWatched)
        {
            Schedule();
        }
    }

    private void Schedule()
    {
        lock (_gate)
        {
            if (!_isDisposed)
            {
                _timer.Change(Settling, Timeout.InfiniteTimeSpan);
            }
        }
    }
}
