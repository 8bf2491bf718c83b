using Microsoft.Extensions.AI;
using SemanticKernel.Steering.LlamaCpp.Engine;
using SemanticKernel.Steering.TestModels;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Engine;

public class SamplingTests
{
    private const int Tokens = 40;

    [Fact]
    public async Task Sample_Temperature0_IsDeterministic()
    {
        using var engine = TestEngine.Open(TestModelCache.Get(ModelArchitecture.Llama));

        Assert.Equal(await TextAsync(engine, new() { Temperature = 0, Seed = 1 }), await TextAsync(engine, new() { Temperature = 0, Seed = 2 }));
    }

    [Fact]
    public async Task Sample_SameSeed_SameTextAndOtherSeedOtherText()
    {
        using var engine = TestEngine.Open(TestModelCache.Get(ModelArchitecture.Llama));

        var first = await TextAsync(engine, new() { Temperature = 1.5f, Seed = 1 });

        Assert.Equal(first, await TextAsync(engine, new() { Temperature = 1.5f, Seed = 1 }));
        Assert.NotEqual(first, await TextAsync(engine, new() { Temperature = 1.5f, Seed = 2 }));
        Assert.NotEqual(first, await TextAsync(engine, new() { Temperature = 1.5f, Seed = 1L << 40 }));
    }

    [Fact]
    public async Task Sample_AnySeedOf64Bits_HasATextOfItsOwn()
    {
        using var engine = TestEngine.Open(TestModelCache.Get(ModelArchitecture.Llama));
        var texts = new List<string>();
        foreach (var seed in new[] { 0, -1, 1, uint.MaxValue - 1L, uint.MaxValue, 1L << 32, (1L << 32) + 1, -(1L << 32), long.MinValue, long.MaxValue })
        {
            texts.Add(await TextAsync(engine, new() { Temperature = 1.5f, Seed = seed }));
            Assert.Equal(texts[^1], await TextAsync(engine, new() { Temperature = 1.5f, Seed = seed }));
        }

        Assert.Equal(texts.Count, texts.Distinct().Count());
    }

    [Fact]
    public async Task Sample_SeedOfTheOptionsThatIsRandomToLlamaCpp_IsASeed()
    {
        var options = TestEngine.Options(TestModelCache.Get(ModelArchitecture.Llama));
        options.Seed = uint.MaxValue;
        using var engine = TestEngine.Open(options);

        Assert.Equal(await TextAsync(engine, new() { Temperature = 1.5f }), await TextAsync(engine, new() { Temperature = 1.5f }));
    }

    [Fact]
    public async Task Sample_NoSeedInRequest_TakesTheOneOfTheOptions()
    {
        using var engine = TestEngine.Open(TestModelCache.Get(ModelArchitecture.Llama));

        var text = await TextAsync(engine, new() { Temperature = 1.5f });

        Assert.Equal(text, await TextAsync(engine, new() { Temperature = 1.5f, Seed = 1 }));
        Assert.Equal(text, await TextAsync(engine, new() { Temperature = 1.5f }));
    }

    [Theory]
    [InlineData(1.5f)]
    [InlineData(1e-7f)]
    [InlineData(1e-37f)]
    [InlineData(1e-45f)]
    public async Task Sample_TopK1_EqualsGreedyAtAnyTemperature(float temperature)
    {
        using var engine = TestEngine.Open(TestModelCache.Get(ModelArchitecture.Llama));

        Assert.Equal(await TextAsync(engine, new() { Temperature = 0 }), await TextAsync(engine, new() { Temperature = temperature, TopK = 1, Seed = 9 }));
    }

    [Theory]
    [InlineData(1e-7f)]
    [InlineData(1e-37f)]
    [InlineData(1e-45f)]
    public async Task Sample_TinyTemperature_EqualsGreedy(float temperature)
    {
        using var engine = TestEngine.Open(TestModelCache.Get(ModelArchitecture.Llama));

        Assert.Equal(
            await TextAsync(engine, new() { Temperature = 0 }),
            await TextAsync(engine, new() { Temperature = temperature, TopK = 0, TopP = 1, Seed = 9, AdditionalProperties = new() { [SteeringKeys.MinP] = 0 } }));
    }

    [Theory]
    [InlineData("repeat")]
    [InlineData("frequency")]
    [InlineData("presence")]
    public async Task Sample_Penalty_ChangesTheText(string penalty)
    {
        using var engine = TestEngine.Open(TestModelCache.Get(ModelArchitecture.Llama));
        var options = new ChatOptions { Temperature = 0 };
        switch (penalty)
        {
            case "repeat":
                options.AdditionalProperties = new() { [SteeringKeys.RepeatPenalty] = 5.0 };
                break;
            case "frequency":
                options.FrequencyPenalty = 2;
                break;
            default:
                options.PresencePenalty = 2;
                break;
        }

        Assert.NotEqual(await TextAsync(engine, new() { Temperature = 0 }), await TextAsync(engine, options));
    }

    [Fact]
    public async Task Sample_MinP1AndTopPTiny_EqualGreedy()
    {
        using var engine = TestEngine.Open(TestModelCache.Get(ModelArchitecture.Llama));
        var greedy = await TextAsync(engine, new() { Temperature = 0 });

        Assert.Equal(greedy, await TextAsync(engine, new() { Temperature = 1, AdditionalProperties = new() { [SteeringKeys.MinP] = 1 } }));
        Assert.Equal(greedy, await TextAsync(engine, new() { Temperature = 1, TopP = 1e-6f }));
    }

    public static TheoryData<string, float> InvalidValues
    {
        get
        {
            var data = new TheoryData<string, float>();
            foreach (var (name, values) in new (string, float[])[]
            {
                ("Temperature", [-0.1f, 101]), ("TopK", [-1]), ("TopP", [0, -1, 1.1f]), ("MinP", [-0.1f, 1.1f]),
                ("RepeatPenalty", [0, -1, 11]), ("FrequencyPenalty", [-2.1f, 2.1f]), ("PresencePenalty", [-2.1f, 2.1f]),
            })
            {
                foreach (var value in name == "TopK" ? values : [.. values, float.NaN, float.PositiveInfinity, float.NegativeInfinity])
                {
                    data.Add(name, value);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(InvalidValues))]
    public void Check_InvalidValue_IsRefusedByName(string name, float value)
    {
        var settings = name switch
        {
            "Temperature" => new SamplerSettings { Temperature = value },
            "TopK" => new SamplerSettings { TopK = (int)value },
            "TopP" => new SamplerSettings { TopP = value },
            "MinP" => new SamplerSettings { MinP = value },
            "RepeatPenalty" => new SamplerSettings { RepeatPenalty = value },
            "FrequencyPenalty" => new SamplerSettings { FrequencyPenalty = value },
            _ => new SamplerSettings { PresencePenalty = value },
        };

        Assert.Equal(name, Assert.Throws<ArgumentOutOfRangeException>(settings.Check).ParamName);
    }

    private static async Task<string> TextAsync(SteeredLlamaEngine engine, ChatOptions options)
    {
        options.MaxOutputTokens = Tokens;
        return (await engine.AskAsync("Hello you", options)).Text;
    }
}
