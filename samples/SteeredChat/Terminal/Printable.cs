namespace SteeredChat;

/// <summary>Makes text safe for terminals: a model or a file must not be able to send control sequences.</summary>
internal static class Printable
{
    public static string Of(string text) => text.AsSpan().ContainsAnyExceptInRange(' ', '~')
        ? string.Concat(text.Select(character => char.IsControl(character) && character is not ('\n' or '\t') ? '\uFFFD' : character))
        : text;
}
