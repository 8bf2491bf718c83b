using SemanticKernel.Steering.LlamaCpp;
using SemanticKernel.Steering.TestModels;

namespace SemanticKernel.Steering.Cli.Tests;

public sealed class CommandTests : IDisposable
{
    private static readonly string Model = Path.Combine(AppContext.BaseDirectory, "assets", "tinychat", "tinychat.gguf");
    private static readonly ModelIdentity Identity = ReadIdentity();
    private readonly string _folder = Directory.CreateTempSubdirectory("steer-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task ImportThenExport_ControlVector_GivesTheSameShiftsBack()
    {
        var vector = At("vector.gguf");
        VectorFiles.Repeng("llama", (1, Values(0.5f)), (2, Values(-1))).Write(vector);

        var (exit, output, error) = await Steer.RunAsync("import", vector, "--model", Model, "--concept", "tone", "-o", At("tone.safetensors"));

        Assert.Equal((0, ""), (exit, error));
        Assert.Contains("blk.1.block_output", output, StringComparison.Ordinal);
        Assert.Contains("mean |β|", output, StringComparison.Ordinal);
        var maps = MapSet.Load(At("tone.safetensors"));
        Assert.Equal(Identity, maps.Metadata.Model);
        Assert.Equal(0, (await Steer.RunAsync("export", At("tone.safetensors"), "-o", At("back.gguf"), "--strength", "2")).ExitCode);
        Assert.Equal(0, (await Steer.RunAsync("import", At("back.gguf"), "--model", Model, "--concept", "tone", "-o", At("back.safetensors"))).ExitCode);
        Assert.Equal(
            maps.Scale(2).Maps.Values.SelectMany(map => map.Intercept.ToArray()),
            MapSet.Load(At("back.safetensors")).Maps.Values.SelectMany(map => map.Intercept.ToArray()));
    }

    [Fact]
    public async Task Import_DoubtfulFile_WarnsAndTakesOptions()
    {
        var vector = At("vector.gguf");
        VectorFiles.CvectorGenerator("llama", Identity.Layers, (1, Values(0.5f))).Write(vector);
        var (exit, _, error) = await Steer.RunAsync("import", vector, "--model", Model, "--concept", "tone", "-o", At("tone.safetensors"));
        Assert.Equal(0, exit);
        Assert.StartsWith("Warning: ", error, StringComparison.Ordinal);
        Assert.Equal(0, MapSet.Load(At("tone.safetensors")).Operations.Keys.Single().Layer);

        VectorFiles.EasySteer("llama", (0, Values(1)), (1, Values(0.5f))).Write(vector);
        string[] arguments = ["import", vector, "--model", Model, "--concept", "tone", "-o", At("tone.safetensors")];
        Assert.Equal(1, (await Steer.RunAsync(arguments)).ExitCode);
        Assert.Equal(0, (await Steer.RunAsync([.. arguments, "--drop-direction-zero", "--layers", "BlockBefore"])).ExitCode);
        Assert.Equal(0, MapSet.Load(At("tone.safetensors")).Operations.Keys.Single().Layer);
    }

    [Fact]
    public async Task Import_WhatDoesNotFit_SaysWhyAndWritesNothing()
    {
        VectorFiles.Repeng("llama", (1, [1, 2, 3])).Write(At("narrow.gguf"));
        var (exit, _, error) = await Steer.RunAsync("import", At("narrow.gguf"), "--model", Model, "--concept", "tone", "-o", At("tone.safetensors"));
        Assert.Equal(1, exit);
        Assert.Contains("3 values", error, StringComparison.Ordinal);
        Assert.False(File.Exists(At("tone.safetensors")));
        Assert.Equal(1, (await Steer.RunAsync("import", At("a.safetensors"), At("b.gguf"), "--model", Model, "--concept", "tone", "-o", At("tone.safetensors"))).ExitCode);
    }

    [Fact]
    public async Task Export_Slopes_SaysWhyNot()
    {
        Save("slopes.safetensors", 1, slope: 0.5f, intercept: 1);
        var (exit, _, error) = await Steer.RunAsync("export", At("slopes.safetensors"), "-o", At("x.gguf"));
        Assert.Equal(1, exit);
        Assert.Contains("slope", error, StringComparison.Ordinal);
        Assert.False(File.Exists(At("x.gguf")));
    }

    [Fact]
    public async Task MergeSubsetScaleInterpolate_Files_DoWhatTheLibraryDoes()
    {
        var first = Save("first.safetensors", 1, slope: 2, intercept: 4);
        var second = Save("second.safetensors", 1, slope: 1, intercept: 2);
        var other = Save("other.safetensors", 2, slope: 3, intercept: 1);

        await AssertWritesAsync(first.Merge(other), "merge", At("first.safetensors"), At("other.safetensors"));
        first.Merge(other).Save(At("both.safetensors"));
        await AssertWritesAsync(other, "subset", At("both.safetensors"), "--first-layer", "2");
        await AssertWritesAsync(first.Scale(-0.5), "scale", At("first.safetensors"), "-0.5");
        await AssertWritesAsync(first.Interpolate(second, 0.25), "interpolate", At("first.safetensors"), At("second.safetensors"), "0.25");
        Assert.Equal(1, (await Steer.RunAsync("scale", At("first.safetensors"), "0", "-o", At("nothing.safetensors"))).ExitCode);
        Assert.Equal(1, (await Steer.RunAsync("merge", At("first.safetensors"), At("second.safetensors"), "-o", At("nothing.safetensors"))).ExitCode);
        Assert.False(File.Exists(At("nothing.safetensors")));
    }

    [Fact]
    public async Task Describe_File_PrintsItsFigures()
    {
        var maps = Save("maps.safetensors", 1, slope: 2, intercept: -4);
        new MapSet(maps.Metadata with { Tool = "bell\a" }, maps.Operations).Save(At("maps.safetensors"));
        var (exit, output, _) = await Steer.RunAsync("describe", At("maps.safetensors"));
        Assert.Equal(0, exit);
        Assert.Contains("tone", output, StringComparison.Ordinal);
        Assert.Contains("mean |β| 4", output, StringComparison.Ordinal);
        Assert.Contains("median 2", output, StringComparison.Ordinal);
        Assert.Contains("0.0 % of neurons nearly left alone", output, StringComparison.Ordinal);
        Assert.DoesNotContain('\a', output);
        Assert.Equal(1, (await Steer.RunAsync("describe", Model)).ExitCode);
    }

    [Fact]
    public async Task FitThenCalibrate_Files_WriteMapsAndSayHowGoodTheyAre()
    {
        foreach (var set in new[] { "source", "target" })
        {
            File.WriteAllLines(At($"{set}.jsonl"), File.ReadLines(Path.Combine(Path.GetDirectoryName(Model)!, "data", $"toxicity.{set}.jsonl")).Take(32));
        }

        var (exit, output, _) = await Steer.RunAsync(
            "fit", Model, "tone", At("source.jsonl"), At("target.jsonl"), "-o", At("tone.safetensors"),
            "--estimator", "Mean", "--tokens", "Answer", "--hook", "AttentionNorm", "--order", "Causal", "--held-out", "0.25", "--calibrate");

        Assert.Equal(0, exit);
        Assert.Contains("Held out: 8 source and 8 target texts.", output, StringComparison.Ordinal);
        Assert.Contains("nats per token", output, StringComparison.Ordinal);
        var maps = MapSet.Load(At("tone.safetensors"));
        Assert.Equal((FitOrder.Causal, 1), (maps.Metadata.Order, maps.Metadata.RecommendedStrength));

        maps.Scale(2).Save(At("double.safetensors"));
        (exit, output, _) = await Steer.RunAsync("calibrate", Model, At("double.safetensors"), At("target.jsonl"), "--passes", "0", "-o", At("half.safetensors"));

        Assert.Equal(0, exit);
        Assert.Contains("scaled by   0.", output, StringComparison.Ordinal);
        Assert.Equal(0.5, MapSet.Load(At("double.safetensors")).Metadata.RecommendedStrength);
        Assert.Equal(1, MapSet.Load(At("half.safetensors")).Metadata.RecommendedStrength);
        Assert.Equal(1, (await Steer.RunAsync("calibrate", Model, At("double.safetensors"), At("missing.jsonl"), "-o", At("x.safetensors"))).ExitCode);
    }

    [Theory]
    [InlineData(32, "Linear", "None", true)]
    [InlineData(33, "Linear", "None", false)]
    [InlineData(8, "Gaussian", "FewSamples", false)]
    [InlineData(8, "Mean", "None", false)]
    public async Task Fit_FewTexts_HintsAtShrinkage(int count, string estimator, string shrinkage, bool hints)
    {
        foreach (var set in new[] { "source", "target" })
        {
            File.WriteAllLines(At($"{set}.jsonl"), File.ReadLines(Path.Combine(Path.GetDirectoryName(Model)!, "data", $"toxicity.{set}.jsonl")).Take(count));
        }

        var (exit, _, error) = await Steer.RunAsync(
            "fit", Model, "tone", At("source.jsonl"), At("target.jsonl"), "-o", At("tone.safetensors"), "--estimator", estimator, "--shrinkage", shrinkage);

        Assert.Equal(0, exit);
        Assert.Equal(hints, error.Contains("--shrinkage FewSamples", StringComparison.Ordinal));
    }

    private static ModelIdentity ReadIdentity()
    {
        using var fitter = LlamaSteeringFitter.Open(new SteeredLlamaOptions { ModelPath = Model });
        return fitter.Model.Identity;
    }

    private static float[] Values(float value)
    {
        var values = new float[Identity.Width];
        Array.Fill(values, value);
        return values;
    }

    private async Task AssertWritesAsync(MapSet expected, params string[] arguments)
    {
        var (exit, output, error) = await Steer.RunAsync([.. arguments, "-o", At("result.safetensors")]);
        Assert.Equal((0, ""), (exit, error));
        Assert.Contains(expected.ContentHash, output, StringComparison.Ordinal);
        Assert.Equal(expected.ContentHash, MapSet.Load(At("result.safetensors")).ContentHash);
    }

    private MapSet Save(string name, int layer, float slope, float intercept)
    {
        var maps = new MapSet(
            new MapSetMetadata { Concept = "tone", Model = Identity },
            [KeyValuePair.Create(new Site(layer, HookPoint.BlockOutput), new TransportMap(Values(slope), Values(intercept)))]);
        maps.Save(At(name));
        return maps;
    }

    private string At(string name) => Path.Combine(_folder, name);
}
