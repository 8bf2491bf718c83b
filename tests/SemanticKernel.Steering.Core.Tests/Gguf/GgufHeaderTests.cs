using System.Buffers.Binary;
using System.Text;
using SemanticKernel.Steering.Gguf;
using SemanticKernel.Steering.TestModels;

namespace SemanticKernel.Steering.Tests;

public sealed class GgufHeaderTests
{
    [Fact]
    public void Read_SoundFile_KnowsMetadataAndWhereDataLies()
    {
        var header = Read(Sound());
        Assert.Equal("test", header.Metadata["general.architecture"]);
        Assert.Equal(7UL, header.Metadata["count"]);
        Assert.Equal(-7L, header.Metadata["signed"]);
        Assert.Equal(0.5, header.Metadata["share"]);
        Assert.Equal(3UL, Assert.IsType<GgufArray>(header.Metadata["list"]).Count);
        Assert.Equal(["first", "second"], header.Tensors.Select(tensor => tensor.Name));
        Assert.Equal([header.DataStart, header.DataStart + 32], header.Tensors.Select(tensor => tensor.Offset));
        Assert.Equal((32UL, 0UL), (header.Alignment, header.DataStart % 32));
        Assert.Equal([20UL, 16UL], header.Tensors.Select(tensor => tensor.Size!.Value));
    }

    [Fact]
    public void Read_CutAtAnyLength_Refuses()
    {
        var bytes = Sound();
        for (var length = 0; length < bytes.Length - 28; length++)
        {
            AssertRefused(bytes[..length]);
        }
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(24UL)]
    [InlineData(1UL << 40)]
    [InlineData(ulong.MaxValue)]
    public void Read_ImpossibleAlignment_Refuses(ulong alignment) =>
        Assert.Contains("general.alignment", AssertRefused(new GgufWriter().Add("general.alignment", alignment).ToBytes()).Message, StringComparison.Ordinal);

    [Fact]
    public void Read_AlignmentThatIsNoNumber_Refuses() => AssertRefused(new GgufWriter().Add("general.alignment", "32").ToBytes());

    [Theory]
    [InlineData(27)]
    [InlineData(0)]
    public void Read_TensorLargerThanAnyFile_Refuses(int type)
    {
        var bytes = Sound();
        var at = Find(bytes, "first");
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(at + 4), long.MaxValue);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at + 12), type);
        Assert.Contains("cut short", AssertRefused(bytes).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_TextMeantForLogs_StaysShortAndOnOneLine()
    {
        var key = "forged\nline" + new string('x', 100_000);
        var message = AssertRefused(new GgufWriter().Add(key, 1).Add(key, 2).ToBytes()).Message;
        Assert.DoesNotContain('\n', message);
        Assert.InRange(message.Length, 1, 500);
    }

    private static byte[] Sound() => new GgufWriter()
        .Add("general.architecture", "test").Add("count", 7u).Add("signed", -7).Add("share", 0.5f).AddArray("list", [1, 2, 3])
        .AddTensor("first", GgufTensorType.F32, [5], values => values.Fill(1))
        .AddTensor("second", GgufTensorType.F32, [2, 2], values => values.Fill(2)).ToBytes();

    private static int Find(byte[] bytes, string name) => bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(name)) + name.Length;

    private static GgufHeader Read(byte[] bytes) => GgufHeader.Read(new MemoryStream(bytes), "test.gguf");

    private static GgufFormatException AssertRefused(byte[] bytes) => Assert.Throws<GgufFormatException>(() => Read(bytes));
}
