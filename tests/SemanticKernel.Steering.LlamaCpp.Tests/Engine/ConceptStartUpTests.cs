using SemanticKernel.Steering.TestModels;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Engine;

/// <summary>Maps and templates that do not fit stop the engine from opening.</summary>
public class ConceptStartUpTests
{
    private static readonly string Model = TestModelCache.Get(ModelArchitecture.Llama);

    [Fact]
    public void Open_MapOfAnotherModel_IsRefused()
    {
        var error = Assert.Throws<MapSetMismatchException>(() => TestEngine.Open(Model, TestMaps.Shift(TinyChat.ModelPath, "c", 1f)));

        Assert.Contains("'c'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_MapOfAnotherQuantization_IsRefusedUnlessAllowed()
    {
        var half = TestModelCache.Get(new RandomModelOptions { WeightType = GgufTensorType.F16 });
        var options = TestEngine.Options(Model, TestMaps.Shift(half, "c", 1f));

        Assert.Throws<MapSetMismatchException>(() => TestEngine.Open(options));

        options.AllowOtherQuantization = true;
        TestEngine.Open(options).Dispose();
    }

    [Fact]
    public void Open_MapOfAnotherTemplate_IsRefusedUnlessAllowed()
    {
        var maps = TestMaps.Shift(Model, "c", 1f);
        var other = new MapSet(maps.Metadata with { ChatTemplateSha256 = new string('a', 64) }, maps.Maps);
        var options = TestEngine.Options(Model, other);

        Assert.Throws<MapSetMismatchException>(() => TestEngine.Open(options));

        options.AllowOtherChatTemplate = true;
        TestEngine.Open(options).Dispose();
    }

    [Fact]
    public void Open_DamagedMissingOrForeignMapFile_IsRefusedByPath()
    {
        var sound = TestModelCache.NewPath(".safetensors");
        TestMaps.Shift(Model, "c", 1f).Save(sound);
        TestEngine.Open(WithFile("c", sound)).Dispose();
        var damaged = TestModelCache.NewPath(".safetensors");
        DamagedFile.Truncate(sound, damaged, new FileInfo(sound).Length - 10);

        Assert.Contains(damaged, Assert.Throws<MapSetFormatException>(() => TestEngine.Open(WithFile("c", damaged))).Message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => TestEngine.Open(WithFile("c", damaged + ".missing")));
        Assert.Throws<SteeringPolicyException>(() => TestEngine.Open(WithFile("another", sound)));
        Assert.Throws<MapSetFormatException>(() => TestEngine.Open(WithFile("c", Model)));
    }

    [Fact]
    public void Open_MapThatDoesNothing_IsRefused() =>
        Assert.Throws<SteeringPolicyException>(() => TestEngine.Open(Model, TestMaps.Affine(Model, "c", 1, 0)));

    [Fact]
    public void Open_SameConceptTwice_IsRefused() =>
        Assert.Throws<SteeringPolicyException>(() => TestEngine.Open(Model, TestMaps.Shift(Model, "c", 1f), TestMaps.Shift(Model, "c", 2f)));

    [Fact]
    public void Open_MapOnASiteTheModelLacks_IsRefused()
    {
        var maps = TestMaps.Shift(Model, "c", 1f, SteeringScope.All, new Site(1, HookPoint.BlockOutput), new Site(1, HookPoint.AttentionPostNorm));

        var error = Assert.Throws<SteeringException>(() => TestEngine.Open(Model, maps));

        Assert.Contains("blk.1.attention_post_norm", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_UnknownTemplateByName_NamesItAndTheOption()
    {
        var options = TestEngine.Options(Model);
        options.ChatTemplate = "no-such-template";

        var error = Assert.Throws<ChatTemplateException>(() => TestEngine.Open(options));

        Assert.Contains("ChatTemplate", error.Message, StringComparison.Ordinal);
        Assert.Contains("no-such-template", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "ChatTemplate")]
    [InlineData("{{ 'strange: ' + messages[0].content }}", "strange")]
    public async Task Open_NoUsableTemplateInTheModel_ChatFailsAndRawTextWorks(string? template, string expected)
    {
        var specials = TemplatePresets.ChatMl.Specials;
        var path = TestModelCache.Get(new RandomModelOptions { Vocabulary = TinyVocabulary.Bpe(specials, "gpt-2", template) });
        using var engine = TestEngine.Open(path);

        var error = await Assert.ThrowsAsync<ChatTemplateException>(() => engine.AskAsync("Hello"));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains("ChatTemplate", error.Message, StringComparison.Ordinal);
        var token = TestContext.Current.CancellationToken;
        Assert.NotEmpty(await new SteeredLlamaTextGenerator(engine).GenerateAsync("Hello", TestEngine.Greedy(), token).ToListAsync(token));
    }

    [Fact]
    public void Open_Concepts_AreListedInOrder()
    {
        using var engine = TestEngine.Open(Model, TestMaps.Shift(Model, "b", 1f), TestMaps.Shift(Model, "a", 1f));

        Assert.Equal(["b", "a"], engine.Concepts.Select(concept => concept.Name));
        Assert.All(engine.Concepts, concept => Assert.Equal(64, concept.ContentHash.Length));
    }

    private static SteeredLlamaOptions WithFile(string concept, string path) => TestEngine.Options(Model).AddConcept(concept, path);
}
