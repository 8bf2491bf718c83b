using System.Buffers.Binary;
using System.Text;
using System.Text.RegularExpressions;

namespace SemanticKernel.Steering.Fuzz;

/// <summary>Damages JSON as JSON: numbers, strings and whole members, so that the result is still read rather far.</summary>
internal static partial class JsonMutator
{
    private static readonly string[] Numbers = ["0", "1", "-1", "4", "8", "1e9", "0.5", "2147483648", "4294967296", "9223372036854775808", "18446744073709551615", "18446744073709551616", "1e999"];

    private static readonly string[] Strings =
        ["\"\"", "\"F32\"", "\"F16\"", "\"NaN\"", "\"-0\"", "\"\\u0000\"", "\"\\ud800\"", "\"a\\nb\"", "\"__metadata__\"", "\"affine\"", "\"direction_ablation\"", "\"q_all\"", "\"0001-01-01T00:00:00+14:00\"", "\"é\u202E\""];

    private static readonly string[] Values = ["null", "true", "{}", "[]", "[[[[[[[[[[]]]]]]]]]]", "{\"a\":{\"a\":{\"a\":{\"a\":{}}}}}", "[1,2,3,4,5,6,7,8,9]"];

    /// <summary>Edits the header of a safetensors file and puts its length right, mostly; edits other inputs as they are.</summary>
    internal static byte[] Mutate(byte[] bytes, Random random)
    {
        if (bytes.Length < sizeof(ulong) || BinaryPrimitives.ReadUInt64LittleEndian(bytes) is var length && length > (ulong)(bytes.Length - sizeof(ulong)))
        {
            return Edit(bytes, random);
        }

        var header = Edit(bytes[sizeof(ulong)..(sizeof(ulong) + (int)length)], random);
        byte[] edited = [.. bytes[..sizeof(ulong)], .. header, .. bytes[(sizeof(ulong) + (int)length)..]];
        if (random.Next(16) != 0)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(edited, (ulong)header.Length);
        }

        return edited;
    }

    private static byte[] Edit(byte[] utf8, Random random)
    {
        var text = Encoding.Latin1.GetString(utf8);
        return Encoding.Latin1.GetBytes(random.Next(7) switch
        {
            0 => Replace(text, NumberPattern(), _ => Pick(Numbers, random), random),
            1 => Replace(text, StringPattern(), _ => Pick(Strings, random), random),
            2 => Replace(text, StringPattern(), _ => Pick(Values, random), random),
            3 => Replace(text, MemberPattern(), _ => "", random),
            4 => Replace(text, MemberPattern(), member => $"{member},{member}", random),
            5 => Replace(text, MemberPattern(), member => Multiply(member, random), random),
            _ => Swap(text, random),
        });
    }

    private static string Replace(string text, Regex pattern, Func<string, string> change, Random random)
    {
        var matches = pattern.Matches(text);
        if (matches.Count == 0)
        {
            return text;
        }

        var match = matches[random.Next(matches.Count)];
        return text[..match.Index] + change(match.Value) + text[(match.Index + match.Length)..];
    }

    /// <summary>Writes a member very often, each time under another name.</summary>
    private static string Multiply(string member, Random random) =>
        string.Join(',', Enumerable.Range(0, random.Next(2, 200)).Select(i => member.Insert(1, $"{i}")));

    /// <summary>Puts one string in the place of another.</summary>
    private static string Swap(string text, Random random)
    {
        var matches = StringPattern().Matches(text);
        return matches.Count == 0 ? text : Replace(text, StringPattern(), _ => matches[random.Next(matches.Count)].Value, random);
    }

    private static string Pick(string[] choices, Random random) => choices[random.Next(choices.Length)];

    [GeneratedRegex(@"\d+")]
    private static partial Regex NumberPattern();

    [GeneratedRegex(@"""[^""]*""")]
    private static partial Regex StringPattern();

    [GeneratedRegex(@"""[^""]*"":(""[^""]*""|\{[^{}]*\}|\[[^\[\]]*\]|\d+)")]
    private static partial Regex MemberPattern();
}
