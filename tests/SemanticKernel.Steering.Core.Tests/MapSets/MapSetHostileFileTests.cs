using System.Buffers.Binary;
using System.Text;

namespace SemanticKernel.Steering.Tests;

public sealed class MapSetHostileFileTests
{
    private const string Slope = "\"blk.1.block_output.slope\"";
    private const string MetadataStart = "\"__metadata__\":{";

    [Fact]
    public void Load_UntouchedRebuild_Works() => Maps.Load(TensorFileBuilder.Build(TensorFileBuilder.Header));

    [Fact]
    public void Load_UnknownMetadata_IsPassedOver() =>
        Maps.Load(Edit(MetadataStart, MetadataStart + "\"note\":\"hello\",\"operation.blk.1.block_output\":\"affine\","));

    [Fact]
    public void Load_CutAtAnyLength_Refuses()
    {
        for (var length = 0; length < TensorFileBuilder.Valid.Length; length++)
        {
            AssertRefused(TensorFileBuilder.Valid[..length]);
        }
    }

    [Theory]
    [InlineData("\"dtype\":\"F32\"", "\"dtype\":\"F16\"")]
    [InlineData("\"dtype\":\"F32\"", "\"dtype\":\"I32\"")]
    [InlineData("\"dtype\":\"F32\"", "\"dtype\":32")]
    [InlineData("\"dtype\":\"F32\"", "\"dtype\":null")]
    [InlineData("\"dtype\":\"F32\"", "\"dtype\":\"F32\",\"dtype\":\"F32\"")]
    [InlineData("\"dtype\":\"F32\"", "\"dtype\":\"F32\",\"extra\":1")]
    [InlineData("\"dtype\":\"F32\",", "")]
    [InlineData("\"shape\":[2]", "\"shape\":[3]")]
    [InlineData("\"shape\":[2]", "\"shape\":[1]")]
    [InlineData("\"shape\":[2]", "\"shape\":[0]")]
    [InlineData("\"shape\":[2]", "\"shape\":[]")]
    [InlineData("\"shape\":[2]", "\"shape\":[1,2]")]
    [InlineData("\"shape\":[2]", "\"shape\":[2,1]")]
    [InlineData("\"shape\":[2]", "\"shape\":[-2]")]
    [InlineData("\"shape\":[2]", "\"shape\":[2.5]")]
    [InlineData("\"shape\":[2]", "\"shape\":[2e0]")]
    [InlineData("\"shape\":[2]", "\"shape\":[\"2\"]")]
    [InlineData("\"shape\":[2]", "\"shape\":2")]
    [InlineData("\"shape\":[2]", "\"shape\":[9223372036854775808]")]
    [InlineData("\"shape\":[2]", "\"shape\":[18446744073709551616]")]
    [InlineData("\"shape\":[2]", "\"shape\":[1,1,1,1,1,1,1,1,1,1,1,1]")]
    [InlineData("[0,8]", "[0,9]")]
    [InlineData("[0,8]", "[1,8]")]
    [InlineData("[0,8]", "[8,0]")]
    [InlineData("[0,8]", "[0]")]
    [InlineData("[0,8]", "[0,8,16]")]
    [InlineData("[0,8]", "[0,9223372036854775808]")]
    [InlineData("[0,8]", "[18446744073709551608,18446744073709551615]")]
    [InlineData("[8,16]", "[0,8]")]
    [InlineData("[8,16]", "[0,16]")]
    [InlineData("[24,32]", "[24,40]")]
    [InlineData("[24,32]", "[24,28]")]
    [InlineData(Slope, "\"direction.1\"")]
    [InlineData(Slope, "\"blk.1.block_output.scale\"")]
    [InlineData(Slope, "\"blk.1.block_output\"")]
    [InlineData(Slope, "\"slope\"")]
    [InlineData(Slope, "\"\"")]
    [InlineData(Slope, "\"blk.01.block_output.slope\"")]
    [InlineData(Slope, "\"blk.2.block_output.slope\"")]
    [InlineData(Slope, "\"blk.1.attn_out.slope\"")]
    [InlineData(Slope, "\"blk.1.block_output.intercept\"")]
    [InlineData(Slope, "\"blk.1.block_\\u006futput.intercept\"")]
    [InlineData("blk.1.", "blk.4.")]
    [InlineData("blk.1.", "blk.99999999999999.")]
    [InlineData("__metadata__", "__meta__")]
    [InlineData(MetadataStart, "\"__metadata__\":{},\"__metadata__\":{")]
    [InlineData("\"__metadata__\":", "\"__metadata__\":[],\"x\":")]
    public void Load_WrongTensors_Refuses(string find, string replace) => AssertRefused(Edit(find, replace));

