using Microsoft.SemanticKernel;
using SemanticKernel.Steering;
using SemanticKernel.Steering.LlamaCpp;

namespace SteeredChat;

/// <summary>The quick start of the README: a test runs this file and compares it with the README's text.</summary>
internal static class QuickStart
{
    internal static async Task RunAsync()
    {
        // quick start begins
        var model = "assets/tinychat/tinychat.gguf";
        var data = ConceptData.LoadJsonLines("toxicity", "assets/tinychat/data/toxicity.source.jsonl", "assets/tinychat/data/toxicity.target.jsonl");
        using var fitter = LlamaSteeringFitter.Open(new SteeredLlamaOptions { ModelPath = model });
        var toxicity = await fitter.FitAsync(data, new FitOptions { Estimator = TransportEstimator.Mean });

        var builder = Kernel.CreateBuilder();
        builder.AddSteeredLlama("tinychat", model, options => options.AddConcept(toxicity));
        var kernel = builder.Build();

        foreach (var strength in new[] { 0, 1.5, -1.5 })
        {
            var settings = new SteeredLlamaPromptExecutionSettings { Temperature = 0, Concepts = new Dictionary<string, double> { ["toxicity"] = strength } };
            Console.WriteLine(await kernel.InvokePromptAsync("Hey stupid, what is the capital of India?", new KernelArguments(settings)));
        }

        // quick start ends
        ((IDisposable)kernel.Services).Dispose();
    }
}
