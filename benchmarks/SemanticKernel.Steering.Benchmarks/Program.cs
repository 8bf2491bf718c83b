using System.CommandLine;
using SemanticKernel.Steering.Benchmarks;

var root = new RootCommand("Measures what steering costs. All figures are ratios of runs taken in turn in one process.")
{
    CostCommand.Create(),
    ServingCommand.Create(),
    FittingCommand.Create(),
    CapacityCommand.Create(),
    SoakCommand.Create(),
    BleedCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
