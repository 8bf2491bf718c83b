namespace SemanticKernel.Steering.Tests;

public sealed class ConceptDataTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("steering-data-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void LoadJsonLines_DialoguesAndTexts_ReadsBoth()
    {
        var source = Write("a.jsonl", "\uFEFF{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"},{\"role\":\"assistant\",\"content\":\"\"}],\"id\":7}\r\n\n{\"text\":\"raw é\"}");
        var target = Write("b.txt", "one\r\n\r\ntwo\n");
        var data = ConceptData.LoadJsonLines("tone", source, target);
        Assert.Equal("tone", data.Concept);
        Assert.Equal([new DialogueMessage("user", "Hi"), new DialogueMessage("assistant", "")], data.Source[0].Messages);
        Assert.Null(data.Source[0].Text);
        Assert.Equal("raw é", data.Source[1].Text);
        Assert.Empty(data.Source[1].Messages);
        Assert.Equal(["one", "two"], data.Target.Select(example => example.Text));
    }

    [Theory]
    [InlineData("{\"text\":1}")]
    [InlineData("{\"text\":\"\"}")]
    [InlineData("{\"text\":\"a\",\"messages\":[]}")]
    [InlineData("{\"messages\":[]}")]
    [InlineData("{\"messages\":{}}")]
    [InlineData("{\"messages\":[{\"role\":\"user\"}]}")]
    [InlineData("{\"messages\":[{\"role\":\"\",\"content\":\"a\"}]}")]
    [InlineData("{\"messages\":[{\"role\":null,\"content\":\"a\"}]}")]
    [InlineData("{\"messages\":[7]}")]
    [InlineData("{\"text\":\"\\ud800\"}")]
    [InlineData("{\"text\":\"a\",\"\\ud800\":1}")]
    [InlineData("{\"messages\":[{\"role\":\"user\",\"content\":\"a\",\"\\ud800\":1}]}")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"text\":\"a\"")]
    [InlineData("plain")]
    [InlineData("{\"text\":\"a\",\"weight\":\"2\"}")]
    [InlineData("{\"text\":\"a\",\"weight\":null}")]
    [InlineData("{\"text\":\"a\",\"weight\":0}")]
    [InlineData("{\"text\":\"a\",\"weight\":-1}")]
    [InlineData("{\"text\":\"a\",\"weight\":1e999}")]
    public void LoadJsonLines_BadLine_NamesFileAndLine(string line)
    {
        var good = Write("good.txt", "a");
        var bad = Write("bad.jsonl", "{\"text\":\"fine\"}\n" + line);
        var error = Assert.Throws<SteeringFitException>(() => ConceptData.LoadJsonLines("tone", good, bad));
        Assert.Contains($"{bad}, line 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LoadJsonLines_Weights_AreRead()
    {
        var source = Write("a.jsonl", "{\"text\":\"a\",\"weight\":2.5}\n{\"text\":\"b\"}");
        var target = Write("b.jsonl", "{\"weight\":1e-3,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}");
        var data = ConceptData.LoadJsonLines("tone", source, target);
        Assert.Equal([2.5, 1], data.Source.Select(example => example.Weight));
        Assert.Equal(1e-3, data.Target[0].Weight);
        Assert.Equal("Hi", data.Target[0].Messages[0].Content);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void WithWeight_UnusableWeight_Throws(double weight) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => TrainingExample.FromText("a").WithWeight(weight));

    [Fact]
    public void LoadJsonLines_UnusableFiles_Throws()
    {
        var good = Write("good.txt", "a");
        var empty = Write("empty.jsonl", "\n \n");
        Assert.Contains(empty, Assert.Throws<SteeringFitException>(() => ConceptData.LoadJsonLines("tone", empty, good)).Message, StringComparison.Ordinal);
        var huge = Write("huge.txt", new string('a', BoundedLineReader.MaxLength + 1));
        Assert.Contains("line 1", Assert.Throws<SteeringFitException>(() => ConceptData.LoadJsonLines("tone", huge, good)).Message, StringComparison.Ordinal);
        var binary = Path.Combine(_folder, "binary.txt");
        File.WriteAllBytes(binary, [0x61, 0xFF, 0x0A]);
        Assert.Contains("UTF-8", Assert.Throws<SteeringFitException>(() => ConceptData.LoadJsonLines("tone", binary, good)).Message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => ConceptData.LoadJsonLines("tone", Path.Combine(_folder, "none.txt"), good));
        Assert.Throws<ArgumentException>(() => ConceptData.LoadJsonLines("Tone", good, good));
    }

    [Fact]
    public void Ctor_EmptySet_Throws() =>
        Assert.Throws<SteeringFitException>(() => new ConceptData("tone", [], [TrainingExample.FromText("a")]));

    [Fact]
    public void DataHash_EqualContent_IsEqual()
    {
        Assert.Equal(Hash(["a", "b"], ["c"]), Hash(["a", "b"], ["c"]));
        Assert.Equal(64, Hash(["a"], ["b"]).Length);

        // As it was before there were weights: maps fitted then still name their data.
        Assert.Equal("6d94bdff8bae283383675469284e5120813936834f160ed6d4e4a018e7a6778d", Hash(["a", "b"], ["c"]));
        var one = TrainingExample.FromText("a").WithWeight(3).WithWeight(1);
        Assert.Equal(Hash(["a"], ["c"]), new ConceptData("tone", [one], [TrainingExample.FromText("c")]).DataHash);
    }

    [Fact]
    public void DataHash_AnyDifference_Differs()
    {
        string[] hashes =
        [
            Hash(["a", "b"], ["c"]),
            Hash(["b", "a"], ["c"]),
            Hash(["a"], ["b", "c"]),
            Hash(["ab"], ["c"]),
            Hash(["c"], ["a", "b"]),
            new ConceptData("tone", [Dialogue("a", "b")], [TrainingExample.FromText("c")]).DataHash,
            new ConceptData("tone", [Dialogue("ab", "")], [TrainingExample.FromText("c")]).DataHash,
            new ConceptData("tone", [TrainingExample.FromText("a").WithWeight(2), TrainingExample.FromText("b")], [TrainingExample.FromText("c")]).DataHash,
            new ConceptData("tone", [TrainingExample.FromText("a"), TrainingExample.FromText("b").WithWeight(2)], [TrainingExample.FromText("c")]).DataHash,
            new ConceptData("tone", [TrainingExample.FromText("a"), TrainingExample.FromText("b")], [TrainingExample.FromText("c").WithWeight(2)]).DataHash,
        ];
        Assert.Equal(hashes.Length, hashes.Distinct().Count());
    }

    private static TrainingExample Dialogue(string role, string content) => TrainingExample.FromDialogue([new DialogueMessage(role, content)]);

    private static string Hash(string[] source, string[] target) =>
        new ConceptData("tone", source.Select(TrainingExample.FromText).ToArray(), target.Select(TrainingExample.FromText).ToArray()).DataHash;

    private string Write(string name, string content)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, content);
        return path;
    }
}
