using SemanticKernel.Steering;
using SemanticKernel.Steering.Samples;

namespace SteeredChat;

/// <summary>How the maps of a concept are made: from which prompt sets, how, and where a copy goes.</summary>
internal sealed record ConceptRecipe(string Name, FitOptions Options, Func<ConceptData> LoadData, string? SaveTo = null)
{
    public static ConceptRecipe From(TinyChatConcept concept) => new(concept.Name, concept.Options, concept.LoadData);

    public static ConceptRecipe From(OwnConcept concept) => new(
        concept.Name,
        new FitOptions { RecommendedStrength = 1 }, // full transport
        () => ConceptData.LoadJsonLines(concept.Name, concept.SourcePath, concept.TargetPath),
        concept.SaveTo);
}
