using System.Text;
using SemanticKernel.Steering.Gguf;
using SemanticKernel.Steering.LlamaCpp.Interop;
using SemanticKernel.Steering.LlamaCpp.Interop.Handles;

namespace SemanticKernel.Steering.LlamaCpp.Models;

/// <summary>
/// Tells whether weights that were opened elsewhere are those of a file. Map sets are tied to the file, so that other weights
/// would be steered with maps that were not made for them. Compares architecture, name, number of parameters and bytes.
/// </summary>
internal static unsafe class WeightsCheck
{
    private const int MaxText = 1 << 16;

    /// <exception cref="LlamaModelException">They are not.</exception>
    internal static void Check(LlamaModelHandle handle, string path)
    {
        var model = handle.DangerousGetHandle();
        var header = GgufHeader.Read(path);
        var tensors = header.Tensors.Concat(ModelFingerprint.OtherParts(path, header).SelectMany(part => GgufHeader.Read(part).Tensors)).ToList();
        var (parameters, bytes) = (tensors.Aggregate(0UL, (sum, tensor) => sum + tensor.Dimensions.Aggregate(1UL, (product, extent) => product * extent)), SumBytes(tensors));
        var difference =
            Compare("architecture", header.Metadata.GetValueOrDefault("general.architecture"), ReadText(model, "general.architecture")) ??
            Compare("name", header.Metadata.GetValueOrDefault("general.name"), ReadText(model, "general.name")) ??
            Compare("number of parameters", parameters, LlamaNative.llama_model_n_params(model)) ??
            Compare("size in bytes", bytes, LlamaNative.llama_model_size(model));
        if (difference is not null)
        {
            throw new LlamaModelException($"The loaded weights are not those of '{path}': {difference}. Give the engine the path of the file they were loaded from, whole.");
        }
    }

    private static ulong? SumBytes(List<GgufTensor> tensors) => tensors.TrueForAll(tensor => tensor.Size is not null)
        ? tensors.Aggregate(0UL, (sum, tensor) => sum + tensor.Size!.Value)
        : null;

    private static string? Compare(string what, object? inFile, object? loaded) =>
        inFile is null || Equals(inFile, loaded) ? null : $"their {what} is {loaded ?? "unknown"}, that of the file {inFile}";

    private static string? ReadText(nint model, string key)
    {
        var buffer = new byte[MaxText];
        fixed (byte* text = buffer)
        {
            var length = LlamaNative.llama_model_meta_val_str(model, key, text, MaxText);
            return length < 0 ? null : Encoding.UTF8.GetString(buffer, 0, Math.Min(length, MaxText - 1));
        }
    }
}
