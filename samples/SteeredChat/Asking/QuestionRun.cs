using Microsoft.SemanticKernel.ChatCompletion;

namespace SteeredChat;

/// <summary>Answers a list of questions, each in a conversation of its own.</summary>
internal sealed class QuestionRun(ChatArguments arguments, SteeredModel model, Strengths strengths, Screen screen)
{
    public async Task RunAsync(IReadOnlyList<string> questions, CancellationToken cancellationToken)
    {
        for (var i = 0; i < questions.Count; i++)
        {
            if (questions.Count > 1 && !arguments.Json)
            {
                screen.Note(questions[i]);
            }

            var history = new ChatHistory();
            history.AddUserMessage(questions[i]);
            Action<string> onText = arguments.Json ? static _ => { } : screen.Answer;
            var reply = await model.AskAsync(history, strengths.Values, arguments.Sampling.WithSeed(i), onText, cancellationToken);
            if (arguments.Json)
            {
                screen.AnswerLine(AnswerLine.Write(questions[i], reply));
            }
            else
            {
                screen.EndAnswer();
            }
        }
    }

    /// <summary>Gathers the questions of <c>--ask</c> and <c>--ask-file</c>, in this order.</summary>
    /// <exception cref="UserErrorException">There is none, or an empty one, or no such file.</exception>
    public static IReadOnlyList<string> Collect(ChatArguments arguments)
    {
        if (arguments.AskFile is { } missing && !File.Exists(missing))
        {
            throw new UserErrorException($"There is no file '{missing}'.");
        }

        if (arguments.Ask.Any(string.IsNullOrWhiteSpace))
        {
            throw new UserErrorException("--ask needs a question that is not empty.");
        }

        var lines = arguments.AskFile is { } path ? File.ReadLines(path).Select(line => line.Trim()).Where(line => line.Length > 0) : [];
        var questions = arguments.Ask.Concat(lines).ToArray();
        return questions.Length > 0 ? questions : throw new UserErrorException($"'{arguments.AskFile}' holds no questions.");
    }
}
