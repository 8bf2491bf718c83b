namespace SteeredChat;

/// <summary>One run of the program: concepts, then the model, then questions or a chat.</summary>
internal static class ChatProgram
{
    public static async Task RunAsync(ChatArguments arguments, Screen screen)
    {
        var questions = arguments.IsInteractive ? null : QuestionRun.Collect(arguments);
        var notices = new Notices();
        using var policies = OpenPolicies(arguments, notices);
        arguments = arguments with { ModelPath = policies?.ModelPath ?? arguments.ModelPath };
        using var shelf = new ConceptShelf(arguments, policies);
        using var interrupts = new Interrupts();
        using var model = await interrupts.RunAsync(token => OpenAsync(arguments, policies, shelf, notices, screen, token));
        if (arguments.Policy is { } policy)
        {
            model.UsePolicy(policy);
        }

        var strengths = new Strengths(model);
        foreach (var wanted in arguments.Steer)
        {
            strengths.Set(wanted);
        }

        if (questions is null)
        {
            await new ChatSession(arguments, model, strengths, interrupts, notices, screen).RunAsync();
        }
        else
        {
            var run = new QuestionRun(arguments, model, strengths, screen);
            await interrupts.RunAsync(token => run.RunAsync(questions, token));
        }
    }

    private static PolicyFile? OpenPolicies(ChatArguments arguments, Notices notices)
    {
        var policies = PolicyFile.Open(arguments, notices);
        if (policies is null && arguments.Policy is not null)
        {
            throw new UserErrorException("There are no policies for a model or concepts of your own: bring them with --config.");
        }

        // Where nothing is steered no policy can be broken, and no maps are worth fitting.
        if (policies is { RestsByDefault: true } && arguments is { IsInteractive: false, ConfigPath: null, Policy: null, Steer: [] })
        {
            policies.Dispose();
            return null;
        }

        return policies;
    }

    private static async Task<SteeredModel> OpenAsync(
        ChatArguments arguments, PolicyFile? policies, ConceptShelf shelf, Notices notices, Screen screen, CancellationToken cancellationToken)
    {
        if (arguments.IsInteractive && arguments.ModelPath is { } path)
        {
            screen.Note($"Opening {path}");
        }

        var maps = await shelf.LoadAsync(SteeredModel.OptionsFor(arguments), screen, cancellationToken);
        return SteeredModel.Open(arguments, policies, maps, notices);
    }
}
