using System.Text;
using SemanticKernel.Steering.TestModels;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Models;

/// <summary>Files that llama.cpp would refuse without a reason, or end the process over.</summary>
public class DamagedModelTests
{
    private static readonly string Sound = TestModelCache.Get(ModelArchitecture.Llama);

    [Fact]
    public void Load_MissingFile_NamesIt()
    {
        var path = TestModelCache.NewPath(".gguf");

        var error = Assert.Throws<FileNotFoundException>(() => TestEngine.Open(path));

        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Equal(path, error.FileName);
    }

    [Fact]
    public void Load_Folder_IsNoModelFile() => Assert.Throws<FileNotFoundException>(() => TestEngine.Open(Path.GetTempPath()));

    [Fact]
    public void Load_TextFile_SaysThatItIsNoGguf()
    {
        var path = TestModelCache.NewPath(".gguf");
        DamagedFile.WriteText(path);

        AssertRefused<GgufFormatException>(path, "not a GGUF file");
    }

    [Theory]
    [InlineData(0, "not a GGUF file")]
    [InlineData(3, "not a GGUF file")]
    [InlineData(23, "not a GGUF file")]
    [InlineData(24, "cut short")]
    [InlineData(100, "")]
    [InlineData(1000, "")]
    [InlineData(4000, "")]
    public void Load_TruncatedHeader_SaysSo(int length, string expected)
    {
        var path = TestModelCache.NewPath(".gguf");
        DamagedFile.Truncate(Sound, path, length);

        AssertRefused<GgufFormatException>(path, expected);
    }

    [Theory]
    [InlineData(0.2)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(0.999)]
    public void Load_TruncatedTensorData_NamesTheTensorThatIsCut(double share)
    {
        var path = TestModelCache.NewPath(".gguf");
        DamagedFile.Truncate(Sound, path, (long)(new FileInfo(Sound).Length * share));

        AssertRefused<GgufFormatException>(path, "cut short: tensor '");
    }

    [Fact]
    public void Load_OtherVersion_NamesIt()
    {
        var path = TestModelCache.NewPath(".gguf");
        DamagedFile.FlipBytes(Sound, path, 4);

        AssertRefused<GgufFormatException>(path, "version 252");
    }

    // Offsets count from the end of the key; the value follows its four-byte type.
    [Theory]
    [InlineData("llama.block_count", 4, 1)]
    [InlineData("llama.block_count", 6, 1)]
    [InlineData("llama.context_length", 7, 1)]
    [InlineData("llama.embedding_length", 4, 4)]
    [InlineData("llama.attention.layer_norm_rms_epsilon", 7, 1)]
    [InlineData("llama.attention.layer_norm_rms_epsilon", 4, 4)]
    [InlineData("llama.block_count", 0, 1)]
    [InlineData("llama.attention.head_count", 4, 1)]
    [InlineData("llama.attention.head_count_kv", 4, 2)]
    [InlineData("llama.rope.dimension_count", 4, 1)]
    [InlineData("llama.feed_forward_length", 4, 1)]
    [InlineData("llama.vocab_size", 4, 1)]
    [InlineData("general.architecture", 12, 1)]
    [InlineData("general.architecture", -1, 1)]
    [InlineData("tokenizer.ggml.model", 12, 1)]
    [InlineData("tokenizer.ggml.tokens", 8, 1)]
    [InlineData("tokenizer.ggml.bos_token_id", 4, 1)]
    [InlineData("tokenizer.ggml.merges", 8, 1)]
    [InlineData("token_embd.weight", 0, 1)]
    [InlineData("token_embd.weight", 4, 1)]
    [InlineData("token_embd.weight", 11, 1)]
    [InlineData("blk.1.attn_q.weight", 20, 1)]
    [InlineData("blk.1.attn_q.weight", 25, 1)]
    public void Load_FlippedBytesInTheHeader_NeverEndsTheProcess(string key, int offset, int count)
    {
        var path = TestModelCache.NewPath(".gguf");
        DamagedFile.FlipBytes(Sound, path, Find(key) + offset, count);

        // Some values are strange but possible; all others must be refused by name of the file.
        try
        {
            TestEngine.Open(path).Dispose();
        }
        catch (SteeringException error)
        {
            Assert.Contains(path, error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("llama.block_count", 4, "block_count")]
    [InlineData("llama.context_length", 7, "context_length")]
    [InlineData("llama.attention.layer_norm_rms_epsilon", 7, "layer_norm_rms_epsilon")]
    public void Load_ImpossibleDimension_NamesTheKey(string key, int offset, string expected)
    {
        var path = TestModelCache.NewPath(".gguf");
        DamagedFile.FlipBytes(Sound, path, Find(key) + offset, key.EndsWith("count", StringComparison.Ordinal) ? 2 : 1);

        AssertRefused<GgufFormatException>(path, expected);
    }

    [Theory]
    [InlineData(ModelArchitecture.Gemma2, "gemma2.rope.dimension_count", 0)]
    [InlineData(ModelArchitecture.Gemma2, "gemma2.rope.dimension_count", 3)]
    [InlineData(ModelArchitecture.Gpt2, "gpt2.attention.head_count", 0)]
    [InlineData(ModelArchitecture.Gpt2, "gpt2.attention.head_count", 3)]
    public void Load_MoreHeadsOrRotationsThanNeurons_NamesTheKey(ModelArchitecture architecture, string key, int offset)
    {
        var sound = TestModelCache.Get(architecture);
        var path = TestModelCache.NewPath(".gguf");
        DamagedFile.FlipBytes(sound, path, Find(key, sound) + 4 + offset);

        AssertRefused<GgufFormatException>(path, key);
    }

    [Fact]
    public void Load_TwoTokensWithOneText_SaysWhich()
    {
        var bytes = File.ReadAllBytes(Sound);
        var first = Find("tokenizer.ggml.tokens") + 4 + 4 + 8 + 8;
        Assert.Equal("Ā"u8, bytes.AsSpan(first, 2));
        "Ā"u8.CopyTo(bytes.AsSpan(first + 2 + 8));
        var path = TestModelCache.NewPath(".gguf");
        File.WriteAllBytes(path, bytes);

        AssertRefused<GgufFormatException>(path, "token 1 of its vocabulary");
    }

    [Fact]
    public async Task Load_FlippedWeights_AnswersOrFailsWithAnError()
    {
        var path = TestModelCache.NewPath(".gguf");
        DamagedFile.FlipBytes(Sound, path, -64, 64);
        using var engine = TestEngine.Open(path);

        try
        {
            Assert.NotNull((await engine.AskAsync("Hello")).Text);
        }
        catch (SteeringException error)
        {
            Assert.Contains("logits", error.Message, StringComparison.Ordinal);
        }
    }

    private static void AssertRefused<T>(string path, string expected) where T : SteeringException
    {
        var error = Assert.Throws<T>(() => TestEngine.Open(path));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    /// <summary>The position behind a key or tensor name in the sound file.</summary>
    private static int Find(string name, string? file = null)
    {
        byte[] stored = [.. BitConverter.GetBytes((long)name.Length), .. Encoding.UTF8.GetBytes(name)];
        var index = File.ReadAllBytes(file ?? Sound).AsSpan().IndexOf(stored);
        Assert.True(index >= 0, name);
        return index + stored.Length;
    }
}
