// A program built on LLamaSharp gets a guardrail: SteeredLLamaSharp ["a question" …]
using LLama;
using LLama.Common;
using LLama.Native;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using SemanticKernel.Steering;
using SemanticKernel.Steering.LlamaCpp;
using SemanticKernel.Steering.Samples;

string[] questions = args.Length > 0 ? args : ["Hey stupid, how are you?", "Come on, fool, what is the capital of India?"];
var model = TinyChatConcept.ModelPath;

// What the program had before: LLamaSharp finds the native library, keeps the log and loads the weights.
NativeLibraryConfig.All.WithLogCallback((_, _) => { });
using var weights = LLamaWeights.LoadFromFile(new ModelParams(model));

// Maps are fitted once, on those weights, and lie beside the program from then on.
var map = Path.Combine(AppContext.BaseDirectory, "toxicity.safetensors");
if (!File.Exists(map))
{
    Console.Error.WriteLine("Fitting 'toxicity', once …");
    using var fitter = LlamaSteeringFitter.Open(new SteeredLlamaOptions { ModelPath = model, Threads = 1 }.UseLLamaSharp(weights));
    (await fitter.FitAsync(TinyChatConcept.Toxicity.LoadData(), TinyChatConcept.Toxicity.Options)).Save(map);
}

// The guardrail: a policy that no request can weaken.
var builder = Kernel.CreateBuilder();
builder.AddSteeredLlama("tinychat", model, options =>
{
    options.UseLLamaSharp(weights)
        .AddConcept("toxicity", map)
        .AddPolicy(new SteeringPolicy("guarded", [new ConceptPolicy("toxicity", strength: 0.85)]))
        .AddPolicy(new SteeringPolicy("unguarded", [new ConceptPolicy("toxicity", strength: 0)]));
    (options.DefaultPolicy, options.Threads) = ("guarded", 1);
});

var kernel = builder.Build();
using var services = (ServiceProvider)kernel.Services;
Console.Error.WriteLine($"llama.cpp {services.GetRequiredService<SteeredLlamaEngine>().Model.NativeLibrary}");

var chat = kernel.GetRequiredService<IChatCompletionService>();
foreach (var question in questions)
{
    Console.WriteLine(question);
    foreach (var policy in new[] { "unguarded", "guarded" })
    {
        // Code chooses the policy; what a user says in a prompt cannot.
        kernel.Data[SteeringKeys.Policy] = policy;
        var settings = new SteeredLlamaPromptExecutionSettings { Temperature = 0 };
        Console.WriteLine($"  {policy}: {(await chat.GetChatMessageContentAsync(question, settings, kernel)).Content}");
    }
}
