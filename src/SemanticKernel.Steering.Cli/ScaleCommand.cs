using System.CommandLine;

namespace SemanticKernel.Steering.Cli;

/// <summary><c>steer scale file factor --output file</c>: makes a set that does at strength 1 what the file does at the factor.</summary>
internal static class ScaleCommand
{
    internal static Command Create()
    {
        var file = MapFiles.CreateInput();
        var factor = new Argument<double>("factor") { Description = "What strengths are multiplied with." };
        var output = MapFiles.CreateOutput();
        var command = new Command("scale", "Makes a map set that does at strength 1 what the file does at the factor.") { file, factor, output };
        command.SetAction(result => ErrorReport.Run(() =>
        {
            MapFiles.Save(MapSet.Load(result.GetRequiredValue(file)).Scale(result.GetValue(factor)), result.GetRequiredValue(output));
            return Task.CompletedTask;
        }));
        return command;
    }
}
