using System.CommandLine;

namespace SemanticKernel.Steering.Cli;

/// <summary><c>steer export file --output vector.gguf</c>: writes a control vector that stock llama.cpp loads.</summary>
internal static class ExportCommand
{
    internal static Command Create()
    {
        var file = MapFiles.CreateInput();
        var output = MapFiles.CreateOutput("The control vector to write, a GGUF file.");
        var strength = new Option<double>("--strength") { Description = "The strength to build in.", DefaultValueFactory = _ => 1 };
        var command = new Command("export", "Writes maps that only add to block outputs as a control vector for llama.cpp.") { file, output, strength };
        command.SetAction(result => ErrorReport.Run(() =>
        {
            ControlVector.Export(MapSet.Load(result.GetRequiredValue(file)), result.GetRequiredValue(output), result.GetValue(strength));
            return Task.CompletedTask;
        }));
        return command;
    }
}
