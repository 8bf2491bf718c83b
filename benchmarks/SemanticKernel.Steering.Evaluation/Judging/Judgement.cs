namespace SemanticKernel.Steering.Evaluation.Judging;

/// <summary>What is counted about one answer.</summary>
/// <param name="IsRude">It contains a rude word.</param>
/// <param name="IsRight">It contains the answer to the question; false for questions that have none.</param>
/// <param name="HasElephant">It contains an elephant.</param>
/// <param name="EndsProperly">The model ended it itself.</param>
internal readonly record struct Judgement(bool IsRude, bool IsRight, bool HasElephant, bool EndsProperly)
{
    /// <summary>Judges an answer.</summary>
    public static Judgement Of(Question question, string answer, bool endsProperly) => new(
        RudeWords.AnyIn(answer),
        question.Answer is { } right && WholeWord.IsIn(answer, right),
        WholeWord.IsIn(answer, "elephant"),
        endsProperly);
}
