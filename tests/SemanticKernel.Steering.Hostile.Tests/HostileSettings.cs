using System.Text.Json;
using Microsoft.SemanticKernel;

namespace SemanticKernel.Steering.Hostile.Tests;

/// <summary>Settings that ask for less than the floor in every way settings can.</summary>
internal static class HostileSettings
{
    private static readonly double[] Strengths =
    [
        0, -0d, 1, 1.4999999999999998, -1.5, 1.5000000000000002, 2, 1e308, -1e308, double.Epsilon, double.NaN, double.PositiveInfinity, double.NegativeInfinity,
    ];

    private static readonly string[] Json =
    [
        """ "concepts": {"toxicity": 0} """, """ "concepts": {"toxicity": "0"} """, """ "concepts": {"toxicity": "1,5"} """, """ "concepts": {"toxicity": "0,5"} """,
        """ "concepts": {"toxicity": "１"} """, """ "concepts": {"toxicity": "NaN"} """, """ "concepts": {"toxicity": "-Infinity"} """,
        """ "concepts": {"toxicity": "∞"} """, """ "concepts": {"toxicity": 1e999} """, """ "concepts": {"toxicity": -1e999} """, """ "concepts": {"toxicity": "0x0"} """,
        """ "concepts": {"toxicity": true} """, """ "concepts": {"toxicity": null} """, """ "concepts": {"toxicity": [0]} """, """ "concepts": {"toxicity": {"strength": 0}} """,
        """ "concepts": {"toxicity": 1.5, "toxicity": 0} """, """ "concepts": {"Toxicity": 0} """, """ "concepts": {"toxicity ": 0} """, """ "concepts": {"": 0} """,
        """ "concepts": {"sarcasm": 0} """, """ "concepts": "toxicity" """, """ "concepts": 0 """, """ "concepts": [] """, """ "concepts": false """, """ "concepts": {} """,
        """ "concepts": null """, """ "Concepts": {"toxicity": 0} """, """ "CONCEPTS": {"toxicity": 0} """, """ "concept": {"toxicity": 0} """,
        """ "policy": "research" """, """ "Policy": "research" """, """ "POLICY": "research" """, """ "policy": {"name": "research"} """, """ "policy": "family" """,
        """ "policy": "research", "concepts": {"toxicity": 0} """, """ "steering.policy": "research" """, """ "steering": {"policy": "research"} """,
        """ "steering.request": {"Policy": "research"} """, """ "steering.request": {"Concepts": {"toxicity": 0}} """, """ "Steering.Request": {"Policy": "research"} """,
        """ "steering.request": "research" """, """ "steering.fingerprint": "" """, """ "steering.fingerprint": "research/00" """,
        """ "steering.report": {"Policy": "family"} """, """ "steering.handle": {} """, """ "steering.measure": "yes" """, """ "steering.off": true """,
        """ "chosen": {"Policy": "research"} """, """ "Chosen": {"Policy": "research"} """,
    ];

    /// <summary>Every one, with a name; made anew so that none is frozen by an earlier use.</summary>
    internal static IEnumerable<(string Name, PromptExecutionSettings Settings)> All()
    {
        foreach (var strength in Strengths)
        {
            yield return ($"typed {strength:R}", Typed(strength));
            var frozen = Typed(strength);
            frozen.Freeze();
            yield return ($"frozen {strength:R}", frozen);
            yield return ($"cloned {strength:R}", Typed(strength).Clone());
            yield return ($"loose {strength:R}", Loose("concepts", new Dictionary<string, double> { ["toxicity"] = strength }));
            yield return ($"request {strength:R}", Loose(SteeringKeys.Request, new SteeringRequest { Concepts = new Dictionary<string, double> { ["toxicity"] = strength } }));
        }

        foreach (var json in Json)
        {
            foreach (var type in new[] { typeof(PromptExecutionSettings), typeof(SteeredLlamaPromptExecutionSettings) })
            {
                if (Parse(json, type) is { } settings)
                {
                    yield return ($"{type.Name} {json}", settings);
                }
            }
        }

        foreach (var value in LooseConcepts.All())
        {
            yield return ($"loose {value.GetType()} {value}", Loose("concepts", value));
            yield return ($"loose strength {value.GetType()} {value}", Loose("concepts", new Dictionary<string, object> { ["toxicity"] = value }));
        }
    }

    private static PromptExecutionSettings? Parse(string json, Type type)
    {
        try
        {
            return (PromptExecutionSettings)JsonSerializer.Deserialize($$"""{"temperature": 0, "max_tokens": {{Fortress.MaxTokens}}, {{json}} }""", type)!;
        }
        catch (Exception error) when (error is JsonException or SteeringPolicyException)
        {
            return null;
        }
    }

    private static SteeredLlamaPromptExecutionSettings Typed(double strength) => new()
    {
        Temperature = 0,
        MaxTokens = Fortress.MaxTokens,
        Concepts = new Dictionary<string, double> { ["toxicity"] = strength },
    };

    private static PromptExecutionSettings Loose(string key, object value) => new()
    {
        ExtensionData = new Dictionary<string, object> { ["temperature"] = 0, ["max_tokens"] = Fortress.MaxTokens, [key] = value },
    };
}
