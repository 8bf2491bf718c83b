using System.Runtime.InteropServices;

namespace SemanticKernel.Steering.LlamaCpp.States;

/// <summary>What must be equal where a conversation was saved and where it is restored: values only mean something there.</summary>
internal sealed class StateIdentity
{
    private static readonly string[] Names = ["model", "weights", "chat template", "KvCacheType", "llama.cpp version", "cache scope"];

    private readonly string[] _values;

    private StateIdentity(string[] values) => _values = values;

    internal static StateIdentity Of(SteeredLlamaEngine engine, string? cacheScope) => new(
    [
        engine.Model.Identity.BaseHash,
        engine.Model.Identity.WeightsHash,
        engine.Template.Sha256 ?? "none",
        engine.KvCacheType.ToString(),
        engine.Model.NativeLibrary.Version,
        cacheScope is null ? "none" : Sha256.HexOf(MemoryMarshal.AsBytes(cacheScope.AsSpan())),
    ]);

    internal void Write(BinaryWriter writer)
    {
        foreach (var value in _values)
        {
            writer.Write(value);
        }
    }

    /// <exception cref="ConversationStateException">Something differs; the message names it.</exception>
    internal void Check(BinaryReader reader)
    {
        // All are read before one is judged, so that the reader stands behind them.
        var saved = _values.Select(_ => reader.ReadString()).ToArray();
        for (var i = 0; i < _values.Length; i++)
        {
            if (saved[i] != _values[i])
            {
                throw new ConversationStateException($"The conversation was saved with another {Names[i]}.");
            }
        }
    }
}
