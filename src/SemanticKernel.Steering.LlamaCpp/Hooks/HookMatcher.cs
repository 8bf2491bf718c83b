using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SemanticKernel.Steering.LlamaCpp.Native;

namespace SemanticKernel.Steering.LlamaCpp.Hooks;

/// <summary>
/// Recognises the active hooks among the nodes of a graph. Most nodes are turned away by comparing the first four bytes
/// of their name with those of the few names looked for; nothing is allocated and no native function is called.
/// </summary>
internal sealed unsafe class HookMatcher
{
    private const int MaxName = 64;

    private static readonly uint Unnamed = MemoryMarshal.Read<uint>("node"u8);

    private readonly TensorLayout _layout;
    private readonly List<Entry> _entries = [];
    private uint[] _ownPrefixes = [];
    private bool _searchesSources;

    internal HookMatcher(TensorLayout layout) => _layout = layout;

    /// <summary>Number of hooks a complete graph must show.</summary>
    internal int Expected { get; private set; }

    /// <summary>Chooses the hooks to look for. Not on the hot path.</summary>
    internal void Activate(HookTable table, ReadOnlySpan<bool> active)
    {
        _entries.Clear();
        Expected = 0;
        for (var hook = 0; hook < active.Length; hook++)
        {
            if (active[hook])
            {
                var signature = table.Hooks[hook].Signature;
                FindOrAdd(table.NamesByHook[hook], signature.Source).SetHook(signature.Occurrence, hook);
                Expected++;
            }
        }

        _ownPrefixes = _entries.Where(entry => entry.Source == NodeSignature.Own).Select(entry => entry.Prefix).Distinct().ToArray();
        _searchesSources = _entries.Any(entry => entry.Source != NodeSignature.Own);
    }

    /// <summary>Forgets the occurrences counted so far. Call before every decode.</summary>
    internal void BeginGraph()
    {
        foreach (var entry in _entries)
        {
            entry.Seen = 0;
        }
    }

    /// <summary>The hook of a node, or -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int Match(nint tensor)
    {
        var prefix = Unsafe.ReadUnaligned<uint>(_layout.NameOf(tensor));
        foreach (var wanted in _ownPrefixes)
        {
            if (wanted == prefix)
            {
                return Find(_layout.NameOf(tensor), NodeSignature.Own);
            }
        }

        return _searchesSources && prefix == Unnamed ? MatchSources(tensor) : -1;
    }

    private int MatchSources(nint tensor)
    {
        for (var source = 0; source < NodeSignature.SearchedSources && _layout.SourceOf(tensor, source) is var node && node != 0; source++)
        {
            if (Find(_layout.NameOf(node), source) is var hook and >= 0)
            {
                return hook;
            }
        }

        return -1;
    }

    private int Find(byte* namePointer, int source)
    {
        var name = new ReadOnlySpan<byte>(namePointer, MaxName);
        name = name[..Math.Max(0, name.IndexOf((byte)0))];
        if (source != NodeSignature.Own)
        {
            name = Original(name);
        }

        foreach (var entry in CollectionsMarshal.AsSpan(_entries))
        {
            if (entry.Source == source && name.SequenceEqual(entry.Name))
            {
                var occurrence = entry.Seen++;
                return occurrence < entry.Hooks.Length ? entry.Hooks[occurrence] : -1;
            }
        }

        return -1;
    }

    /// <summary>Between devices the scheduler puts copies, named backend#name#number, in place of a source.</summary>
    private static ReadOnlySpan<byte> Original(ReadOnlySpan<byte> name)
    {
        var first = name.IndexOf((byte)'#');
        var last = name.LastIndexOf((byte)'#');
        return first >= 0 && last > first ? name[(first + 1)..last] : name;
    }

    private Entry FindOrAdd(byte[] name, int source)
    {
        var entry = _entries.Find(candidate => candidate.Source == source && candidate.Name.AsSpan().SequenceEqual(name));
        if (entry is null)
        {
            entry = new Entry(name, source);
            _entries.Add(entry);
        }

        return entry;
    }

    private sealed class Entry(byte[] name, int source)
    {
        internal byte[] Name { get; } = name;

        internal int Source { get; } = source;

        internal uint Prefix { get; } = ReadPrefix(name);

        /// <summary>The hook of each occurrence, -1 for those not looked for.</summary>
        internal int[] Hooks { get; private set; } = [];

        internal int Seen { get; set; }

        internal void SetHook(int occurrence, int hook)
        {
            if (occurrence >= Hooks.Length)
            {
                var grown = new int[occurrence + 1];
                Array.Fill(grown, -1);
                Hooks.CopyTo(grown, 0);
                Hooks = grown;
            }

            Hooks[occurrence] = hook;
        }

        private static uint ReadPrefix(byte[] name)
        {
            Span<byte> padded = stackalloc byte[sizeof(uint)];
            name.AsSpan(0, Math.Min(name.Length, sizeof(uint))).CopyTo(padded);
            return MemoryMarshal.Read<uint>(padded);
        }
    }
}
