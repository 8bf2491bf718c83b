using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging.Abstractions;
using SemanticKernel.Steering.LlamaCpp.Interop;
using SemanticKernel.Steering.LlamaCpp.Native;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Native;

public class AbiCheckTests
{
    public AbiCheckTests() => LlamaLibrary.Load(null, NullLogger.Instance);

    // Every field the check reads, by offset: a build that inserts a field moves all behind it.
    public static TheoryData<int> ContextOffsets => [0, 4, 8, 12, 52, 64, 68, 72, 76, 88, 104, 108, 112, 133];

    public static TheoryData<int> ModelOffsets => [16, 20, 24, 28, 48, 72, 74, 76];

    [Fact]
    public void FindMismatch_LoadedLibrary_Fits()
    {
        var context = LlamaNative.llama_context_default_params();
        var model = LlamaNative.llama_model_default_params();

        Assert.Null(AbiCheck.FindMismatch(ref context, ref model));
        Assert.Null(AbiCheck.FindMismatch(NativeLibrary.Load(LlamaLibrary.Load(null, NullLogger.Instance).Info.Path)));
    }

    [Theory]
    [MemberData(nameof(ContextOffsets))]
    public void FindMismatch_AlteredContextDefaults_NamesStructAndVersions(int offset)
    {
        var context = LlamaNative.llama_context_default_params();
        var model = LlamaNative.llama_model_default_params();
        Bytes(ref context)[offset] ^= 0x42;

        var mismatch = AbiCheck.FindMismatch(ref context, ref model);

        Assert.Contains("llama_context_params", mismatch, StringComparison.Ordinal);
        Assert.Contains(AbiCheck.SupportedVersions, mismatch, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(ModelOffsets))]
    public void FindMismatch_AlteredModelDefaults_NamesStructAndVersions(int offset)
    {
        var context = LlamaNative.llama_context_default_params();
        var model = LlamaNative.llama_model_default_params();
        Bytes(ref model)[offset] ^= 0x42;

        var mismatch = AbiCheck.FindMismatch(ref context, ref model);

        Assert.Contains("llama_model_params", mismatch, StringComparison.Ordinal);
        Assert.Contains(AbiCheck.SupportedVersions, mismatch, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(20)]
    public void FindMismatch_FieldInsertedOrMissing_IsSeen(int at)
    {
        var model = LlamaNative.llama_model_default_params();
        var grown = LlamaNative.llama_context_default_params();
        var shrunk = grown;
        var bytes = Bytes(ref grown);
        bytes[at..200].CopyTo(bytes[(at + 4)..]);
        bytes = Bytes(ref shrunk);
        bytes[(at + 4)..200].CopyTo(bytes[at..]);

        Assert.NotNull(AbiCheck.FindMismatch(ref grown, ref model));
        Assert.NotNull(AbiCheck.FindMismatch(ref shrunk, ref model));
    }

    [Fact]
    public void FindMismatch_LibraryWithoutTheFunctions_SaysThatItIsNotLibllama()
    {
        var ggml = NativeLibrary.Load(NativeLibraryNames.FindGgmlBase(NativeFolder.Real)!);

        Assert.Contains("not libllama", AbiCheck.FindMismatch(ggml), StringComparison.Ordinal);
    }

    private static Span<byte> Bytes(ref ParamsBuffer buffer) => MemoryMarshal.AsBytes(new Span<ParamsBuffer>(ref buffer));
}
