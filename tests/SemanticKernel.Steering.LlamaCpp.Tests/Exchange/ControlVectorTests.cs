using SemanticKernel.Steering.LlamaCpp.Engine;
using SemanticKernel.Steering.LlamaCpp.Tests.Engine;
using SemanticKernel.Steering.LlamaCpp.Tests.Hooks;
using SemanticKernel.Steering.TestModels;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Exchange;

/// <summary>The same file through llama.cpp's own adapter and through the engine's callback.</summary>
public class ControlVectorTests
{
    private const double Tolerance = 1e-4;
    private static readonly int[] Tokens = [65, 40, 77, 12, 99, 33];

    public static TheoryData<string> Models => [nameof(TinyChat), .. Enum.GetNames<ModelArchitecture>()];

    [Theory]
    [MemberData(nameof(Models))]
    public void Import_AsLlamaCppDoes_GivesTheLogitsOfItsOwnAdapter(string model)
    {
        using var lease = TestEngine.OpenModel(PathOf(model));
        var path = Save(VectorFiles.Repeng(lease.Model.Architecture, Directions(lease.Model)));

        var import = ControlVector.Import(path, Options(lease.Model));

        Assert.Empty(import.Warnings);
        AssertSameEffect(lease.Model, path, import.Maps, 1);
    }

    [Fact]
    public void Import_FilesOfAllWriters_GiveTheLogitsOfLlamaCppWithItsConvention()
    {
        using var lease = TestEngine.OpenModel(ModelArchitecture.Llama);
        var directions = Directions(lease.Model);
        var shifted = Options(lease.Model) with { Layers = LayerConvention.SameBlock };
        foreach (var writer in new[]
        {
            VectorFiles.Dialz("llama", directions),
            VectorFiles.EasySteer("llama", directions),
            VectorFiles.Glp("llama", directions).Add("glp.mode", "add"),
            VectorFiles.CvectorGenerator("llama", lease.Model.LayerCount, directions),
            VectorFiles.Jukofyork("llama", lease.Model.LayerCount, directions[1..]),
        })
        {
            var path = Save(writer);
            AssertSameEffect(lease.Model, path, ControlVector.Import(path, shifted).Maps, 1);
        }
    }

