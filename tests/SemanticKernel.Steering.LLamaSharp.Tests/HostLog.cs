using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using LLama.Native;

namespace SemanticKernel.Steering.LLamaSharp.Tests;

/// <summary>The application's own log sink, set before anything else, as LLamaSharp demands.</summary>
internal static class HostLog
{
    private static readonly ConcurrentQueue<string> Heard = new();

    internal static IReadOnlyCollection<string> Lines => Heard;

#pragma warning disable CA2255 // The process has one sink, and it must be there before whichever test comes first.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Install() => NativeLibraryConfig.All.WithLogCallback((_, line) => Heard.Enqueue(line));
}
