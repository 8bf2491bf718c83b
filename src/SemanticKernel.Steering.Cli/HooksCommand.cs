using System.CommandLine;
using SemanticKernel.Steering.LlamaCpp;

namespace SemanticKernel.Steering.Cli;

/// <summary><c>steer hooks model.gguf</c>: where the model's hidden states can be read and edited.</summary>
internal static class HooksCommand
{
    internal static Command Create()
    {
        var model = ModelArguments.CreateModel();
        var command = new Command("hooks", "Lists the hook points of a model: site, node of its graph, width.") { model };
        command.SetAction(result => ErrorReport.Run(() =>
        {
            using var fitter = LlamaSteeringFitter.Open(new SteeredLlamaOptions { ModelPath = result.GetRequiredValue(model) });
            var sites = fitter.Model.HookPoints.Max(hook => hook.Site.ToString().Length);
            var nodes = fitter.Model.HookPoints.Max(hook => hook.Node.Length);
            foreach (var hook in fitter.Model.HookPoints)
            {
                Console.Out.WriteLine($"{hook.Site.ToString().PadRight(sites)}  {hook.Node.PadRight(nodes)}  {hook.Width}");
            }

            return Task.CompletedTask;
        }));
        return command;
    }
}
