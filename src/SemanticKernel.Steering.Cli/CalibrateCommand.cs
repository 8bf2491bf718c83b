using System.CommandLine;
using System.Globalization;
using SemanticKernel.Steering.LlamaCpp;

namespace SemanticKernel.Steering.Cli;

/// <summary><c>steer calibrate model.gguf file target.jsonl --output file</c>: scales maps, imported ones too, so that 1 is the strength to use.</summary>
internal static class CalibrateCommand
{
    internal static Command Create()
    {
        var model = ModelArguments.CreateModel();
        var file = MapFiles.CreateInput();
        var target = new Argument<string>("target") { Description = "Texts as the model should answer: JSON lines, or .txt with one text per line." };
        var passes = new Option<int>("--passes") { Description = "How often to go over single sites; 0 keeps one strength for all.", DefaultValueFactory = _ => new CalibrationOptions().Passes };
        var texts = new Option<int>("--max-texts") { Description = "How many texts to use at most.", DefaultValueFactory = _ => new CalibrationOptions().MaxTexts };
        var output = MapFiles.CreateOutput();
        var command = new Command("calibrate", "Finds the strength of every site at which texts are most likely and scales the maps by it.") { model, file, target, passes, texts, output };
        command.SetAction((result, cancellationToken) => ErrorReport.Run(async () =>
        {
            var maps = MapSet.Load(result.GetRequiredValue(file));
            var path = result.GetRequiredValue(target);
            var data = ConceptData.LoadJsonLines(maps.Concept, path, path);
            var options = new CalibrationOptions { Passes = result.GetValue(passes), MaxTexts = result.GetValue(texts) };
            using var fitter = LlamaSteeringFitter.Open(new SteeredLlamaOptions { ModelPath = result.GetRequiredValue(model) }, cancellationToken: cancellationToken);
            var calibrated = await ProgressDisplay.ShowAsync(progress => fitter.CalibrateAsync(maps, data, options, progress, cancellationToken));
            MapFiles.Save(calibrated.Maps, result.GetRequiredValue(output));
            Write(calibrated.Report);
        }));
        return command;
    }

    /// <summary>Says what was found.</summary>
    internal static void Write(CalibrationReport report)
    {
        Console.Out.WriteLine();
        Console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Answers kept out of the search cost {report.LossBefore:F4} nats per token without the concept and {report.LossAfter:F4} at strength 1."));
        foreach (var (site, strength) in report.Strengths)
        {
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{site,-30} scaled by {strength,7:F3}"));
        }
    }
}
