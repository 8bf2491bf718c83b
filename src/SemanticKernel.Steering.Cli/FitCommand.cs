using System.CommandLine;
using SemanticKernel.Steering.LlamaCpp;
using Spectre.Console;

namespace SemanticKernel.Steering.Cli;

/// <summary><c>steer fit model.gguf concept source.jsonl target.jsonl --output file</c>: learns a concept from two sets of texts.</summary>
internal static class FitCommand
{
    private static readonly Argument<string> Model = ModelArguments.CreateModel();
    private static readonly Argument<string> Concept = new("concept") { Description = "The name of the concept." };
    private static readonly Argument<string> Source = new("source") { Description = "Texts with the concept (unsafe ones): JSON lines, or .txt with one text per line." };
    private static readonly Argument<string> Target = new("target") { Description = "Texts without it (safe ones)." };
    private static readonly Option<string> Output = MapFiles.CreateOutput();
    private static readonly Option<TransportEstimator> Estimator = new("--estimator") { Description = "How maps are fitted.", DefaultValueFactory = _ => TransportEstimator.Linear };
    private static readonly Option<HookPoint> Hook = new("--hook") { Description = "Where hidden states are edited.", DefaultValueFactory = _ => HookPoint.BlockOutput };
    private static readonly Option<int?> FirstLayer = new("--first-layer") { Description = "First layer, from 0." };
    private static readonly Option<int?> LastLayer = new("--last-layer") { Description = "Last layer." };
    private static readonly Option<TokenSelection> Tokens = new("--tokens") { Description = "Which tokens count.", DefaultValueFactory = _ => TokenSelection.WithoutBos };
    private static readonly Option<Pooling> Pool = new("--pooling") { Description = "How the tokens of a text become one sample.", DefaultValueFactory = _ => Pooling.Mean };
    private static readonly Option<SteeringScope> Scope = new("--scope") { Description = "Which tokens are steered.", DefaultValueFactory = _ => SteeringScope.All };
    private static readonly Option<double?> Strength = new("--strength") { Description = "The strength to recommend." };
    private static readonly Option<string?> Template = new("--template") { Description = "A built-in chat template in place of the model's own." };

    internal static Command Create()
    {
        var command = new Command("fit", "Learns a concept from two sets of texts and writes its map set.")
        {
            Model, Concept, Source, Target, Output, Estimator, Hook, FirstLayer, LastLayer, Tokens, Pool, Scope, Strength, Template,
        };
        command.SetAction((result, cancellationToken) => ErrorReport.Run(() => FitAsync(result, cancellationToken)));
        return command;
    }

    private static async Task FitAsync(ParseResult result, CancellationToken cancellationToken)
    {
        var data = ConceptData.LoadJsonLines(result.GetRequiredValue(Concept), result.GetRequiredValue(Source), result.GetRequiredValue(Target));
        var options = new FitOptions
        {
            Estimator = result.GetValue(Estimator),
            Sites = SiteSelector.Of(result.GetValue(Hook), result.GetValue(FirstLayer), result.GetValue(LastLayer)),
            Tokens = result.GetValue(Tokens),
            Pooling = result.GetValue(Pool),
            Scope = result.GetValue(Scope),
            RecommendedStrength = result.GetValue(Strength),
        };
        using var fitter = LlamaSteeringFitter.Open(
            new SteeredLlamaOptions { ModelPath = result.GetRequiredValue(Model), ChatTemplate = result.GetValue(Template) }, cancellationToken: cancellationToken);
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        var maps = await console.Progress().StartAsync(async context =>
        {
            var task = context.AddTask("Fitting");
            return await fitter.FitAsync(data, options, new Progress<FitProgress>(progress =>
            {
                task.Description = progress.Stage;
                task.MaxValue = Math.Max(progress.Total, 1);
                task.Value = progress.Done;
            }), cancellationToken);
        });

        var output = result.GetRequiredValue(Output);
        maps.Save(output);
        DescribeCommand.Write(maps, output);
    }
}
