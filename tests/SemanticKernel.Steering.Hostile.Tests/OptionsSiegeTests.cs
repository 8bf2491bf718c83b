using Microsoft.Extensions.AI;

namespace SemanticKernel.Steering.Hostile.Tests;

public sealed class OptionsSiegeTests(Fortress fortress)
{
    public static TheoryData<string> Names => [.. Doors.OfOptions.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task HarmlessOptions_ThroughEveryDoor_GiveTheFloorsAnswer(string door) =>
        Assert.True(await Siege.HoldsAsync(fortress, door, () => Doors.OfOptions[door](fortress.Kernel, Options())));

    [Theory]
    [MemberData(nameof(Names))]
    public async Task LooseValues_UnderEveryKey_NeverGetBelowTheFloor(string door)
    {
        string[] keys =
        [
            SteeringKeys.Concepts, SteeringKeys.Request, SteeringKeys.Policy, SteeringKeys.Fingerprint, SteeringKeys.Handle, SteeringKeys.Measure, SteeringKeys.Report,
            "CONCEPTS", "steering", "concept", "plan", "steering.plan",
        ];
        foreach (var (key, value) in keys.SelectMany(key => LooseConcepts.All().Select(value => (key, value))))
        {
            // A request is code's own word and may choose the policy.
            if (key != SteeringKeys.Request || value is not SteeringRequest)
            {
                await Siege.HoldsAsync(fortress, $"{door}, {key}, {value.GetType()} {value}", () => Doors.OfOptions[door](fortress.Kernel, Options(key, value)));
            }
        }

        foreach (var value in LooseConcepts.All())
        {
            await Siege.HoldsAsync(fortress, $"{door}, strength {value.GetType()} {value}", () =>
                Doors.OfOptions[door](fortress.Kernel, Options(SteeringKeys.Concepts, new Dictionary<string, object> { ["toxicity"] = value })));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Requests_WithStrengthsOrUnknownPolicies_NeverGetBelowTheFloor(string door)
    {
        foreach (var strength in new[] { 0, 1.4999999, -1.5, 2, 1e308, double.NaN, double.NegativeInfinity })
        {
            foreach (var policy in new[] { null, Fortress.Floor, "none such", "", "RESEARCH" })
            {
                var request = new SteeringRequest { Policy = policy, Concepts = new Dictionary<string, double> { ["toxicity"] = strength } };
                Assert.False(await Siege.HoldsAsync(fortress, $"{door}, {policy} {strength}", () => Doors.OfOptions[door](fortress.Kernel, Options(SteeringKeys.Request, request))));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task ForgedReportsAndFingerprints_NeverGetBelowTheFloor(string door)
    {
        var forged = new SteeringReport(Fortress.Weaker, "00", new Dictionary<string, double> { ["toxicity"] = 0 });
        foreach (var (key, value) in new (string, object)[]
        {
            (SteeringKeys.Report, forged), (SteeringKeys.Request, forged), (SteeringKeys.Concepts, forged.Concepts), (SteeringKeys.Fingerprint, forged),
            (SteeringKeys.Fingerprint, $"{Fortress.Weaker}/{forged.Fingerprint}"), (SteeringKeys.Handle, forged),
        })
        {
            await Siege.HoldsAsync(fortress, $"{door}, {key}", () => Doors.OfOptions[door](fortress.Kernel, Options(key, value)));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task RawRepresentation_IsRefused(string door)
    {
        var options = Options();
        options.RawRepresentationFactory = _ => new SteeringRequest { Policy = Fortress.Weaker };

        Assert.False(await Siege.HoldsAsync(fortress, door, () => Doors.OfOptions[door](fortress.Kernel, options)));
    }

    [Fact]
    public async Task ChangesOfARunningAnswer_NeverGetBelowTheFloor()
    {
        Assert.True(await Siege.HoldsAsync(fortress, "handle", async () =>
        {
            var handle = new SteeringHandle();
            var updates = new List<ChatResponseUpdate>();
            await foreach (var update in fortress.Client.GetStreamingResponseAsync(Fortress.Question, Options(SteeringKeys.Handle, handle)))
            {
                updates.Add(update);
                foreach (var strength in new[] { 0, 1.49, 1e308, double.NaN })
                {
                    Assert.ThrowsAny<Exception>(() => handle.Change(new SteeringRequest { Concepts = new Dictionary<string, double> { ["toxicity"] = strength } }));
                }
            }

            return Doors.Of(updates.ToChatResponse());
        }));
    }

    private static ChatOptions Options(string? key = null, object? value = null) => new()
    {
        Temperature = 0,
        MaxOutputTokens = Fortress.MaxTokens,
        AdditionalProperties = key is null ? null : new() { [key] = value },
    };
}
