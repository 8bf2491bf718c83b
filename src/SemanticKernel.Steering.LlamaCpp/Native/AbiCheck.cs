using System.Runtime.InteropServices;
using SemanticKernel.Steering.LlamaCpp.Interop;

namespace SemanticKernel.Steering.LlamaCpp.Native;

/// <summary>
/// Compares the default parameter structs of a loaded library with what this library was written for. Works on raw
/// exports, so that a refused library leaves no import bound to it.
/// </summary>
internal static unsafe class AbiCheck
{
    internal const string SupportedVersions = "b10361, v0.4.x and v0.5.x";

    /// <summary>Returns null when the layouts fit, else what does not.</summary>
    internal static string? FindMismatch(nint llama)
    {
        if (!NativeLibrary.TryGetExport(llama, nameof(LlamaNative.llama_context_default_params), out var contextDefaults) ||
            !NativeLibrary.TryGetExport(llama, nameof(LlamaNative.llama_model_default_params), out var modelDefaults))
        {
            return "it exports no llama_context_default_params or llama_model_default_params, so it is not libllama";
        }

        var context = ((delegate* unmanaged[Cdecl]<ParamsBuffer>)contextDefaults)();
        var model = ((delegate* unmanaged[Cdecl]<ParamsBuffer>)modelDefaults)();
        return FindMismatch(ref context, ref model);
    }

    internal static string? FindMismatch(ref ParamsBuffer contextDefaults, ref ParamsBuffer modelDefaults)
    {
        ref var context = ref ParamsBuffer.As<LlamaContextParams>(ref contextDefaults);
        var contextFits = context is
        {
            ContextSize: 512, BatchSize: 2048, MicroBatchSize: 512, MaxSequences: 1, FlashAttention: -1,
            YarnExtFactor: -1f, YarnAttnFactor: -1f, YarnBetaFast: -1f, YarnBetaSlow: -1f, UnifiedKv: <= 1, KeyType: 1, ValueType: 1,
        } && context.EvalCallback is null && context.AbortCallback is null;
        if (!contextFits)
        {
            return $"its llama_context_params has another layout than the supported versions ({SupportedVersions})";
        }

        return ModelParamsLayout.Of(ref modelDefaults) is not null ? null : $"its llama_model_params has another layout than the supported versions ({SupportedVersions})";
    }

    /// <summary>The version a library reports, or null for builds older than v0.4.0.</summary>
    internal static string? ReadVersion(nint llama) => NativeLibrary.TryGetExport(llama, "llama_version", out var version)
        ? Utf8.Read(((delegate* unmanaged[Cdecl]<byte*>)version)())
        : null;
}