    [Fact]
    public void Import_WhereDirectionsWereTakenFrom_IsOneBlockBeforeLlamaCpp()
    {
        using var lease = TestEngine.OpenModel(ModelArchitecture.Llama);
        var directions = Directions(lease.Model);
        var path = Save(VectorFiles.CvectorGenerator("llama", lease.Model.LayerCount, directions));
        var late = Save(VectorFiles.Repeng("llama", [.. directions.Skip(1).Select(direction => (direction.Number - 1, direction.Values))]));

        var import = ControlVector.Import(path, Options(lease.Model));

        // llama.cpp has no slot for block 0, so what is at home there is left out of the comparison.
        var withoutFirst = import.Maps.Subset(SiteSelector.Of(HookPoint.BlockOutput, 1, lease.Model.LayerCount - 2));
        AssertSameEffect(lease.Model, late, withoutFirst, 1);
        Assert.Contains(new Site(0, HookPoint.BlockOutput), import.Maps.Operations.Keys);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Export_ThenLlamaCppsOwnAdapter_GivesTheLogitsOfTheMaps(string model)
    {
        const double Strength = 0.75;
        using var lease = TestEngine.OpenModel(PathOf(model));
        var maps = TestMaps.Shift(lease.Model.Path, "tone", 0.5f, SteeringScope.All, [.. TestMaps.BlockOutputs(lease.Model.Identity).Skip(1)]);
        var path = TestModelCache.NewPath(".gguf");

        ControlVector.Export(maps, path, Strength);

        AssertSameEffect(lease.Model, path, maps, Strength);
    }

    [Fact]
    public void Export_SomeBlocksOnly_LeavesTheOthersAlone()
    {
        using var lease = TestEngine.OpenModel(ModelArchitecture.Llama);
        var maps = TestMaps.Shift(lease.Model.Path, "tone", 0.5f, SteeringScope.All, new Site(2, HookPoint.BlockOutput));
        var path = TestModelCache.NewPath(".gguf");

        ControlVector.Export(maps, path);

        AssertSameEffect(lease.Model, path, maps, 1);
    }

    [Fact]
    public void Import_WhatLlamaCppRefuses_IsRefused()
    {
        using var lease = TestEngine.OpenModel(ModelArchitecture.Llama);
        var direction = Directions(lease.Model)[0];
        GgufWriter[] refused =
        [
            VectorFiles.EasySteer("llama", (0, direction.Values), direction),
            VectorFiles.Repeng("llama", direction, direction),
            VectorFiles.Repeng("llama", direction).AddTensor("token_embd.weight", GgufTensorType.F32, [64], values => values.Fill(1)),
            VectorFiles.Repeng("llama", direction).AddTensor("direction.2", GgufTensorType.F16, [64], values => values.Fill(1)),
            VectorFiles.Repeng("llama", direction).AddTensor("direction.2", GgufTensorType.F32, [64, 2], values => values.Fill(1)),
            VectorFiles.Repeng("llama", (1, [1, 2, 3])),
        ];
        foreach (var writer in refused)
        {
            var path = Save(writer);
            Assert.Null(StockControlVector.Load(lease.Model, path));
            Assert.Throws<ExchangeException>(() => ControlVector.Import(path, Options(lease.Model)));
        }
    }

    private static void AssertSameEffect(LlamaModel model, string path, MapSet maps, double strength)
    {
        var values = StockControlVector.Load(model, path);
        Assert.NotNull(values);
        var plain = Run(model, TestMaps.Resolve(maps, 0), null);
        var stock = Run(model, TestMaps.Resolve(maps, 0), values);
        var ours = Run(model, TestMaps.Resolve(maps, strength), null);

        var scale = stock.Max(Math.Abs);
        Assert.True(Difference(plain, stock) > 100 * Tolerance * scale, "The vector has hardly any effect.");
        Assert.InRange(Difference(stock, ours), 0, Tolerance * scale);
    }

    private static double Difference(float[] left, float[] right) => left.Zip(right, (a, b) => Math.Abs((double)a - b)).Max();

    private static float[] Run(LlamaModel model, SteeringPlan plan, float[]? stock)
    {
        var compiled = new CompiledPlan(plan, model.Hooks);
        using var callback = new SteeringCallback(model.Hooks, model.Library.Tensors, 64, StateAccess.Auto);
        using var run = new GraphRun(model, callback);
        callback.Activate(compiled.ActiveHooks);
        for (var i = 0; i < Tokens.Length; i++)
        {
            callback.AddRow(RequestFor.Plan(compiled), compiled, RowKind.LastUserTurn, output: true);
        }

        if (stock is not null)
        {
            StockControlVector.Apply(model, run.Context, stock);
        }

        var logits = run.Decode(Tokens, [.. Enumerable.Range(0, Tokens.Length)]);
        Assert.Equal(DecodeStatus.Ok, run.Status);
        Assert.Null(run.Fault);
        return logits;
    }

    private static (int Number, float[] Values)[] Directions(LlamaModel model) =>
        [.. Enumerable.Range(1, model.LayerCount - 1).Select(number => (number, TestMaps.Pattern(model.Width, 0.1f * number)))];

    private static ControlVectorImportOptions Options(LlamaModel model) => new() { Concept = "tone", Model = model.Identity };

    private static string PathOf(string model) => model == nameof(TinyChat) ? TinyChat.ModelPath : TestModelCache.Get(Enum.Parse<ModelArchitecture>(model));

    private static string Save(GgufWriter writer)
    {
        var path = TestModelCache.NewPath(".gguf");
        writer.Write(path);
        return path;
    }
}
