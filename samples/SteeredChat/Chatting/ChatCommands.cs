namespace SteeredChat;

/// <summary>The commands of a chat.</summary>
internal sealed class ChatCommands(SteeredModel model, Strengths strengths, Conversation conversation, Comparison comparison, Screen screen)
{
    private static readonly (string, string)[] Help =
    [
        ("/steer toxicity 0.8", "steer a concept: 0 is off, 1 carries all the way, below 0 leads away"),
        ("/steer toxicity", "the same with its recommended strength"),
        ("/off", "steer nothing but what the policy says; /off toxicity: leave only this one alone"),
        ("/policy", "the policies: what is steered under each, and how far /steer may go"),
        ("/policy family", "go on under another policy, with its own strengths"),
        ("/compare", "the last question unsteered and steered, side by side"),
        ("/compare How are you?", "the same with another question"),
        ("/info", "model, concepts, context"),
        ("/clear", "forget the conversation"),
        ("/exit", "leave; so does Ctrl+D, or Ctrl+C twice. Ctrl+C once cancels an answer"),
    ];

    /// <returns>Whether the chat goes on.</returns>
    public async Task<bool> RunAsync(string line)
    {
        var words = line.Split(' ', 2, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var argument = words.Length > 1 ? words[1] : null;
        switch (words[0].ToLowerInvariant())
        {
            case "/steer":
                Steer(argument);
                break;
            case "/off":
                Off(argument);
                break;
            case "/policy":
                ChoosePolicy(argument);
                break;
            case "/compare":
                await comparison.RunAsync(argument);
                break;
            case "/info":
                InfoView.Show(screen, model, strengths, conversation);
                break;
            case "/clear":
                conversation.Clear();
                screen.Note("The conversation starts anew.");
                break;
            case "/help":
                screen.Table(Help);
                break;
            case "/exit" or "/quit":
                return false;
            default:
                throw new UserErrorException($"There is no command '{words[0]}'; /help lists them.");
        }

        return true;
    }

    private void ChoosePolicy(string? name)
    {
        if (name is null)
        {
            PolicyView.Show(screen, model);
            return;
        }

        model.UsePolicy(name);
        strengths.Clear();
        ShowSteering();
    }

    private void ShowSteering() => screen.Note($"From now on: {Strengths.Describe(strengths.InForce)}{(model.Policy is { } policy ? $" (policy {policy})" : string.Empty)}.");

    private void Off(string? concept)
    {
        if (concept is null)
        {
            strengths.Clear();
        }
        else
        {
            strengths.Set(new WantedStrength(concept, 0));
        }

        ShowSteering();
    }

    private void Steer(string? argument)
    {
        if (argument is null)
        {
            throw new UserErrorException("Name a concept, as in /steer toxicity 0.8; /info lists them.");
        }

        var words = argument.Split([' ', '='], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (words.Length is 0 or > 2)
        {
            throw new UserErrorException("Give a concept and a strength, as in /steer toxicity 0.8.");
        }

        strengths.Set(WantedStrength.Parse(words[0], words.Length > 1 ? words[1] : null));
        ShowSteering();
    }
}
