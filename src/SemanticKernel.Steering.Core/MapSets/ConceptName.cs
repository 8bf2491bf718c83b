using System.Diagnostics.CodeAnalysis;

namespace SemanticKernel.Steering;

/// <summary>The rule for names of concepts and policies: 1 to 64 characters out of a–z, 0–9, dot, underscore and hyphen; the first is a letter or digit.</summary>
public static class ConceptName
{
    private const int MaxLength = 64;

    /// <summary>Tells whether a name keeps the rule.</summary>
    /// <param name="name">The name.</param>
    /// <returns>Whether it is valid.</returns>
    public static bool IsValid([NotNullWhen(true)] string? name)
    {
        if (string.IsNullOrEmpty(name) || name.Length > MaxLength || !char.IsAsciiLetterLower(name[0]) && !char.IsAsciiDigit(name[0]))
        {
            return false;
        }

        foreach (var character in name)
        {
            if (!char.IsAsciiLetterLower(character) && !char.IsAsciiDigit(character) && character is not ('.' or '_' or '-'))
            {
                return false;
            }
        }

        return true;
    }

    internal static string Check(string? name, string parameter) => IsValid(name)
        ? name
        : throw new ArgumentException($"'{name}' is no concept name: it must match [a-z0-9][a-z0-9._-]{{0,63}}.", parameter);
}
