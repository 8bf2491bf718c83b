using System.CommandLine;
using SemanticKernel.Steering.Cli;

var root = new RootCommand("Teaches local models concepts and looks at what was learned.")
{
    HooksCommand.Create(),
    FitCommand.Create(),
    DescribeCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
