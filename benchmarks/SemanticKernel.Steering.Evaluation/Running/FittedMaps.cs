using System.Globalization;
using SemanticKernel.Steering.Evaluation.Recipes;
using SemanticKernel.Steering.LlamaCpp;

namespace SemanticKernel.Steering.Evaluation.Running;

/// <summary>The maps of several recipes, each registered under a name of its own, so that one engine can hold them all.</summary>
internal sealed class FittedMaps
{
    private readonly Dictionary<string, MapSet> _byRecipe;

    private FittedMaps(IReadOnlyList<Recipe> recipes, IReadOnlyList<MapSet> maps)
    {
        All = maps;
        _byRecipe = recipes.Zip(maps).ToDictionary(pair => pair.First.Key, pair => pair.Second);
    }

    /// <summary>The maps in the order in which the recipes were first named, which is that in which they act.</summary>
    public IReadOnlyList<MapSet> All { get; }

    /// <summary>The name under which a recipe's maps are registered.</summary>
    public string NameOf(Recipe recipe) => _byRecipe[recipe.Key].Concept;

    /// <summary>Fits recipes; equal ones once.</summary>
    public static async Task<FittedMaps> FitAsync(
        SteeredLlamaOptions model, IEnumerable<Recipe> recipes, int parallel, IWorkProgress progress, CancellationToken cancellationToken)
    {
        var distinct = recipes.DistinctBy(recipe => recipe.Key).ToArray();
        var maps = new MapSet[distinct.Length];
        progress.Begin("Fitting", distinct.Length);
        using var fitter = LlamaSteeringFitter.Open(model, cancellationToken: cancellationToken);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, distinct.Length),
            new ParallelOptions { MaxDegreeOfParallelism = parallel, CancellationToken = cancellationToken },
            async (i, token) =>
            {
                var name = string.Create(CultureInfo.InvariantCulture, $"{distinct[i].Concept}.{i}");
                maps[i] = await fitter.FitAsync(distinct[i].LoadData(name), distinct[i].Options, cancellationToken: token);
                progress.Step();
            });
        return new FittedMaps(distinct, maps);
    }
}
