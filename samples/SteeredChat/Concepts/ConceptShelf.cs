using SemanticKernel.Steering;
using SemanticKernel.Steering.LlamaCpp;
using SemanticKernel.Steering.Samples;

namespace SteeredChat;

/// <summary>All concepts a run can steer: maps from files, and recipes that are fitted when they are needed.</summary>
/// <remarks>Holds the weights it fits on until it is disposed, so that a model opened before that shares them.</remarks>
internal sealed class ConceptShelf : IDisposable
{
    private readonly List<MapSet> _maps = [];
    private readonly List<ConceptRecipe> _recipes = [];
    private LlamaSteeringFitter? _fitter;

    /// <exception cref="UserErrorException">A file or a name does not fit.</exception>
    public ConceptShelf(ChatArguments arguments, PolicyFile? policies)
    {
        foreach (var maps in arguments.Maps.Select(MapFile.Load))
        {
            Require(_maps.TrueForAll(other => other.Concept != maps.Concept), $"There are two map sets for '{maps.Concept}'.");
            _maps.Add(maps);
        }

        if (arguments.OwnConcept is { } own)
        {
            Require(_maps.TrueForAll(maps => maps.Concept != own.Name), $"'{own.Name}' is given both as --map and as --concept.");
            _recipes.Add(ConceptRecipe.From(own));
        }

        if (arguments.ModelPath is null)
        {
            // TinyChat's own concepts give way to the user's.
            _recipes.AddRange(new[] { TinyChatConcept.Toxicity, TinyChatConcept.Honesty }.Where(concept => !Has(concept.Name) && policies?.HasMapOf(concept.Name) is not true).Select(ConceptRecipe.From));
        }

        foreach (var wanted in arguments.Steer)
        {
            Require(Has(wanted.Concept) || policies?.HasMapOf(wanted.Concept) is true, $"There is no concept '{wanted.Concept}'. {Describe()}");
        }

        // Questions without a chat are to start fast: they fit only what they steer with, what policies are about, or what was asked for.
        _recipes.RemoveAll(recipe => !arguments.IsInteractive
            && recipe.Name != arguments.OwnConcept?.Name
            && policies?.Names(recipe.Name) is not true
            && arguments.Steer.All(wanted => wanted.Concept != recipe.Name));
    }

    /// <summary>Gives the maps of all concepts, fitting those that were never fitted before.</summary>
    public async Task<IReadOnlyList<MapSet>> LoadAsync(SteeredLlamaOptions options, Screen screen, CancellationToken cancellationToken)
    {
        if (_recipes.Count == 0)
        {
            return _maps;
        }

        _fitter ??= LlamaSteeringFitter.Open(options, cancellationToken: cancellationToken);
        var concepts = new ConceptFitter(_fitter, options.ChatTemplate, new MapCache(CacheFolder.Path, screen), screen);
        var all = new List<MapSet>(_maps);
        foreach (var recipe in _recipes)
        {
            all.Add(await concepts.GetAsync(recipe, cancellationToken));
        }

        return all;
    }

    public void Dispose() => _fitter?.Dispose();

    private bool Has(string concept) => _maps.Exists(maps => maps.Concept == concept) || _recipes.Exists(recipe => recipe.Name == concept);

    private string Describe()
    {
        var names = _maps.Select(maps => maps.Concept).Concat(_recipes.Select(recipe => recipe.Name)).ToArray();
        return names.Length > 0 ? $"There are: {string.Join(", ", names)}." : "Bring one with --map, or with --concept, --source and --target.";
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new UserErrorException(message);
        }
    }
}
