using SemanticKernel.Steering.Gguf;

namespace SemanticKernel.Steering.Tests;

public sealed class ControlVectorExportTests
{
    private static readonly Site First = new(1, HookPoint.BlockOutput);
    private static readonly Site Last = new(3, HookPoint.BlockOutput);
    private static readonly TransportMap Shift = new([1, 1, 1], [1, -2, 0.1f]);

    [Fact]
    public void Export_AdditiveMaps_WritesWhatLlamaCppExpects()
    {
        var bytes = Export(Set((First, Shift), (Last, new TransportMap([1, 1, 1], [0, 0, 4]))));
        var header = GgufHeader.Read(new MemoryStream(bytes), "exported");
        Assert.Equal(3, bytes[4]);
        Assert.Equal("controlvector", header.Metadata["general.architecture"]);
        Assert.Equal("llama", header.Metadata["controlvector.model_hint"]);
        Assert.Equal(2UL, header.Metadata["controlvector.layer_count"]);
        Assert.Equal(["direction.1", "direction.3"], header.Tensors.Select(tensor => tensor.Name));
        Assert.All(header.Tensors, tensor => Assert.Equal((0u, 3UL), (tensor.Type, Assert.Single(tensor.Dimensions))));
        Assert.Equal(header.DataStart + 64, (ulong)bytes.Length);
        Assert.Equal(bytes, Export(Set((First, Shift), (Last, new TransportMap([1, 1, 1], [0, 0, 4])))));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-2.5)]
    [InlineData(0.1)]
    public void Export_ThenImport_GivesTheMapsAtThatStrength(double strength)
    {
        var set = Set((First, Shift), (Last, new TransportMap([1, 1, 1], [0, 0, 4])));
        var import = ControlVector.Import(new MemoryStream(Export(set, strength)), new ControlVectorImportOptions { Concept = "tone", Model = Maps.Model(3) });
        Assert.Empty(import.Warnings);
        Assert.Equal(new ControlVectorSource("The control vector", ControlVectorWriter.SemanticKernelSteering, LayerConvention.SameBlock), Assert.Single(import.Sources));
        Assert.Equal(set.Operations.Keys, import.Maps.Operations.Keys);
        foreach (var (site, map) in set.Scale(strength).Maps)
        {
            Assert.Equal(map.Intercept.ToArray(), import.Maps.Maps[site].Intercept.ToArray());
        }
    }

    [Fact]
    public void Export_MapsThatDoNothing_AreLeftOut() => Assert.Equal(
        Export(Set((First, Shift))),
        Export(Set((First, Shift), (new Site(0, HookPoint.AttentionNorm), new TransportMap([1, 1, 1], [0, 0, 0])))));

    [Fact]
    public void Export_WhatAControlVectorCannotSay_IsRefusedWithTheReason()
    {
        AssertRefused("block 0", Set((new Site(0, HookPoint.BlockOutput), Shift)));
        AssertRefused("outputs of blocks", Set((new Site(1, HookPoint.FeedForwardOutput), Shift)));
        AssertRefused("slope of neuron 1 is 1.5", Set((First, new TransportMap([1, 1.5f, 1], [1, 1, 1]))));
        AssertRefused("support", Set((First, new TransportMap([1, 1, 1], [1, 1, 1], [-1, -1, -1], [1, 1, 1]))));
        AssertRefused("direction_ablation", Set((First, DirectionAblation.Along([1, 2, 3]))));
        AssertRefused("norm_preserving_shift", Set((First, new NormPreservingShift([1, 2, 3]))));
        AssertRefused("overflows", Set((First, Shift)), 1e39);
        var set = Set((First, Shift));
        AssertRefused("every token", new MapSet(set.Metadata with { Scope = SteeringScope.Generated }, set.Operations));
        AssertRefused("do nothing", Set((First, new TransportMap([1, 1, 1], [0, 0, 0]))));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(double.NaN)]
    [InlineData(double.NegativeInfinity)]
    public void Export_StrengthThatIsNone_Throws(double strength) => Assert.Throws<ArgumentOutOfRangeException>(() => Export(Set((First, Shift)), strength));

    [Fact]
    public void Export_ToAPath_WritesTheSameBytesAndNothingOnFailure()
    {
        var folder = Directory.CreateTempSubdirectory("steering-export-").FullName;
        try
        {
            var path = Path.Combine(folder, "x.gguf");
            Assert.Throws<ExchangeException>(() => ControlVector.Export(Set((new Site(0, HookPoint.BlockOutput), Shift)), path));
            Assert.Empty(Directory.GetFiles(folder));
            ControlVector.Export(Set((First, Shift)), path, 2);
            Assert.Equal(Export(Set((First, Shift)), 2), File.ReadAllBytes(path));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Import_ExportOfAnotherModel_IsRefused() => Assert.Throws<ExchangeException>(() => ControlVector.Import(
        new MemoryStream(Export(Set((First, Shift)))),
        new ControlVectorImportOptions { Concept = "tone", Model = Maps.Model(3) with { BaseHash = "other" } }));

    private static MapSet Set(params (Site Site, SiteMap Map)[] maps) =>
        new(Maps.Metadata("tone", 3), maps.Select(pair => KeyValuePair.Create(pair.Site, pair.Map)));

    private static byte[] Export(MapSet maps, double strength = 1)
    {
        using var stream = new MemoryStream();
        ControlVector.Export(maps, stream, strength);
        return stream.ToArray();
    }

    private static void AssertRefused(string reason, MapSet maps, double strength = 1) =>
        Assert.Contains(reason, Assert.Throws<ExchangeException>(() => Export(maps, strength)).Message, StringComparison.Ordinal);
}
