using SemanticKernel.Steering.Evaluation;

return await EvaluationCommand.Create().Parse(args).InvokeAsync();