    [Theory]
    [InlineData("\"format\":\"steering.map-set\"", "\"format\":\"other\"")]
    [InlineData("\"format\":\"steering.map-set\",", "")]
    [InlineData("\"format_version\":\"1\"", "\"format_version\":\"2\"")]
    [InlineData("\"format_version\":\"1\"", "\"format_version\":1")]
    [InlineData("\"format_version\":\"1\"", "\"format_version\":\"1\",\"format_version\":\"1\"")]
    [InlineData("\"format_version\":\"1\",", "")]
    [InlineData("\"concept\":\"tone\"", "\"concept\":\"Tone\"")]
    [InlineData("\"concept\":\"tone\"", "\"concept\":\"../tone\"")]
    [InlineData("\"concept\":\"tone\"", "\"concept\":\"\\ud800\"")]
    [InlineData("\"concept\":\"tone\"", "\"concept\":null")]
    [InlineData("\"concept\":\"tone\"", "\"concept\":{}")]
    [InlineData("\"concept\":\"tone\"", "\"concept\":true")]
    [InlineData("\"concept\":\"tone\",", "")]
    [InlineData("\"model.width\":\"2\"", "\"model.width\":\"3\"")]
    [InlineData("\"model.width\":\"2\"", "\"model.width\":\"0\"")]
    [InlineData("\"model.width\":\"2\"", "\"model.width\":\"-2\"")]
    [InlineData("\"model.width\":\"2\"", "\"model.width\":\" 2\"")]
    [InlineData("\"model.width\":\"2\"", "\"model.width\":\"99999999999\"")]
    [InlineData("\"model.width\":\"2\",", "")]
    [InlineData("\"model.layers\":\"4\"", "\"model.layers\":\"1\"")]
    [InlineData("\"model.layers\":\"4\",", "")]
    [InlineData("\"model.base\":\"base-1\"", "\"model.base\":\"\"")]
    [InlineData("\"model.base\":\"base-1\",", "")]
    [InlineData(",\"model.weights\":\"weights-1\"", "")]
    [InlineData("\"model.architecture\":\"llama\"", "\"model.architecture\":\"\"")]
    [InlineData("\"scope\":\"all\"", "\"scope\":\"All\"")]
    [InlineData("\"scope\":\"all\"", "\"scope\":\"0\"")]
    [InlineData("\"scope\":\"all\"", "\"scope\":\"some\"")]
    [InlineData("\"scope\":\"all\"", "\"scope\":\"all\",\"estimator\":\"magic\"")]
    [InlineData("\"scope\":\"all\"", "\"scope\":\"all\",\"fit_mode\":\"\"")]
    [InlineData("\"scope\":\"all\"", "\"scope\":\"all\",\"fit_order\":\"sideways\"")]
    [InlineData("\"scope\":\"all\"", "\"scope\":\"all\",\"strength_default\":\"NaN\"")]
    [InlineData("\"scope\":\"all\"", "\"scope\":\"all\",\"strength_default\":\"Infinity\"")]
    [InlineData("\"scope\":\"all\"", "\"scope\":\"all\",\"strength_default\":\"1e999\"")]
    [InlineData("\"scope\":\"all\"", "\"scope\":\"all\",\"strength_default\":\"strong\"")]
    [InlineData("\"scope\":\"all\"", "\"scope\":\"all\",\"source.count\":\"many\"")]
    [InlineData("\"scope\":\"all\"", "\"scope\":\"all\",\"created\":\"yesterday\"")]
    [InlineData("\"scope\":\"all\"", "\"scope\":\"all\",\"operation.blk.1.block_output\":\"clamp\"")]
    [InlineData("\"scope\":\"all\"", "\"scope\":\"all\",\"operation.blk.2.block_output\":\"affine\"")]
    [InlineData("\"scope\":\"all\"", "\"scope\":\"all\",\"operation.x\":\"affine\"")]
    public void Load_WrongMetadata_Refuses(string find, string replace) => AssertRefused(Edit(find, replace));

    [Theory]
    [InlineData(0, float.NaN)]
    [InlineData(1, float.PositiveInfinity)]
    [InlineData(2, float.NaN)]
    [InlineData(3, float.NegativeInfinity)]
    [InlineData(4, float.NegativeInfinity)]
    [InlineData(5, 2f)]
    [InlineData(6, float.NaN)]
    [InlineData(7, float.PositiveInfinity)]
    [InlineData(7, -2f)]
    public void Load_WrongValue_Refuses(int index, float value)
    {
        var values = TensorFileBuilder.Values;
        values[index] = value;
        AssertRefused(TensorFileBuilder.Build(TensorFileBuilder.Header, values));
    }

