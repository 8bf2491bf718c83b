namespace SemanticKernel.Steering.Benchmarks;

/// <summary>What came of a soak.</summary>
/// <param name="Answered">Requests that came to their end.</param>
/// <param name="Cancelled">Requests that were cancelled.</param>
/// <param name="Abandoned">Streams that were not read to their end.</param>
/// <param name="Faulted">Requests whose steering overflowed, as it was meant to.</param>
/// <param name="Closed">Requests whose engine was closed under them.</param>
/// <param name="Engines">Engines that were opened and closed.</param>
/// <param name="Unexpected">Anything else that happened to a request.</param>
/// <param name="HandleGrowth">Handles open at the end beyond those after the first engine.</param>
/// <param name="MemoryGrowth">Managed bytes in use at the end beyond those after the first engine.</param>
internal sealed record SoakSummary(
    int Answered, int Cancelled, int Abandoned, int Faulted, int Closed, int Engines, IReadOnlyList<string> Unexpected, int HandleGrowth, long MemoryGrowth)
{
    internal int Requests => Answered + Cancelled + Abandoned + Faulted + Closed + Unexpected.Count;

    public override string ToString() =>
        $"{Requests} requests on {Engines} engines: {Answered} answered, {Cancelled} cancelled, {Abandoned} abandoned, {Faulted} faults, " +
        $"{Closed} closed, {Unexpected.Count} unexpected; {HandleGrowth:+0;-0;0} handles, {MemoryGrowth / 1024.0:+0;-0;0} KiB managed memory"
        + string.Concat(Unexpected.Distinct().Take(5).Select(text => Environment.NewLine + text));
}
