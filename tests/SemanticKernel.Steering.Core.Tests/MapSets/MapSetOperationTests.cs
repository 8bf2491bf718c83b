using System.Text;

namespace SemanticKernel.Steering.Tests;

public sealed class MapSetOperationTests
{
    private static readonly MapSet Ablating = DirectionAblationTests.Set("tone", new DirectionAblation([0.6f, 0.8f]));
    private static readonly MapSet Turning = DirectionAblationTests.Set("tone", new NormPreservingShift([0.5f, -2]));

    [Fact]
    public void Load_SavedOperations_RestoresThem()
    {
        var ablation = Assert.IsType<DirectionAblation>(Maps.Load(Ablating.Bytes()).Operations[Maps.Site]);
        Assert.Equal([0.6f, 0.8f], ablation.Direction.ToArray());
        var shift = Assert.IsType<NormPreservingShift>(Maps.Load(Turning.Bytes()).Operations[Maps.Site]);
        Assert.Equal([0.5f, -2f], shift.Shift.ToArray());
        Assert.Empty(Ablating.Maps);
        Assert.Equal(Ablating.ContentHash, Maps.Load(Ablating.Bytes()).ContentHash);
    }

    [Fact]
    public void Save_Operations_NamesThemPerSite()
    {
        Assert.Contains("\"operation.blk.1.block_output\":\"direction_ablation\"", Text(Ablating), StringComparison.Ordinal);
        Assert.Contains("\"blk.1.block_output.direction\"", Text(Ablating), StringComparison.Ordinal);
        Assert.Contains("\"operation.blk.1.block_output\":\"norm_preserving_shift\"", Text(Turning), StringComparison.Ordinal);
        Assert.DoesNotContain("operation.", Text(Maps.Of("tone", [2, 3], [0, 1])), StringComparison.Ordinal);
    }

    [Fact]
    public void Ctor_AffineAndOtherMaps_KeepsBoth()
    {
        var other = new Site(2, HookPoint.BlockOutput);
        var set = new MapSet(
            Maps.Metadata("tone", 2),
            [KeyValuePair.Create<Site, SiteMap>(other, new TransportMap([2, 2], [0, 0])), KeyValuePair.Create(Maps.Site, Ablating.Operations[Maps.Site])]);
        Assert.Equal([Maps.Site, other], set.Operations.Keys);
        Assert.Equal([other], set.Maps.Keys);
        Assert.Equal(set.ContentHash, Maps.Load(set.Bytes()).ContentHash);
    }

    [Fact]
    public void Load_DirectionThatIsNone_Refuses()
    {
        AssertRefused(Ablating, "direction_ablation", "direction_removal!");
        AssertRefused(Ablating, "direction_ablation", "affine            ");
        AssertRefused(Ablating, "\"operation.blk.1.block_output\":\"direction_ablation\"", "\"note.blk.1.block_output\":\"direction_ablation\"    ");
        AssertRefused(Ablating, "block_output.direction", "block_output.slope    ");
        AssertRefused(Ablating, "block_output.direction", "block_output.shift    ");
        AssertRefused(Turning, "norm_preserving_shift", "direction_ablation   ");
        var bytes = Ablating.Bytes();
        BitConverter.TryWriteBytes(bytes.AsSpan(bytes.Length - 4), 0.9f);
        Assert.Contains("length 1", Assert.Throws<MapSetFormatException>(() => Maps.Load(bytes)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_DirectionOfZeros_Refuses()
    {
        var bytes = Ablating.Bytes();
        bytes.AsSpan(bytes.Length - 8).Clear();
        Assert.Contains("do nothing", Assert.Throws<MapSetFormatException>(() => Maps.Load(bytes)).Message, StringComparison.Ordinal);
    }

    private static string Text(MapSet set) => Encoding.Latin1.GetString(set.Bytes());

    // Replaces in the header, whose length must stay; values follow the header's padding and hold no such text.
    private static void AssertRefused(MapSet set, string find, string replace)
    {
        var text = Text(set);
        Assert.Contains(find, text, StringComparison.Ordinal);
        var closed = replace.Contains('"', StringComparison.Ordinal) ? replace : replace.TrimEnd();
        var edited = text.Replace(find, closed, StringComparison.Ordinal);
        var bytes = Encoding.Latin1.GetBytes(edited);
        BitConverter.TryWriteBytes(bytes, BitConverter.ToUInt64(bytes) - (ulong)(text.Length - edited.Length));
        Assert.Throws<MapSetFormatException>(() => Maps.Load(bytes));
    }
}
