namespace SemanticKernel.Steering.TestModels;

/// <summary>Sizes of a state-space block that do not depend on the model's width.</summary>
internal static class StateSpaceSizes
{
    public const int Kernel = 4;
    public const int State = 8;
    public const int TimeStepRank = 4;

    /// <summary>Twice the model's width, as in the models of the paper.</summary>
    public static int Inner(RandomModelOptions options) => 2 * options.Width;
}
