using System.Text;

namespace SteeredChat;

/// <summary>A chat: reads lines, answers questions, obeys commands.</summary>
internal sealed class ChatSession
{
    private readonly ChatArguments _arguments;
    private readonly SteeredModel _model;
    private readonly Strengths _strengths;
    private readonly Interrupts _interrupts;
    private readonly Notices _notices;
    private readonly Screen _screen;
    private readonly Conversation _conversation;
    private readonly ConversationModel _asking;
    private readonly ChatCommands _commands;
    private int _turn;

    public ChatSession(ChatArguments arguments, SteeredModel model, Strengths strengths, Interrupts interrupts, Notices notices, Screen screen)
    {
        (_arguments, _model, _strengths, _interrupts, _notices, _screen) = (arguments, model, strengths, interrupts, notices, screen);
        _conversation = new Conversation(model.Engine.ContextSize, arguments.Sampling.MaxTokens);
        _asking = new ConversationModel(model, interrupts);
        var comparison = new Comparison(model, _asking, _conversation, strengths, arguments.Sampling, screen);
        _commands = new ChatCommands(model, strengths, _conversation, comparison, screen);
    }

    /// <summary>Chats until the user leaves or the input ends.</summary>
    public async Task RunAsync()
    {
        Banner.Show(_screen, _model.Engine, _arguments.ModelPath is null);
        _interrupts.Idle = () => Interject("Press Ctrl+C again to leave.");
        while (ReadLine() is { } line)
        {
            try
            {
                if (!line.StartsWith('/'))
                {
                    await AnswerAsync(line);
                }
                else if (!await _commands.RunAsync(line))
                {
                    return;
                }
            }
            catch (OperationCanceledException)
            {
                _screen.Note("Cancelled.");
            }
#pragma warning disable CA1031 // A question that went wrong must not end the conversation.
            catch (Exception error)
#pragma warning restore CA1031
            {
                _screen.Error(_arguments.Verbose ? error.ToString() : ErrorText.Of(error));
            }
        }
    }

    private string? ReadLine()
    {
        _notices.Listen(_screen.Note);
        Prompt();
        _notices.Listen(Interject);
        string? line;
        do
        {
            line = Console.ReadLine();
        }
        while (line is null && _interrupts.EndedReading());

        _notices.Listen(null);
        if (line is null && !Console.IsInputRedirected)
        {
            _screen.EndAnswer(); // Ctrl+D leaves the shell's prompt on this line.
        }

        return line?.Trim();
    }

    /// <summary>Says something while the user may be typing.</summary>
    private void Interject(string text)
    {
        if (!Console.IsInputRedirected)
        {
            _screen.EndAnswer();
        }

        _screen.Note(text);
        Prompt();
    }

    private void Prompt()
    {
        if (!Console.IsInputRedirected)
        {
            _screen.Lead("you>", "bold");
        }
    }

    private async Task AnswerAsync(string question)
    {
        if (question.Length == 0)
        {
            return;
        }

        var text = new StringBuilder();
        Reply? reply = null;
        try
        {
            reply = await _asking.AskAsync(_conversation, question, _strengths.Values, _arguments.Sampling.WithSeed(_turn++), Lead, part =>
            {
                text.Append(part);
                _screen.Answer(part);
            });
        }
        finally
        {
            // What was said before a cancellation was said.
            if (text.Length > 0)
            {
                _screen.EndAnswer();
                _conversation.Add(question, text.ToString(), reply?.TotalTokens);
            }
        }

        if (reply.WasCut)
        {
            _screen.Warn($"The answer was cut: {(reply.TotalTokens >= _model.Engine.ContextSize ? "the context is full" : "that was --max-tokens")}.");
        }
        else if (text.Length == 0)
        {
            _screen.Note("The model has no answer.");
        }
    }

    /// <summary>Says who answers, and what was forgotten to make that possible.</summary>
    private void Lead(int forgotten)
    {
        if (forgotten > 0)
        {
            _screen.Warn($"The context is full: {(forgotten == 1 ? "the oldest turn is" : $"the {forgotten} oldest turns are")} forgotten.");
        }

        var isSteered = _strengths.Values.Count > 0;
        _screen.Lead(isSteered ? $"{_model.Engine.ModelId} [{Strengths.Describe(_strengths.Values)}]>" : $"{_model.Engine.ModelId}>", isSteered ? "green" : "blue");
    }
}
