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

    internal static string Large() => TestModelCache.Get(new RandomModelOptions
    {
        Architecture = ModelArchitecture.Llama, Width = 896, Layers = 24, Heads = 14, KvHeads = 2, FeedForward = 4864, ContextLength = 4096,
        WeightType = GgufTensorType.F16, IsEndless = true, Name = "random-0.5b",
        Vocabulary = TinyVocabulary.Bpe(
            TemplatePresets.ChatMl.Vocabulary.Specials, chatTemplate: TemplatePresets.ChatMl.Vocabulary.ChatTemplate, size: VocabularySize),
    });

    /// <summary>Quantizes a model with llama.cpp, which must be loaded.</summary>
    internal static string Quantize(SteeredLlamaEngine engine, string path)
    {
        var library = NativeLibrary.Load(engine.Model.Library.Info.Path);
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
