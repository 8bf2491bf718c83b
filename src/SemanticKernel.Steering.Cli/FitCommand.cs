using System.CommandLine;
using SemanticKernel.Steering.LlamaCpp;

namespace SemanticKernel.Steering.Cli;

/// <summary><c>steer fit model.gguf concept source.jsonl target.jsonl --output file</c>: learns a concept from two sets of texts.</summary>
internal static class FitCommand
{
    private const int FewTexts = 32;

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
    private static readonly Option<FitOrder> Order = new("--order") { Description = "Whether each site sees what the maps before it leave.", DefaultValueFactory = _ => FitOrder.Simultaneous };
    private static readonly Option<Shrinkage> Shrink = new("--shrinkage") { Description = "Whether slopes from few texts are drawn towards 1.", DefaultValueFactory = _ => Shrinkage.None };
    private static readonly Option<double> HeldOut = new("--held-out") { Description = "Share of the texts to hold out, 0 to 0.5: says how the maps do on them." };
    private static readonly Option<bool> Calibrate = new("--calibrate") { Description = "Finds the strength of every site at which the target texts are most likely; 1 is then the strength to use." };
    private static readonly Option<double?> Strength = new("--strength") { Description = "The strength to recommend." };
    private static readonly Option<string?> Template = new("--template") { Description = "A built-in chat template in place of the model's own." };

    internal static Command Create()
    {
        var command = new Command("fit", "Learns a concept from two sets of texts and writes its map set.")
        {
            Model, Concept, Source, Target, Output, Estimator, Hook, FirstLayer, LastLayer, Tokens, Pool, Scope, Order, Shrink, HeldOut, Calibrate,
            Strength, Template,
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
            Order = result.GetValue(Order),
            Shrinkage = result.GetValue(Shrink),
            HeldOutShare = result.GetValue(HeldOut),
            Calibration = result.GetValue(Calibrate) ? new CalibrationOptions() : null,
            RecommendedStrength = result.GetValue(Strength),
        };
        using var fitter = LlamaSteeringFitter.Open(
            new SteeredLlamaOptions { ModelPath = result.GetRequiredValue(Model), ChatTemplate = result.GetValue(Template) }, cancellationToken: cancellationToken);
        var fitted = await ProgressDisplay.ShowAsync(progress => fitter.FitWithReportAsync(data, options, progress, cancellationToken));
        var output = result.GetRequiredValue(Output);
        fitted.Maps.Save(output);
        DescribeCommand.Write(fitted.Maps, output);
        Report(fitted);
        HintAtShrinkage(data, options);
    }

    private static void Report(FitResult fitted)
    {
        if (fitted.Trust is { } trust)
        {
            Console.Out.WriteLine();
            Console.Out.Write(trust);
        }

        if (fitted.Calibration is { } calibration)
        {
            CalibrateCommand.Write(calibration);
        }
    }

    private static void HintAtShrinkage(ConceptData data, FitOptions options)
    {
        var texts = Math.Min(data.Source.Count, data.Target.Count);
        if (texts <= FewTexts && options is { Shrinkage: Shrinkage.None, Estimator: TransportEstimator.Linear or TransportEstimator.Gaussian })
        {
            Console.Error.WriteLine($"Hint: slopes from {texts} texts are noisy; --shrinkage {nameof(Shrinkage.FewSamples)} draws them towards 1, and --estimator {nameof(TransportEstimator.Mean)} has none.");
        }
    }
}
