using SemanticKernel.Steering.Evaluation.Recipes;

namespace SemanticKernel.Steering.Evaluation.Tests;

public class RecipeParserTests
{
    [Fact]
    public void Parse_ConceptAlone_KeepsDefaults()
    {
        var (recipe, strengths) = RecipeParser.Parse("toxicity");

        Assert.Equal("toxicity", recipe.Concept);
        Assert.Equal(new FitOptions(), recipe.Options);
        Assert.Equal([1], strengths);
    }

    [Fact]
    public void Parse_AllParts_ReadsThem()
    {
        var (recipe, strengths) = RecipeParser.Parse(
            "honesty estimator=mean mode=reference pooling=max tokens=answer scope=generated support=tokens:1-99 sites=block_output:0-1+attention_norm:5 strength=0.5,-1");

        Assert.Equal(TransportEstimator.Mean, recipe.Options.Estimator);
        Assert.Equal(FitMode.Reference, recipe.Options.Mode);
        Assert.Equal(Pooling.Max, recipe.Options.Pooling);
        Assert.Equal(TokenSelection.Answer, recipe.Options.Tokens);
        Assert.Equal(SteeringScope.Generated, recipe.Options.Scope);
        Assert.Equal(SupportRange.TokenQuantiles(1, 99), recipe.Options.Support);
        Assert.Equal(
            [new Site(0, HookPoint.BlockOutput), new Site(1, HookPoint.BlockOutput), new Site(5, HookPoint.AttentionNorm)],
            recipe.Options.Sites.Resolve(Enumerable.Range(0, 6).SelectMany(layer => Enum.GetValues<HookPoint>().Select(hook => new Site(layer, hook)))));
        Assert.Equal([0.5, -1], strengths);
    }

    [Fact]
    public void Parse_HowMapsAreMade_ReadsIt()
    {
        var (recipe, _) = RecipeParser.Parse("elephant estimator=mean order=causal sides=sourceOnly norm=keep data=pairs calibrate=2");

        Assert.Equal(FitOrder.Causal, recipe.Options.Order);
        Assert.Equal(CausalSides.SourceOnly, recipe.Options.CausalSides);
        Assert.True(recipe.Options.PreserveNorm);
        Assert.True(recipe.UsesWordPairs);
        Assert.Equal(2, recipe.Options.Calibration!.Passes);
        Assert.Equal(6, new[] { "order=causal", "sides=sourceOnly order=causal", "norm=keep", "data=pairs", "calibrate=1" }
            .Select(word => RecipeParser.Parse($"elephant {word}").Recipe.Key).Append(RecipeParser.Parse("elephant").Recipe.Key).Distinct().Count());
    }

    [Theory]
    [InlineData("")]
    [InlineData("sarcasm")]
    [InlineData("toxicity strength")]
    [InlineData("toxicity strength=NaN")]
    [InlineData("toxicity strength=much")]
    [InlineData("toxicity estimator=median")]
    [InlineData("toxicity estimator=7")]
    [InlineData("toxicity flavour=sweet")]
    [InlineData("toxicity sites=nowhere")]
    [InlineData("toxicity sites=nowhere:1")]
    [InlineData("toxicity support=1-99")]
    [InlineData("toxicity order=backwards")]
    [InlineData("toxicity norm=lose")]
    [InlineData("toxicity data=other")]
    [InlineData("toxicity calibrate=often")]
    public void Parse_Nonsense_Throws(string text) => Assert.Throws<FormatException>(() => RecipeParser.Parse(text));
}
