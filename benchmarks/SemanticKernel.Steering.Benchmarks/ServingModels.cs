using System.Runtime.InteropServices;
using SemanticKernel.Steering.LlamaCpp;
using SemanticKernel.Steering.LlamaCpp.Interop;
using SemanticKernel.Steering.TestModels;

namespace SemanticKernel.Steering.Benchmarks;

/// <summary>The models that are measured. Speed does not depend on the values of weights, so those of the large ones are random.</summary>
internal static unsafe class ServingModels
{
    private const int VocabularySize = 32_000;
    private const int MostlyQ4 = 2; // LLAMA_FTYPE_MOSTLY_Q4_0
    private const int FileTypeOffset = sizeof(int); // after nthread

    internal const string TinyChat = "tinychat";
    internal const string HalfBillion = "random-0.5b-f16";
    internal const string HalfBillionQ4 = "random-0.5b-q4_0";
    internal const string ThreeBillion = "random-3b-f16";

    internal static string[] Names { get; } = [TinyChat, HalfBillion, HalfBillionQ4, ThreeBillion];

    /// <summary>The file of a model, written or quantized on first use.</summary>
    internal static string PathOf(string name) => name switch
    {
        TinyChat => Samples.TinyChatConcept.ModelPath,
        HalfBillion => Large(),
        HalfBillionQ4 => Quantize(Large()),
        _ => Write(name, width: 3072, layers: 28, heads: 24, keyValueHeads: 8, feedForward: 8192),
    };

    internal static string Large() => Write("random-0.5b", width: 896, layers: 24, heads: 14, keyValueHeads: 2, feedForward: 4864);

    private static string Write(string name, int width, int layers, int heads, int keyValueHeads, int feedForward) => TestModelCache.Get(new RandomModelOptions
    {
        Architecture = ModelArchitecture.Llama, Width = width, Layers = layers, Heads = heads, KvHeads = keyValueHeads, FeedForward = feedForward, ContextLength = 4096,
        WeightType = GgufTensorType.F16, IsEndless = true, RepeatsWeights = true, Name = name,
        Vocabulary = TinyVocabulary.Bpe(
            TemplatePresets.ChatMl.Vocabulary.Specials, chatTemplate: TemplatePresets.ChatMl.Vocabulary.ChatTemplate, size: VocabularySize),
    });

    private static string Quantize(string path)
    {
        using var loaded = LlamaSteeringFitter.Open(new SteeredLlamaOptions { ModelPath = path, GpuLayers = 0 });
        var library = NativeLibrary.Load(loaded.Model.Library.Info.Path);
        var defaults = (delegate* unmanaged[Cdecl]<ParamsBuffer>)NativeLibrary.GetExport(library, "llama_model_quantize_default_params");
        var quantize = (delegate* unmanaged[Cdecl]<byte*, byte*, ParamsBuffer*, uint>)NativeLibrary.GetExport(library, "llama_model_quantize");
        var parameters = defaults();
        *(int*)((byte*)&parameters + FileTypeOffset) = MostlyQ4;
        var target = TestModelCache.NewPath(".gguf");
        var source = (byte*)Marshal.StringToCoTaskMemUTF8(path);
        var output = (byte*)Marshal.StringToCoTaskMemUTF8(target);
        var status = quantize(source, output, &parameters);
        Marshal.FreeCoTaskMem((nint)source);
        Marshal.FreeCoTaskMem((nint)output);
        return status == 0 ? target : throw new InvalidOperationException($"llama_model_quantize returned {status}.");
    }
}
