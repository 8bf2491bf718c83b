using System.CommandLine;
using SemanticKernel.Steering.Evaluation.Choosing;

namespace SemanticKernel.Steering.Evaluation;

/// <summary>The command line.</summary>
internal static class EvaluationCommand
{
    private const string Description = """
        Measures what the concepts of TinyChat do.

        Without options: fits the recipes of the samples and reports on the questions of 'eval', with 5 seeds and paired 95 % intervals.
        With --choose or --try: measures on the questions of 'tune' only, so that nothing is ever chosen on 'eval'.
        """;

    /// <summary>Creates the command.</summary>
    public static RootCommand Create()
    {
        var choose = new Option<string[]>("--choose")
        {
            Description = "Run all grids, or those named, on 'tune' and say what is best.",
            Arity = ArgumentArity.ZeroOrMore,
            AllowMultipleArgumentsPerToken = true,
        };
        choose.AcceptOnlyFromAmong([.. ConceptGrids.All.Keys, ConceptGrids.TogetherName]);
        var tries = new Option<string[]>("--try")
        {
            Description = "Measure a recipe on 'tune', for example \"honesty estimator=mean tokens=answer sites=block_output:0-2 strength=1,2\"; join two with & to use both. May be repeated.",
        };
        var seeds = new Option<int?>("--seeds") { Description = "How often each question is asked. Default: 5, or 2 with --choose and --try." };
        var engines = new Option<int>("--engines") { Description = "How many engines answer side by side, each on one thread.", DefaultValueFactory = _ => Math.Min(2, Environment.ProcessorCount) };
        var kinds = new Option<string[]>("--kinds")
        {
            Description = "Ask only questions of these kinds: cap, col, snd, opp, add, story, name, talk.",
            AllowMultipleArgumentsPerToken = true,
        };
        kinds.AcceptOnlyFromAmong("cap", "col", "snd", "opp", "add", "story", "name", "talk");
        var json = new Option<FileInfo?>("--json") { Description = "Also write the results to this file." };
        seeds.Validators.Add(result => Require(result, result.GetValue(seeds) is null or > 0 and <= 1000));
        engines.Validators.Add(result => Require(result, result.GetValue(engines) is > 0 and <= 256));

        var command = new RootCommand(Description) { choose, tries, seeds, engines, kinds, json };
        command.SetAction(async (result, cancellationToken) =>
        {
            var run = new EvaluationRun(result.GetValue(seeds), result.GetValue(engines), result.GetValue(kinds) ?? [], result.GetValue(json)?.FullName);
            return result.GetResult(choose) is not null ? await run.ChooseAsync(result.GetValue(choose)!, cancellationToken)
                : result.GetValue(tries) is { Length: > 0 } lines ? await run.TryAsync(lines, cancellationToken)
                : await run.ReportAsync(cancellationToken);
        });
        return command;
    }

    private static void Require(System.CommandLine.Parsing.OptionResult result, bool holds)
    {
        if (!holds)
        {
            result.AddError($"{result.Option.Name} is out of its range.");
        }
    }
}
