using SemanticKernel.Steering.Cli;

return await SteerCommand.Create().Parse(args).InvokeAsync();
