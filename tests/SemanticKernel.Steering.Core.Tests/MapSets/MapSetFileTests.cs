using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;

namespace SemanticKernel.Steering.Tests;

public sealed class MapSetFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("steering-maps-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Load_SavedSet_RestoresEverything()
    {
        var saved = Full();
        var path = Path.Combine(_folder, "tone.safetensors");
        saved.Save(path);
        var loaded = MapSet.Load(path);
        Assert.Equal(saved.Metadata, loaded.Metadata);
        Assert.Equal(saved.ContentHash, loaded.ContentHash);
        Assert.Equal(saved.Maps.Keys, loaded.Maps.Keys);
        foreach (var (site, map) in saved.Maps)
        {
            Assert.Equal(map.Slope.ToArray(), loaded.Maps[site].Slope.ToArray());
            Assert.Equal(map.Intercept.ToArray(), loaded.Maps[site].Intercept.ToArray());
            Assert.Equal(map.SupportLow.ToArray(), loaded.Maps[site].SupportLow.ToArray());
            Assert.Equal(map.SupportHigh.ToArray(), loaded.Maps[site].SupportHigh.ToArray());
            Assert.Equal(map.IsUnbounded, loaded.Maps[site].IsUnbounded);
        }
    }

    [Fact]
    public void Save_LoadedSet_WritesTheSameBytes()
    {
        var first = Full().Bytes();
        Assert.Equal(first, Maps.Load(first).Bytes());
        Assert.Equal(first, Full().Bytes());
        Assert.Equal(Convert.ToHexString(SHA256.HashData(first)).ToLowerInvariant(), Maps.Load(first).ContentHash);
    }

    [Fact]
    public void Load_MinimalMetadata_LeavesTheRestOpen()
    {
        var loaded = Maps.Load(Maps.Of("tone", [2], [0]).Bytes());
        Assert.Null(loaded.Metadata.Estimator);
        Assert.Null(loaded.Metadata.RecommendedStrength);
        Assert.Equal(SteeringScope.All, loaded.Metadata.Scope);
    }

    [Fact]
    public void Save_ExistingFile_ReplacesItAndLeavesNothingBeside()
    {
        var path = Path.Combine(_folder, "tone.safetensors");
        File.WriteAllText(path, "old");
        Full().Save(path);
        Assert.Equal(Full().Bytes(), File.ReadAllBytes(path));
        Assert.Single(Directory.GetFiles(_folder));
    }

    [Fact]
    public void Save_ImpossiblePath_LeavesNothingBeside()
    {
        var path = Path.Combine(_folder, "taken");
        Directory.CreateDirectory(path);
        Assert.ThrowsAny<Exception>(() => Full().Save(path));
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public void Save_Header_IsPlainSafetensors()
    {
        var bytes = Full().Bytes();
        var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        Assert.Equal(0, length % 8);
        using var header = JsonDocument.Parse(bytes.AsMemory(8, length));
        var metadata = header.RootElement.GetProperty("__metadata__");
        Assert.Equal("steering.map-set", metadata.GetProperty("format").GetString());
        Assert.Equal("1", metadata.GetProperty("format_version").GetString());
        Assert.Equal("linear", metadata.GetProperty("estimator").GetString());
        Assert.Equal("safe", metadata.GetProperty("fit_mode").GetString());
        Assert.Equal("causal", metadata.GetProperty("fit_order").GetString());
        Assert.Equal("source_only", metadata.GetProperty("causal_sides").GetString());
        Assert.Equal("without_bos", metadata.GetProperty("tokens").GetString());
        Assert.Equal("from_last_user_turn", metadata.GetProperty("scope").GetString());
        Assert.Equal("1.25", metadata.GetProperty("strength_default").GetString());
        Assert.Equal("2026-01-02T03:04:05Z", metadata.GetProperty("created").GetString());
        var tensor = header.RootElement.GetProperty("blk.0.attention_output.slope");
        Assert.Equal("F32", tensor.GetProperty("dtype").GetString());
        Assert.Equal(3, tensor.GetProperty("shape")[0].GetInt32());
        Assert.False(header.RootElement.TryGetProperty("blk.0.attention_output.support_low", out _));
        Assert.True(header.RootElement.TryGetProperty("blk.3.block_output.support_high", out _));
    }

    [Fact]
    public void Load_MissingFile_SaysSo() =>
        Assert.Throws<FileNotFoundException>(() => MapSet.Load(Path.Combine(_folder, "none")));

    [Fact]
    public void Load_BadFile_NamesThePath()
    {
        var path = Path.Combine(_folder, "bad.safetensors");
        File.WriteAllText(path, "nonsense, and rather long");
        Assert.Contains(path, Assert.Throws<MapSetFormatException>(() => MapSet.Load(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_StreamWithoutLength_ReadsItToTheEnd()
    {
        // Larger than the first guess at its size, in pieces.
        var set = Maps.Of("tone", Enumerable.Repeat(2f, 40_000).ToArray(), new float[40_000]);
        using var stream = new TrickleStream(set.Bytes());
        Assert.Equal(set.ContentHash, MapSet.Load(stream).ContentHash);
    }

    [Fact]
    public void Load_HeaderOfAnyLength_ReadsTheSameValues()
    {
        // Values that start between multiples of four bytes cannot be read in place everywhere.
        for (var blanks = 0; blanks < 8; blanks++)
        {
            var map = Maps.Load(TensorFileBuilder.Build(TensorFileBuilder.Header + new string(' ', blanks))).Maps[Maps.Site];
            Assert.Equal([2f, 3f], map.Slope.ToArray());
            Assert.Equal([0f, 1f], map.Intercept.ToArray());
            Assert.Equal([-1f, -1f], map.SupportLow.ToArray());
            Assert.Equal([1f, 1f], map.SupportHigh.ToArray());
        }
    }

    [Fact]
    public void Load_MoreBytesThanAllowed_Refuses()
    {
        var bytes = Full().Bytes();
        Assert.Equal(bytes, MapSet.Load(new MemoryStream(bytes), bytes.Length).Bytes());
        Assert.Throws<MapSetFormatException>(() => MapSet.Load(new MemoryStream(bytes), bytes.Length - 1));
        Assert.Throws<MapSetFormatException>(() => MapSet.Load(new TrickleStream(bytes), bytes.Length - 1));
        Assert.Throws<MapSetFormatException>(() => MapSet.Load(new LyingStream(long.MaxValue)));
    }

    private static MapSet Full() => new(
        Maps.Metadata("tone", 3) with
        {
            Scope = SteeringScope.FromLastUserTurn,
            RecommendedStrength = 1.25,
            ChatTemplateSha256 = "0123",
            Estimator = TransportEstimator.Linear,
            Mode = FitMode.Safe,
            Order = FitOrder.Causal,
            CausalSides = CausalSides.SourceOnly,
            Pooling = Pooling.Mean,
            Tokens = TokenSelection.WithoutBos,
            SourceCount = 256,
            TargetCount = 255,
            DataSha256 = "4567",
            Created = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
            Tool = "tests \"quoted\" é",
        },
        new Dictionary<Site, TransportMap>
        {
            [new Site(3, HookPoint.BlockOutput)] = new([0.1f, 2, -0f], [1, -1, 1e-30f], [-1, -2, 0], [1, -2, 5]),
            [new Site(0, HookPoint.AttentionOutput)] = new([1, 1, 1], [0, 0, 0.5f]),
        });
}
