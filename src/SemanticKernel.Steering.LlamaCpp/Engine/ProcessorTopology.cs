using System.Globalization;

namespace SemanticKernel.Steering.LlamaCpp.Engine;

/// <summary>Counts cores. llama.cpp gains nothing from the second thread of a core.</summary>
internal static class ProcessorTopology
{
    private const string LinuxProcessors = "/sys/devices/system/cpu";

    // Threads meet after every node of the graph; below this many weights each they wait longer than they compute.
    private const long ParametersPerThread = 20_000_000;

    /// <summary>Physical cores this process may use; where they cannot be told, all processors.</summary>
    internal static int PhysicalCores { get; } = Math.Clamp(CountOnLinux() ?? Environment.ProcessorCount, 1, Environment.ProcessorCount);

    /// <summary>The number of threads to use for a model unless the options say otherwise.</summary>
    internal static int ThreadsFor(long parameters) => (int)Math.Clamp(parameters / ParametersPerThread, 1, PhysicalCores);

    private static int? CountOnLinux()
    {
        try
        {
            var cores = Enumerable.Range(0, int.MaxValue)
                .Select(cpu => string.Create(CultureInfo.InvariantCulture, $"{LinuxProcessors}/cpu{cpu}/topology/thread_siblings"))
                .TakeWhile(File.Exists)
                .Select(File.ReadAllText)
                .Distinct()
                .Count();
            return cores > 0 ? cores : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
