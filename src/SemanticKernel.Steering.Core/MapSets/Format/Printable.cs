namespace SemanticKernel.Steering;

/// <summary>Makes text out of untrusted files fit for messages and logs: short, on one line, without control characters.</summary>
internal static class Printable
{
    private const int MaxLength = 400;

    public static string Of(string text)
    {
        var shortened = text.Length <= MaxLength ? text : $"{text.AsSpan(0, MaxLength)}…";
        return string.Create(shortened.Length, shortened, (destination, source) =>
        {
            for (var i = 0; i < destination.Length; i++)
            {
                destination[i] = char.IsControl(source[i]) ? '?' : source[i];
            }
        });
    }
}
