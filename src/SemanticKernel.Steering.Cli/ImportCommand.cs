using System.CommandLine;
using SemanticKernel.Steering.LlamaCpp;

namespace SemanticKernel.Steering.Cli;

/// <summary><c>steer import file… --model model.gguf --concept name --output file</c>: takes over what other tools learned.</summary>
internal static class ImportCommand
{
    private static readonly Argument<string[]> Files = new("files")
    {
        Description = "Control vectors (.gguf), which are added up, or the state of ml-act (.safetensors).", Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<string> Model = new("--model") { Description = "The model to be steered, a GGUF file.", Required = true };
    private static readonly Option<string> Concept = new("--concept") { Description = "The name of the concept.", Required = true };
    private static readonly Option<string> Output = MapFiles.CreateOutput();
    private static readonly Option<LayerConvention?> Layers = new("--layers") { Description = "The block that direction.N belongs to; by default as the file's writer meant it." };
    private static readonly Option<bool> DropDirectionZero = new("--drop-direction-zero") { Description = "Leave a direction.0 out instead of refusing the file." };
    private static readonly Option<SteeringScope> Scope = new("--scope") { Description = "Which tokens are steered.", DefaultValueFactory = _ => SteeringScope.All };

    internal static Command Create()
    {
        var command = new Command("import", "Makes a map set of control vectors or of ml-act's state; see docs/exchange.md.") { Files, Model, Concept, Output, Layers, DropDirectionZero, Scope };
        command.SetAction((result, cancellationToken) => ErrorReport.Run(() =>
        {
            Import(result, cancellationToken);
            return Task.CompletedTask;
        }));
        return command;
    }

    private static void Import(ParseResult result, CancellationToken cancellationToken)
    {
        var files = result.GetRequiredValue(Files);
        using var fitter = LlamaSteeringFitter.Open(new SteeredLlamaOptions { ModelPath = result.GetRequiredValue(Model) }, cancellationToken: cancellationToken);
        var maps = files.Any(IsState) ? ImportState(result, files, fitter.Model) : ImportVectors(result, files, fitter.Model);

        // Fails if the model's graph lacks one of the sites.
        SiteSelector.Of(maps.Operations.Keys).Resolve(fitter.Model.HookPoints.Select(hook => hook.Site));
        MapFiles.Save(maps, result.GetRequiredValue(Output));
    }

    private static MapSet ImportVectors(ParseResult result, string[] files, LlamaModel model)
    {
        var import = ControlVector.Import(files, new ControlVectorImportOptions
        {
            Concept = result.GetRequiredValue(Concept),
            Model = model.Identity,
            Layers = result.GetValue(Layers),
            DropDirectionZero = result.GetValue(DropDirectionZero),
            Scope = result.GetValue(Scope),
        });
        foreach (var warning in import.Warnings)
        {
            Console.Error.WriteLine($"Warning: {warning}");
        }

        return import.Maps;
    }

    private static MapSet ImportState(ParseResult result, string[] files, LlamaModel model) =>
        files is [var file] && result.GetValue(Layers) is null && !result.GetValue(DropDirectionZero)
            ? ActState.Import(file, new ActStateImportOptions { Concept = result.GetRequiredValue(Concept), Model = model.Identity, Scope = result.GetValue(Scope) })
            : throw new ArgumentException("The state of ml-act is one file by itself, without options for control vectors.");

    private static bool IsState(string file) => Path.GetExtension(file).Equals(".safetensors", StringComparison.OrdinalIgnoreCase);
}
