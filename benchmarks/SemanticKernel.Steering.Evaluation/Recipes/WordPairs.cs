using System.Text.RegularExpressions;

namespace SemanticKernel.Steering.Evaluation.Recipes;

/// <summary>
/// Makes pairs of texts for a topic: stories as they are, and the same stories with the animal that comes up last in the answer
/// turned into the topic's. Everything else is equal, so that nothing else is learned.
/// </summary>
internal static partial class WordPairs
{
    /// <summary>Makes the pairs; the source is without the topic, the target with it.</summary>
    /// <param name="concept">The name of the concept.</param>
    /// <param name="stories">Stories without the topic's animal.</param>
    /// <param name="animal">The topic's animal.</param>
    public static ConceptData Of(string concept, IReadOnlyList<TrainingExample> stories, string animal)
    {
        var pairs = stories.Select(story => (Plain: story, Changed: Change(story, animal))).Where(pair => pair.Changed is not null).ToArray();
        return new ConceptData(concept, [.. pairs.Select(pair => pair.Plain)], [.. pairs.Select(pair => pair.Changed!)]);
    }

    private static TrainingExample? Change(TrainingExample story, string animal)
    {
        var answer = story.Messages[^1];
        if (Animals().Matches(answer.Content) is not [.., { } last])
        {
            return null;
        }

        var old = last.Groups["animal"].Value;
        var content = Regex.Replace(answer.Content, $@"\b(?:(?<article>an?) (?<words>(?:\w+ )?))?{old}\b", match => WithArticle(match, animal));
        return TrainingExample.FromDialogue([.. story.Messages.SkipLast(1), answer with { Content = content }]);
    }

    /// <summary>Says "an" right before the new word where "a" stood right before the old one.</summary>
    private static string WithArticle(Match match, string animal) => (match.Groups["article"].Value, match.Groups["words"].Value) switch
    {
        ("", _) => animal,
        (var article, { Length: > 0 } words) => $"{article} {words}{animal}",
        _ => $"an {animal}",
    };

    [GeneratedRegex(@"\b(?<animal>bear|cat|cow|dog|duck|fox|horse|lion|mouse|owl|rabbit)\b")]
    private static partial Regex Animals();
}
