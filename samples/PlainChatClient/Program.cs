// A steered model with Microsoft.Extensions.AI alone: PlainChatClient ["a question" [policy]]
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SemanticKernel.Steering;
using SemanticKernel.Steering.LlamaCpp;
using SemanticKernel.Steering.Samples;

var question = args.ElementAtOrDefault(0) ?? "How are you?";
var policy = args.ElementAtOrDefault(1);

// Maps are fitted once, and lie beside the program from then on.
var map = Path.Combine(AppContext.BaseDirectory, "toxicity.safetensors");
if (!File.Exists(map))
{
    Console.Error.WriteLine("Fitting 'toxicity', once …");
    using var fitter = LlamaSteeringFitter.Open(new SteeredLlamaOptions { ModelPath = TinyChatConcept.ModelPath, Threads = 1 });
    (await fitter.FitAsync(TinyChatConcept.Toxicity.LoadData(), TinyChatConcept.Toxicity.Options)).Save(map);
}

// Model, concepts and policies are configured.
var configuration = new ConfigurationBuilder().SetBasePath(AppContext.BaseDirectory).AddJsonFile("appsettings.json", optional: false, reloadOnChange: true).Build();
await using var services = new ServiceCollection()
    .AddSteeredLlamaChatClient(configuration.GetSection(SteeredLlamaOptions.SectionName))
    .BuildServiceProvider();

// The application chooses the policy of a call; null leaves it to the configuration.
using var client = services.GetRequiredService<IChatClient>().AsBuilder()
    .UseSteering((messages, options) => new SteeringRequest { Policy = policy })
    .Build();

await foreach (var update in client.GetStreamingResponseAsync(question))
{
    Console.Write(update.Text);
}

Console.WriteLine();
