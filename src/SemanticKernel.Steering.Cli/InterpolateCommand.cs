using System.CommandLine;

namespace SemanticKernel.Steering.Cli;

/// <summary><c>steer interpolate from to share --output file</c>: makes the set that lies between two of one concept.</summary>
internal static class InterpolateCommand
{
    internal static Command Create()
    {
        var from = MapFiles.CreateInput("from", "The map set file at share 0.");
        var to = MapFiles.CreateInput("to", "The map set file at share 1, of the same concept and model.");
        var share = new Argument<double>("share") { Description = "The share of the way, from 0 to 1." };
        var output = MapFiles.CreateOutput();
        var command = new Command("interpolate", "Makes the map set that lies between two of one concept.") { from, to, share, output };
        command.SetAction(result => ErrorReport.Run(() =>
        {
            MapFiles.Save(
                MapSet.Load(result.GetRequiredValue(from)).Interpolate(MapSet.Load(result.GetRequiredValue(to)), result.GetValue(share)),
                result.GetRequiredValue(output));
            return Task.CompletedTask;
        }));
        return command;
    }
}
