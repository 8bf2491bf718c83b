using SemanticKernel.Steering.LlamaCpp;

namespace SteeredChat;

/// <summary>What a chat begins with.</summary>
internal static class Banner
{
    public static void Show(Screen screen, SteeredLlamaEngine engine, bool isTinyChat)
    {
        screen.Title($"{engine.ModelId}: {Describe(engine.Model)}, {engine.ContextSize} tokens of context, llama.cpp {engine.Model.NativeLibrary.Version}");
        if (isTinyChat)
        {
            screen.Note("A toy that knows capitals, colours, animals and small sums, and is rude or wrong in every other answer: on purpose, so that there is something to steer.");
        }

        var concepts = engine.Concepts.Select(concept => concept.Name).ToArray();
        screen.Note(concepts.Length > 0
            ? $"Ask something, then try /steer {concepts[0]}{(engine.Policies.Count > 0 ? ", /policy" : string.Empty)} or /compare. Concepts: {string.Join(", ", concepts)}. /help lists all commands."
            : "There are no concepts to steer; bring some with --map, or with --concept, --source and --target. /help lists all commands.");
    }

    /// <summary>Describes a model in a few words.</summary>
    public static string Describe(LlamaModel model) =>
        FormattableString.Invariant($"{model.Architecture}, {Scale(model.ParameterCount)} parameters, {model.LayerCount} layers");

    private static string Scale(long count) => count >= 1_000_000_000
        ? FormattableString.Invariant($"{count / 1e9:0.0} billion")
        : FormattableString.Invariant($"{count / 1e6:0.0} million");
}
