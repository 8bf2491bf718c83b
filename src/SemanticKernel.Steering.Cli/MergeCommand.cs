using System.CommandLine;

namespace SemanticKernel.Steering.Cli;

/// <summary><c>steer merge file… --output file</c>: joins sets of one concept that act at different sites.</summary>
internal static class MergeCommand
{
    internal static Command Create()
    {
        var files = new Argument<string[]>("files") { Description = "Map set files of one concept and model.", Arity = new ArgumentArity(2, 100) };
        var output = MapFiles.CreateOutput();
        var command = new Command("merge", "Joins map sets of one concept that act at different sites.") { files, output };
        command.SetAction(result => ErrorReport.Run(() =>
        {
            MapFiles.Save(
                result.GetRequiredValue(files).Select(file => MapSet.Load(file)).Aggregate((merged, next) => merged.Merge(next)),
                result.GetRequiredValue(output));
            return Task.CompletedTask;
        }));
        return command;
    }
}
