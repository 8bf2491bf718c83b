using Spectre.Console;

namespace SteeredChat;

/// <summary>Asks one question unsteered and steered, as if it came next, and shows both answers side by side. Neither is remembered.</summary>
internal sealed class Comparison(SteeredModel model, ConversationModel asking, Conversation conversation, Strengths strengths, Sampling sampling, Screen screen)
{
    /// <param name="question">The question; null for the last one.</param>
    public async Task RunAsync(string? question)
    {
        var asked = question ?? conversation.LastQuestion ?? throw new UserErrorException("There is no question yet: ask one, or add one to /compare.");
        var steering = strengths.ForComparison();

        // Both draw the same dice, so that only steering tells them apart.
        var fair = sampling with { Seed = sampling.Seed ?? Random.Shared.Next() };
        var plain = await AskAsync(asked, question is null, model.Unsteered, fair);
        var steered = await AskAsync(asked, question is null, steering, fair);

        screen.Note($"\"{asked}\"");
        var table = new Table { Border = TableBorder.Rounded, Expand = true, ShowRowSeparators = false };
        table.AddColumns(Column("unsteered"), Column(Strengths.Describe(steered.Steering.Concepts)));
        table.AddRow(Cell(plain), Cell(steered));
        screen.Answer(table);
    }

    private async Task<Reply> AskAsync(string question, bool isLast, IReadOnlyDictionary<string, double> steering, Sampling fair) =>
        await asking.AskAsync(conversation.Fork(isLastLeftOut: isLast), question, steering, fair, static _ => { }, static _ => { });

    // The same width for both, whatever they hold.
    private TableColumn Column(string title) => new(new Text(title)) { Width = Math.Max(10, (screen.Width - 7) / 2) };

    private static Text Cell(Reply reply) => new(Printable.Of(reply.WasCut ? $"{reply.Text} …" : reply.Text));
}
