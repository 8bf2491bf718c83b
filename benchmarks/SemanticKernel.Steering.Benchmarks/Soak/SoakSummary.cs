using System.Globalization;

namespace SemanticKernel.Steering.Benchmarks;

/// <summary>What came of a soak.</summary>
/// <param name="Answered">Requests that came to their end.</param>
/// <param name="Cancelled">Requests that were cancelled.</param>
/// <param name="Abandoned">Streams that were not read to their end.</param>
/// <param name="Faulted">Requests whose steering overflowed, as it was meant to.</param>
/// <param name="Closed">Requests whose engine was closed under them.</param>
/// <param name="Restored">Conversations that were saved and restored.</param>
/// <param name="Engines">Engines that were opened and closed.</param>
/// <param name="Unexpected">Anything else that happened to a request.</param>
/// <param name="Before">What the process held after a warm-up, all engines closed.</param>
/// <param name="After">What it held at the end.</param>
internal sealed record SoakSummary(
    int Answered, int Cancelled, int Abandoned, int Faulted, int Closed, int Restored, int Engines, IReadOnlyList<string> Unexpected, MemoryUse Before, MemoryUse After)
{
    internal int Requests => Answered + Cancelled + Abandoned + Faulted + Closed + Unexpected.Count;

    internal int HandleGrowth => After.Handles - Before.Handles;

    internal int ThreadGrowth => After.Threads - Before.Threads;

    internal double ManagedGrowth => Growth(Before.Managed, After.Managed);

    internal double NativeGrowth => Growth(Before.Native, After.Native);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Requests} requests on {Engines} engines: {Answered} answered, {Cancelled} cancelled, {Abandoned} abandoned, {Faulted} faults, {Closed} closed, " +
        $"{Restored} conversations restored, {Unexpected.Count} unexpected; " +
        $"since the warm-up: managed memory {Describe(Before.Managed, After.Managed)}, native memory {Describe(Before.Native, After.Native)}, " +
        $"{HandleGrowth:+0;-0;0} handles, {ThreadGrowth:+0;-0;0} threads") +
        string.Concat(Unexpected.Distinct().Take(5).Select(text => Environment.NewLine + text));

    private static double Growth(long before, long after) => (after / (double)before) - 1;

    private static string Describe(long before, long after) => string.Create(
        CultureInfo.InvariantCulture, $"{before / 1048576.0:F2} → {after / 1048576.0:F2} MiB ({Growth(before, after):+0.00%;-0.00%;0.00%})");
}
