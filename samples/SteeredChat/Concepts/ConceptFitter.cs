using System.Diagnostics;
using System.Globalization;
using SemanticKernel.Steering;
using SemanticKernel.Steering.LlamaCpp;

namespace SteeredChat;

/// <summary>Makes the maps of concepts, or takes those of an earlier run.</summary>
internal sealed class ConceptFitter(LlamaSteeringFitter fitter, string? chatTemplate, MapCache cache, Screen screen)
{
    public async Task<MapSet> GetAsync(ConceptRecipe recipe, CancellationToken cancellationToken)
    {
        var data = recipe.LoadData();
        var path = cache.PathOf(data, recipe.Options, fitter.Model, chatTemplate);
        var maps = cache.Find(path, data, fitter.Model.Identity) ?? await FitAsync(recipe, data, path, cancellationToken);

        if (recipe.SaveTo is { } copy)
        {
            maps.Save(copy);
            screen.Note($"Saved the maps of '{recipe.Name}' to {copy}.");
        }

        return maps;
    }

    private async Task<MapSet> FitAsync(ConceptRecipe recipe, ConceptData data, string path, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        var maps = await FitDisplay.ShowAsync(
            screen,
            $"Fitting '{recipe.Name}' from {data.Source.Count} + {data.Target.Count} texts",
            progress => fitter.FitAsync(data, recipe.Options, progress, cancellationToken));
        var seconds = watch.Elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        screen.Note($"Fitted '{recipe.Name}' in {seconds} s{(cache.Keep(path, maps) ? "; the next start takes it from the cache" : string.Empty)}.");
        return maps;
    }
}
