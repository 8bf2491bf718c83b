using System.Diagnostics;
using System.Runtime.InteropServices;

namespace SemanticKernel.Steering.Benchmarks;

/// <summary>What the process holds at a moment at which nothing is under way.</summary>
/// <param name="Managed">Bytes of live managed objects.</param>
/// <param name="Native">Bytes the C library has given out and not got back; elsewhere than on glibc, the working set.</param>
/// <param name="Handles">Open handles.</param>
/// <param name="Threads">Threads.</param>
internal readonly partial record struct MemoryUse(long Managed, long Native, int Handles, int Threads)
{
    internal static MemoryUse Now()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        using var process = Process.GetCurrentProcess();
        return new MemoryUse(GC.GetTotalMemory(forceFullCollection: true), InUse() ?? process.WorkingSet64, process.HandleCount, process.Threads.Count);
    }

    private static long? InUse()
    {
        try
        {
            var info = mallinfo2();
            return (long)(info.InUse + info.Mapped);
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException)
        {
            return null;
        }
    }

    [LibraryImport("libc")]
    private static partial Allocations mallinfo2();

    /// <summary><c>struct mallinfo2</c> of glibc.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Allocations
    {
        private nuint _arena;
        private nuint _freeChunks;
        private nuint _fastChunks;
        private nuint _maps;
        internal nuint Mapped;
        private nuint _highest;
        private nuint _fastBytes;
        internal nuint InUse;
        private nuint _free;
        private nuint _releasable;
    }
}
