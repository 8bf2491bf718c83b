using Spectre.Console;
using Spectre.Console.Rendering;

namespace SteeredChat;

/// <summary>
/// Where the program writes: answers to standard output, everything else to standard error. Colours appear on terminals
/// only, and not where <c>NO_COLOR</c> is set.
/// </summary>
internal sealed class Screen
{
    private readonly TextWriter _answers = Console.Out;
    private readonly IAnsiConsole _output = Create(Console.Out, Console.IsOutputRedirected);

    /// <summary>Whether standard error is a terminal that may be written on in colour.</summary>
    public bool IsColourful { get; } = !IsPlain(Console.IsErrorRedirected);

    /// <summary>Standard error.</summary>
    public IAnsiConsole Messages { get; } = Create(Console.Error, Console.IsErrorRedirected);

    /// <summary>Writes a part of an answer to standard output.</summary>
    public void Answer(string text) => _answers.Write(Console.IsOutputRedirected ? text : Printable.Of(text));

    /// <summary>Writes something made of answers to standard output.</summary>
    public void Answer(IRenderable view) => _output.Write(view);

    /// <summary>Writes a whole line to standard output.</summary>
    public void AnswerLine(string line) => _answers.WriteLine(line);

    /// <summary>Columns on standard output.</summary>
    public int Width => _output.Profile.Width;

    /// <summary>Ends the line on standard output.</summary>
    public void EndAnswer() => _answers.WriteLine();

    /// <summary>Writes a heading.</summary>
    public void Title(string text) => Write(text, "bold");

    /// <summary>Writes a message.</summary>
    public void Note(string text) => Write(text, "grey");

    /// <summary>Writes a message that should not be missed.</summary>
    public void Warn(string text) => Write(text, "yellow");

    /// <summary>Writes an error.</summary>
    public void Error(string text) => Write($"error: {text}", "red");

    /// <summary>Writes names and values.</summary>
    public void Table(IReadOnlyList<(string Name, string Value)> rows)
    {
        if (!IsColourful)
        {
            var width = rows.Max(row => row.Name.Length) + 1;
            foreach (var (name, value) in rows)
            {
                Note($"{name.PadRight(width)} {value}");
            }

            return;
        }

        var grid = new Grid().AddColumn(new GridColumn { NoWrap = true }).AddColumn();
        foreach (var (name, value) in rows)
        {
            grid.AddRow(new Text(name, Color.Grey), new Text(Printable.Of(value)));
        }

        Messages.Write(grid);
    }

    /// <summary>Writes something in front of what follows on the same line, where both outputs meet on a terminal.</summary>
    public void Lead(string text, string style)
    {
        if (!Console.IsErrorRedirected && !Console.IsOutputRedirected)
        {
            Messages.Markup($"[{style}]{Markup.Escape(Printable.Of(text))}[/] ");
        }
    }

    private void Write(string text, string style)
    {
        if (IsColourful)
        {
            Messages.MarkupLine($"[{style}]{Markup.Escape(Printable.Of(text))}[/]");
        }
        else
        {
            // One message, one line: nothing is wrapped for readers that are programs.
            Console.Error.WriteLine(Printable.Of(text));
        }
    }

    private static bool IsPlain(bool isRedirected) => isRedirected || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    private static IAnsiConsole Create(TextWriter writer, bool isRedirected)
    {
        var isPlain = IsPlain(isRedirected);
        return AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isPlain ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = isPlain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = isPlain ? InteractionSupport.No : InteractionSupport.Detect,
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        });
    }
}
