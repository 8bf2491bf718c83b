using System.Text.RegularExpressions;

namespace SteeredChat;

/// <summary>Puts errors into one line for people.</summary>
internal static partial class ErrorText
{
    public static string Of(Exception error) => ParameterName().Replace(error.Message, string.Empty).ReplaceLineEndings(" ").Trim();

    // What .NET appends to the messages of ArgumentException says nothing to a user.
    [GeneratedRegex(@"\s*\(Parameter '[^']*'\)")]
    private static partial Regex ParameterName();
}
