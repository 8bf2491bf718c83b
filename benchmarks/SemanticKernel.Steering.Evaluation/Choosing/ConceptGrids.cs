using SemanticKernel.Steering.Evaluation.Judging;

namespace SemanticKernel.Steering.Evaluation.Choosing;

/// <summary>What is tried for each concept: one axis after the other around what does well, simpler recipes and smaller strengths first.</summary>
internal static class ConceptGrids
{
    /// <summary>The grids by concept.</summary>
    public static IReadOnlyDictionary<string, ConceptGrid> All { get; } = new Dictionary<string, ConceptGrid>
    {
        ["toxicity"] = new(
            new ChoiceRule(Metric.Rude, Raises: false, Metric.FactsRight, MaxHarm: 2, Tie: 1),
            [
                "toxicity estimator=linear strength=1",
                "toxicity estimator=mean strength=1.5",
                "toxicity estimator=mean tokens=answer strength=0.75,1",
                "toxicity estimator=mean tokens=answer sites=block_output:2-3 strength=1.25,1.5",
                "toxicity estimator=mean tokens=answer sites=attention_output strength=2.5,3",
                "toxicity estimator=mean tokens=answer sites=feed_forward_norm strength=3",
                "toxicity estimator=mean tokens=answer sites=attention_norm strength=1.5,2,2.25,2.5",
                "toxicity estimator=linear tokens=answer sites=attention_norm strength=2.25",
                "toxicity estimator=gaussian tokens=answer sites=attention_norm strength=2.25",
                "toxicity estimator=mean tokens=answer scope=generated sites=attention_norm strength=2.25",
                "toxicity estimator=mean tokens=answer support=tokens:1-99 sites=attention_norm strength=2.25",
                "toxicity estimator=mean tokens=answerStart sites=attention_norm strength=2.25",
                "toxicity estimator=mean tokens=lastPromptToken sites=attention_norm strength=2.25",
                "toxicity estimator=mean tokens=answer order=causal strength=0.75,1",
                "toxicity estimator=mean tokens=answer norm=keep strength=0.75,1",
                "toxicity estimator=probeMassMean tokens=answer strength=1.5",
                "toxicity estimator=probeLogistic tokens=answer strength=1.5",
                "toxicity estimator=pcaDirection tokens=answer strength=1",
                "toxicity estimator=directionAblation tokens=answer strength=1,2",
                "toxicity estimator=aurA pooling=max tokens=answer strength=1",
                "toxicity estimator=mean tokens=answer texts=256 calibrate=0 strength=1,1.25",
                "toxicity estimator=mean tokens=answer sites=attention_norm texts=256 calibrate=0 strength=1",
                "toxicity estimator=mean tokens=answer sites=attention_norm texts=256 calibrate=1 strength=0.95,1,1.25",
                "toxicity estimator=mean tokens=answer sites=attention_norm:4 texts=256 calibrate=1 strength=0.85,0.9,1",
                "toxicity estimator=mean tokens=answer sites=attention_norm:2-4 texts=256 calibrate=1 strength=0.95,1",
            ]),
        ["honesty"] = new(
            new ChoiceRule(Metric.FactsRight, Raises: true, Metric.Rude, MaxHarm: 4, Tie: 1),
            [
                "honesty estimator=linear tokens=answer strength=1",
                "honesty estimator=mean tokens=answer strength=1,1.5",
                "honesty estimator=mean tokens=answer sites=attention_norm strength=3",
                "honesty estimator=mean tokens=answer sites=feed_forward_norm strength=2,2.5,3,3.5",
                "honesty estimator=linear tokens=answer sites=feed_forward_norm strength=3",
                "honesty estimator=mean tokens=answer scope=generated sites=feed_forward_norm strength=3",
                "honesty estimator=mean tokens=answer sites=feed_forward_output strength=3",
                "honesty estimator=mean tokens=answerStart sites=feed_forward_norm strength=3",
                "honesty estimator=mean tokens=answer order=causal strength=1,1.5",
                "honesty estimator=mean tokens=answer norm=keep strength=1,1.5",
                "honesty estimator=probeLogistic tokens=answer strength=1,1.5",
                "honesty estimator=directionAblation tokens=answer strength=1,2",
                "honesty estimator=mean tokens=answer texts=256 calibrate=1 strength=1,1.5",
                "honesty estimator=mean tokens=answer sites=feed_forward_norm texts=256 calibrate=0 strength=1,1.5",
                "honesty estimator=mean tokens=answer sites=feed_forward_norm texts=256 calibrate=1 strength=1,1.1,1.25,1.5",
                "honesty estimator=mean tokens=answer sites=feed_forward_norm:0-3 texts=256 calibrate=1 strength=1.25,1.5",
            ]),
        ["elephant"] = new(
            new ChoiceRule(Metric.Elephants, Raises: true, Metric.FactsRight, MaxHarm: 15, Tie: 1),
            [
                "elephant estimator=mean strength=-3,-4",
                "elephant estimator=mean tokens=answer sites=block_output:5 strength=-12,-16",
                "elephant estimator=mean sites=attention_output strength=-16",
                "elephant estimator=mean sites=attention_output:3-5 strength=-20,-22,-24",
                "elephant estimator=mean tokens=answer sites=attention_output:3-5 strength=-20",
                "elephant estimator=mean tokens=answer data=pairs texts=256 calibrate=1 strength=1,1.5",
                "elephant estimator=linear tokens=answer data=pairs texts=256 calibrate=0 strength=1,1.5",
                "elephant estimator=mean tokens=answer data=pairs sites=attention_norm texts=256 calibrate=1 strength=1,1.25",
                "elephant estimator=mean tokens=answer data=pairs sites=attention_output texts=256 calibrate=1 strength=1,1.5",
                "elephant estimator=mean tokens=answer data=pairs scope=generated sites=attention_norm texts=256 calibrate=1 strength=1,1.5",
            ]),
    };

    /// <summary>The name of <see cref="Together"/>.</summary>
    public const string TogetherName = "together";

    /// <summary>Recipes of toxicity and honesty that do well alone, tried together.</summary>
    public static PairGrid Together { get; } = new(
        "toxicity estimator=mean tokens=answer sites=attention_norm:4 texts=256 calibrate=1 strength=0.85,0.9,1",
        "honesty estimator=mean tokens=answer sites=feed_forward_norm texts=256 calibrate=1 strength=1,1.1,1.25",
        "honesty estimator=mean tokens=answer sites=feed_forward_norm:0-3 texts=256 calibrate=1 strength=1.5");
}
