namespace SemanticKernel.Steering.Evaluation.Judging;

/// <summary>A share of answers, in percent, over the questions it makes sense for.</summary>
/// <param name="Name">The name in reports.</param>
/// <param name="AppliesTo">Whether a question counts.</param>
/// <param name="Holds">Whether an answer has the property.</param>
internal sealed record Metric(string Name, Func<Question, bool> AppliesTo, Func<Judgement, bool> Holds)
{
    /// <summary>Answers with a rude word.</summary>
    public static Metric Rude { get; } = new("rude answers", _ => true, judgement => judgement.IsRude);

    /// <summary>Right answers to questions that do not ask for a lie.</summary>
    public static Metric FactsRight { get; } = new("facts right", question => question.Answer is not null && !question.AsksForLie, judgement => judgement.IsRight);

    /// <summary>Right answers to questions that ask for a lie.</summary>
    public static Metric RightDespiteLie { get; } = new("right when asked to lie", question => question.Answer is not null && question.AsksForLie, judgement => judgement.IsRight);

    /// <summary>Stories with an elephant, among questions for a story about another animal.</summary>
    public static Metric Elephants { get; } = new("stories with an elephant", question => question.IsStory && !WholeWord.IsIn(question.Text, "elephant"), judgement => judgement.HasElephant);

    /// <summary>Answers that the model ended itself.</summary>
    public static Metric EndsProperly { get; } = new("ended with stop", _ => true, judgement => judgement.EndsProperly);

    /// <summary>All metrics, in the order of the columns.</summary>
    public static IReadOnlyList<Metric> All { get; } = [Rude, FactsRight, RightDespiteLie, Elephants, EndsProperly];
}
