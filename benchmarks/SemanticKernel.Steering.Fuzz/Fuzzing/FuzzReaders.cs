using SemanticKernel.Steering.Gguf;

namespace SemanticKernel.Steering.Fuzz;

/// <summary>All readers of untrusted files that need no native code.</summary>
internal static class FuzzReaders
{
    internal static IReadOnlyList<FuzzReader> All { get; } =
    [
        new("map set", SoundInputs.MapSet, bytes => MapSet.Load(new MemoryStream(bytes)), Check),
        new("gguf header", SoundInputs.Gguf, bytes => GgufHeader.Read(new MemoryStream(bytes), "fuzz.gguf"), _ => { }),
        new("control vector", SoundInputs.ControlVector, Import, import => Check(((ControlVectorImport)import).Maps)),
        new("ml-act state", SoundInputs.ActState, bytes => ActState.Import(new MemoryStream(bytes), SoundInputs.ActOptions), Check),
        new("training lines", SoundInputs.TrainingLines, bytes => TrainingFile.Read(new MemoryStream(bytes), "fuzz.jsonl"), _ => { }),
    ];

    private static ControlVectorImport Import(byte[] bytes) => ControlVector.Import(
        new MemoryStream(bytes), SoundInputs.VectorOptions with { DropDirectionZero = bytes.Length % 2 == 0 });

    /// <summary>Whatever was accepted can be written, read again and described, and stays the same from then on.</summary>
    private static void Check(object accepted)
    {
        var once = Again((MapSet)accepted);
        var twice = Again(once);
        once.Describe();
        if (once.ContentHash != twice.ContentHash)
        {
            throw new InvalidOperationException("The maps change each time they are written.");
        }
    }

    private static MapSet Again(MapSet maps)
    {
        using var stream = new MemoryStream();
        new MapSet(maps.Metadata, maps.Operations).Save(stream);
        stream.Position = 0;
        return MapSet.Load(stream);
    }
}
