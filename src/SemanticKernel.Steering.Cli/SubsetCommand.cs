using System.CommandLine;

namespace SemanticKernel.Steering.Cli;

/// <summary><c>steer subset file --hook BlockOutput --first-layer 1 --output file</c>: keeps some of the sites.</summary>
internal static class SubsetCommand
{
    internal static Command Create()
    {
        var file = MapFiles.CreateInput();
        var output = MapFiles.CreateOutput();
        var hook = new Option<HookPoint>("--hook") { Description = "The hook point to keep.", DefaultValueFactory = _ => HookPoint.BlockOutput };
        var first = new Option<int?>("--first-layer") { Description = "First layer to keep, from 0." };
        var last = new Option<int?>("--last-layer") { Description = "Last layer to keep." };
        var command = new Command("subset", "Keeps some of the sites of a map set.") { file, output, hook, first, last };
        command.SetAction(result => ErrorReport.Run(() =>
        {
            var sites = SiteSelector.Of(result.GetValue(hook), result.GetValue(first), result.GetValue(last));
            MapFiles.Save(MapSet.Load(result.GetRequiredValue(file)).Subset(sites), result.GetRequiredValue(output));
            return Task.CompletedTask;
        }));
        return command;
    }
}
