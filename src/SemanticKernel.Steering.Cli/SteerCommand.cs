using System.CommandLine;

namespace SemanticKernel.Steering.Cli;

/// <summary><c>steer</c>: all commands.</summary>
internal static class SteerCommand
{
    internal static RootCommand Create() => new("Teaches local models concepts and looks at what was learned.")
    {
        HooksCommand.Create(),
        FitCommand.Create(),
        CalibrateCommand.Create(),
        DescribeCommand.Create(),
        ImportCommand.Create(),
        ExportCommand.Create(),
        MergeCommand.Create(),
        SubsetCommand.Create(),
        ScaleCommand.Create(),
        InterpolateCommand.Create(),
    };
}
