using System.Diagnostics;
using SemanticKernel.Steering.LlamaCpp;
using SemanticKernel.Steering.LlamaCpp.Chat.Templates;
using SemanticKernel.Steering.LlamaCpp.Fitting;

namespace SemanticKernel.Steering.Benchmarks;

/// <summary>Whole fits of one model, from texts to map set, divided by llama.cpp reading the same texts.</summary>
internal sealed class FittingBenchmark(string model, LlamaSteeringFitter fitter, SteeredLlamaOptions settings, ConceptData data, int threads, int rounds)
{
    private static readonly FitOptions Options = new();

    internal IEnumerable<BenchmarkRow> Run()
    {
        var tokenizer = new TrainingTokenizer(new ModelTemplate(fitter.Model, null), Options.Tokens, fitter.Model.TrainedContextSize);
        var job = new FitJob(
            fitter.Model, settings, Options, tokenizer.Tokenize("source", data.Source), tokenizer.Tokenize("target", data.Target));
        using var bare = new BarePrefill(job, threads);
        Console.WriteLine($"{model}: {job.Texts.Length} texts, {job.Texts.Sum(text => text.Tokens.Length)} tokens, {job.Sites.Count} sites; llama.cpp alone reads them in {bare.Run():F2} s");
        yield return Compare("capture-fit", "≤ 1.05", Options, bare);
        yield return Compare("causal-fit", "≤ 1.20", Options with { Order = FitOrder.Causal }, bare);
    }

    private BenchmarkRow Compare(string row, string goal, FitOptions options, BarePrefill bare) =>
        BenchmarkRow.Divide($"{row}/{model}", goal, rounds, () => Fit(options), bare.Run);

    private double Fit(FitOptions options)
    {
        var clock = Stopwatch.StartNew();
        fitter.FitAsync(data, options).GetAwaiter().GetResult();
        return clock.Elapsed.TotalSeconds;
    }
}
