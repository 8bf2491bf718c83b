namespace SemanticKernel.Steering.LlamaCpp.Interop;

/// <summary>The values of <c>enum ggml_type</c> this library uses.</summary>
internal static class GgmlType
{
    internal const int F32 = 0;
    internal const int I32 = 26;
}
