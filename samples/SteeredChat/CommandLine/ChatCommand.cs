using System.CommandLine;

namespace SteeredChat;

/// <summary>The command line: reads it, runs it, and turns errors into one line and an exit code.</summary>
internal static class ChatCommand
{
    private const int Failed = 1;
    private const int Cancelled = 130;

    /// <returns>The exit code of the program.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var screen = new Screen();
        var options = new ChatCommandOptions();
        var command = new RootCommand("Chats with a local model whose answers can be steered: less toxicity, more honesty, or a concept of your own. Without options: chats with TinyChat, a toy model that comes along.");
        options.AddTo(command);
        command.SetAction((result, _) => RunAsync(options, result, screen));

        // Questions may start with @ and must not be taken for response files.
        var parsed = command.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null, EnablePosixBundling = false });
        if (parsed.Errors.Count > 0)
        {
            screen.Error($"{parsed.Errors[0].Message} See --help.");
            return Failed;
        }

        return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
    }

    private static async Task<int> RunAsync(ChatCommandOptions options, ParseResult result, Screen screen)
    {
        try
        {
            await ChatProgram.RunAsync(options.Read(result), screen);
            return 0;
        }
        catch (OperationCanceledException)
        {
            screen.Note("Cancelled.");
            return Cancelled;
        }
#pragma warning disable CA1031 // The last stop of every error: people get one line, and all of it on request.
        catch (Exception error)
#pragma warning restore CA1031
        {
            screen.Error(options.IsVerbose(result) ? error.ToString() : ErrorText.Of(error));
            return Failed;
        }
    }
}
