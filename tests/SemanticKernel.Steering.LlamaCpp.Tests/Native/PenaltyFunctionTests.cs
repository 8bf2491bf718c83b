using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging.Abstractions;
using SemanticKernel.Steering.LlamaCpp.Interop;
using SemanticKernel.Steering.LlamaCpp.Native;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Native;

public unsafe class PenaltyFunctionTests
{
    private static readonly delegate* unmanaged[Cdecl]<int, int, float, float, float, nint> Real = Find();

    [Fact]
    public void Recognise_LoadedFunction_PenalisesAsAsked() => AssertPenalises(PenaltyFunction.Recognise((nint)Real));

    [Fact]
    public void Recognise_FunctionWithoutVocabularySize_PenalisesAsAsked() =>
        AssertPenalises(PenaltyFunction.Recognise((nint)(delegate* unmanaged[Cdecl]<int, float, float, float, nint>)&Older));

    [Fact]
    public void Recognise_UnknownFunction_IsNull() =>
        Assert.Null(PenaltyFunction.Recognise((nint)(delegate* unmanaged[Cdecl]<float, int, int, nint>)&Unknown));

    private static void AssertPenalises(PenaltyFunction? function)
    {
        Assert.NotNull(function);
        var sampler = function.Create(vocabularySize: 2, window: 3, repeat: 1, frequency: 0.25f, presence: 1);
        var tokens = stackalloc LlamaTokenData[2] { new() { Id = 0, Logit = 8 }, new() { Id = 1, Logit = 8 } };
        var candidates = new LlamaTokenDataArray { Data = tokens, Size = 2, Selected = -1 };
        foreach (var token in new[] { 0, 0, 1, 1 })
        {
            LlamaNative.llama_sampler_accept(sampler, token);
        }

        LlamaNative.llama_sampler_apply(sampler, &candidates);
        LlamaNative.llama_sampler_free(sampler);
        Assert.Equal((6.75f, 6.5f), (tokens[0].Logit, tokens[1].Logit));
    }

    private static delegate* unmanaged[Cdecl]<int, int, float, float, float, nint> Find()
    {
        var library = LlamaLibrary.Load(null, NullLogger.Instance);
        return (delegate* unmanaged[Cdecl]<int, int, float, float, float, nint>)NativeLibrary.GetExport(NativeLibrary.Load(library.Info.Path), PenaltyFunction.Export);
    }

    /// <summary>As in builds before b10361.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Older(int window, float repeat, float frequency, float presence) => Real(2, window, repeat, frequency, presence);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Unknown(float first, int second, int third) => Real(2, 0, first, second, third);
}
