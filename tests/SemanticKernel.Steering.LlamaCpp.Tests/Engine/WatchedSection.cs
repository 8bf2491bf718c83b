using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Engine;

/// <summary>A configuration section that knows how many listen for its changes.</summary>
internal sealed class WatchedSection(IConfigurationSection section) : IConfigurationSection, IChangeToken
{
    private int _watchers;

    internal int Watchers => _watchers;

    public string Key => section.Key;

    public string Path => section.Path;

    public string? Value { get => section.Value; set => section.Value = value; }

    public bool HasChanged => false;

    public bool ActiveChangeCallbacks => true;

    public string? this[string key] { get => section[key]; set => section[key] = value; }

    public IEnumerable<IConfigurationSection> GetChildren() => section.GetChildren();

    public IConfigurationSection GetSection(string key) => section.GetSection(key);

    public IChangeToken GetReloadToken() => this;

    public IDisposable RegisterChangeCallback(Action<object?> callback, object? state)
    {
        _watchers++;
        return new Registration(this);
    }

    private sealed class Registration(WatchedSection section) : IDisposable
    {
        public void Dispose() => section._watchers--;
    }
}
