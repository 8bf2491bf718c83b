using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging.Abstractions;
using SemanticKernel.Steering.LlamaCpp.Native;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Native;

/// <summary>Finds a llama.cpp that is loaded already; here it is the one of the tests.</summary>
[Collection(LlamaLibraryTests.Collection)]
public sealed class HostedLlamaTests : IDisposable
{
    private readonly LlamaLibrary _library = LlamaLibrary.Load(null, NullLogger.Instance);
    private readonly NativeFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void List_Modules_HoldTheirOwnFunctions()
    {
        var modules = LoadedModules.List();
        var handle = NativeLibrary.Load(_library.Info.Path);

        Assert.Equal(_library.Info.Path, modules.Holding(NativeLibrary.GetExport(handle, "llama_decode"))?.Path);
        Assert.NotEqual(_library.Info.Path, modules.Holding(NativeLibrary.GetExport(handle, "malloc"))?.Path);
        Assert.Null(modules.Holding(1));
    }

    [Fact]
    public void Adopt_WhatIsBoundAlready_IsTheSameLibrary() => Assert.Same(_library, LlamaLibrary.Adopt("A test", NullLogger.Instance));

    [Fact]
    public void Find_LoadedModules_AreThoseOfTheLoadedLibrary()
    {
        var found = HostedLlama.Find("A test");

        Assert.Equal(_library.Info.Path, found.Path);
        Assert.True(found.AreSameAs(HostedLlama.Find("A test")));
        Assert.False(found.AreSameAs(found with { GgmlBase = found.Ggml }));
    }

    [Fact]
    public void Find_TwoLibggmlBases_TakesTheOneThatLibllamaCalls()
    {
        var expected = HostedLlama.Find("A test");
        var terminateHandler = TerminateHandler.Current;
        var copy = NativeLibrary.Load(NativeLibraryNames.FindGgmlBase(Path.GetDirectoryName(_folder.Add("copy"))!)!);
        try
        {
            Assert.Equal(2, LoadedModules.List().Where(NativeLibraryNames.IsGgmlBase).Count());
            Assert.True(expected.AreSameAs(HostedLlama.Find("A test")));
        }
        finally
        {
            TerminateHandler.Restore(terminateHandler);
            NativeLibrary.Free(copy);
        }
    }

    [Fact]
    public void Adopt_AfterEnginesWithoutTheHost_NamesBothLibraries()
    {
        var copy = _folder.Add("copy");
        var handle = NativeLibrary.Load(copy);
        try
        {
            var error = Assert.Throws<NativeLibraryException>(() => LlamaLibrary.Adopt("A test", NullLogger.Instance));

            Assert.Contains($"A test has loaded llama.cpp from {copy}, but engines without it have loaded {_library.Info.Path}", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            NativeLibrary.Free(handle);
        }
    }

    [Fact]
    public void Find_TwoLibllamas_SaysThatItCannotTell()
    {
        var copy = _folder.Add("copy");
        var handle = NativeLibrary.Load(copy);
        try
        {
            var error = Assert.Throws<NativeLibraryException>(() => HostedLlama.Find("A test"));

            Assert.Contains(copy, error.Message, StringComparison.Ordinal);
            Assert.Contains(_library.Info.Path, error.Message, StringComparison.Ordinal);
        }
        finally
        {
            NativeLibrary.Free(handle);
        }
    }
}
