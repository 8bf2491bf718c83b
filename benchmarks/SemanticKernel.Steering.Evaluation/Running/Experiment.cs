using System.Collections.Concurrent;
using Microsoft.Extensions.AI;
using SemanticKernel.Steering.Evaluation.Judging;
using SemanticKernel.Steering.LlamaCpp;
using SemanticKernel.Steering.Samples;

namespace SemanticKernel.Steering.Evaluation.Running;

/// <summary>Fits the recipes of several settings and lets them all answer the same questions with the same seeds.</summary>
/// <param name="questions">The questions; each is a conversation of its own.</param>
/// <param name="seeds">How often each question is asked.</param>
/// <param name="engines">How many engines answer side by side, each on one thread.</param>
/// <param name="progress">Hears what is being done.</param>
internal sealed class Experiment(IReadOnlyList<Question> questions, int seeds, int engines, IWorkProgress progress)
{
    private const int MaxAnswerTokens = 100;
    private const int MaxSeeds = 1000;

    /// <summary>Runs the settings. The same input always gives the same answers on the same machine, whatever the number of engines.</summary>
    public async Task<IReadOnlyList<Outcome>> RunAsync(IReadOnlyList<Setting> settings, CancellationToken cancellationToken)
    {
        var recipes = settings.SelectMany(setting => setting.Parts).Select(part => part.Recipe);
        var maps = await FittedMaps.FitAsync(ModelOptions(), recipes, engines, progress, cancellationToken);
        var outcomes = settings
            .Select(setting => new Outcome(setting, questions, [.. questions.Select(_ => new Judgement[seeds])]))
            .ToArray();
        var jobs = new ConcurrentQueue<(Outcome Outcome, int Question)>(
            outcomes.SelectMany(outcome => Enumerable.Range(0, questions.Count).Select(question => (outcome, question))));
        progress.Begin("Answering", jobs.Count);
        await Task.WhenAll(Enumerable.Range(0, engines).Select(_ => Task.Run(() => WorkAsync(maps, jobs, cancellationToken), cancellationToken)));
        return outcomes;
    }

    // ggml's threads spin: more of them than cores make all of them crawl, and one is fastest for a model this small.
    private static SteeredLlamaOptions ModelOptions() => new() { ModelPath = TinyChatConcept.ModelPath, Threads = 1 };

    private async Task WorkAsync(FittedMaps maps, ConcurrentQueue<(Outcome Outcome, int Question)> jobs, CancellationToken cancellationToken)
    {
        try
        {
            var options = ModelOptions();
            foreach (var map in maps.All)
            {
                options.AddConcept(map);
            }

            using var engine = await SteeredLlamaEngine.LoadAsync(options, cancellationToken: cancellationToken);
            using var client = new SteeredLlamaChatClient(engine);
            while (jobs.TryDequeue(out var job))
            {
                await AskAsync(client, maps, job.Outcome, job.Question, cancellationToken);
                progress.Step();
            }
        }
        catch
        {
            // The others need not finish what will not be reported.
            jobs.Clear();
            throw;
        }
    }

    private async Task AskAsync(IChatClient client, FittedMaps maps, Outcome outcome, int index, CancellationToken cancellationToken)
    {
        var question = questions[index];
        for (var seed = 0; seed < seeds; seed++)
        {
            var response = await client.GetResponseAsync(question.Text, OptionsFor(outcome.Setting, maps, (index * MaxSeeds) + seed), cancellationToken);
            outcome.Judgements[index][seed] = Judgement.Of(question, response.Text, response.FinishReason == ChatFinishReason.Stop);
        }
    }

    private static ChatOptions OptionsFor(Setting setting, FittedMaps maps, long seed) => new()
    {
        Instructions = setting.SystemPrompt,
        Temperature = 0.8f,
        TopK = 0,
        TopP = 1,
        MaxOutputTokens = MaxAnswerTokens,
        Seed = seed,
        AdditionalProperties = new AdditionalPropertiesDictionary
        {
            [SteeringKeys.MinP] = 0,
            [SteeringKeys.Request] = new SteeringRequest
            {
                Concepts = setting.Parts.ToDictionary(part => maps.NameOf(part.Recipe), part => part.Strength),
            },
        },
    };
}