    [Fact]
    public void Load_InfiniteBoundsThroughout_Refuses()
    {
        const float Infinity = float.PositiveInfinity;
        AssertRefused(TensorFileBuilder.Build(TensorFileBuilder.Header, [2, 3, 0, 1, -Infinity, -Infinity, Infinity, Infinity]));
    }

    [Fact]
    public void Load_OneBoundOnly_Refuses()
    {
        var header = TensorFileBuilder.Header;
        var start = header.IndexOf(",\"blk.1.block_output.support_high\"", StringComparison.Ordinal);
        AssertRefused(TensorFileBuilder.Build(header[..start] + "}", TensorFileBuilder.Values[..6]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1UL << 31)]
    [InlineData(1UL << 63)]
    [InlineData(ulong.MaxValue)]
    [InlineData(ulong.MaxValue - 7)]
    public void Load_WrongHeaderLength_Refuses(ulong length)
    {
        var bytes = TensorFileBuilder.Valid;
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
        AssertRefused(bytes);
    }

    [Fact]
    public void Load_BytesBehindTheLastTensor_Refuses() => AssertRefused([.. TensorFileBuilder.Valid, 0]);

    [Fact]
    public void Load_NoTensors_Refuses()
    {
        var header = TensorFileBuilder.Header;
        AssertRefused(TensorFileBuilder.Build(header[..(header.IndexOf(Slope, StringComparison.Ordinal) - 1)] + "}", []));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData(" {}")]
    [InlineData("{}{}")]
    [InlineData("{} x")]
    [InlineData("{/* comment */}")]
    [InlineData("{\"a\":1}")]
    [InlineData("{\"__metadata__\":{\"a\":\"b\",}}")]
    public void Load_WrongHeader_Refuses(string header) => AssertRefused(TensorFileBuilder.Build(header));

    [Fact]
    public void Load_BadUtf8_Refuses()
    {
        var header = Encoding.UTF8.GetBytes(TensorFileBuilder.Header);
        header[header.AsSpan().IndexOf("tiny"u8)] = 0xFF;
        AssertRefused(TensorFileBuilder.Build(header));
    }

    [Fact]
    public void Load_DeepJson_Refuses() =>
        AssertRefused(TensorFileBuilder.Build("{\"x\":" + new string('[', 1_000_000)));

    [Fact]
    public void Load_TextMeantForLogs_StaysShortAndOnOneLine()
    {
        var name = "a\\nforged line" + new string('x', 100_000);
        var error = Assert.Throws<MapSetFormatException>(() => Maps.Load(Edit(Slope, $"\"{name}\"")));
        Assert.DoesNotContain('\n', error.Message);
        Assert.InRange(error.Message.Length, 1, 500);
    }

    [Fact]
    public void Load_RandomMutations_ThrowNothingElse()
    {
        var random = new Random(12345);
        for (var round = 0; round < 4000; round++)
        {
            var bytes = Mutate(TensorFileBuilder.Valid, random);
            try
            {
                Maps.Load(bytes);
            }
            catch (MapSetFormatException)
            {
                // Refusing is right; what must not happen is any other exception.
            }
        }
    }

    private static byte[] Mutate(byte[] bytes, Random random)
    {
        for (var edits = random.Next(1, 6); edits > 0; edits--)
        {
            var at = random.Next(bytes.Length);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] = (byte)"{}[]\",:0123456789.-\\u"[random.Next(21)];
                    break;
                case 2:
                    bytes = [.. bytes[..at], .. bytes[random.Next(at, bytes.Length)..]];
                    bytes = bytes.Length == 0 ? [0] : bytes;
                    break;
                default:
                    bytes = [.. bytes[..at], bytes[random.Next(bytes.Length)], .. bytes[at..]];
                    break;
            }
        }

        return bytes;
    }

    private static byte[] Edit(string find, string replace)
    {
        var header = TensorFileBuilder.Header;
        Assert.Contains(find, header, StringComparison.Ordinal);
        return TensorFileBuilder.Build(header.Replace(find, replace, StringComparison.Ordinal));
    }

    private static void AssertRefused(byte[] bytes) => Assert.Throws<MapSetFormatException>(() => Maps.Load(bytes));
}
