using Microsoft.SemanticKernel;

namespace SemanticKernel.Steering.Hostile.Tests;

public sealed class SettingsSiegeTests(Fortress fortress)
{
    public static TheoryData<string> Names => [.. Doors.OfSettings.Keys];

    [Fact]
    public void FloorAnswers_DifferFromPlainOnes()
    {
        Assert.NotEqual(fortress.PlainAnswer, fortress.FloorAnswer);
        Assert.NotEqual(fortress.PlainText, fortress.FloorText);
        Assert.NotEmpty(fortress.FloorAnswer);
        Assert.NotEmpty(fortress.FloorText);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task HarmlessSettings_ThroughEveryDoor_GiveTheFloorsAnswer(string door)
    {
        var settings = new SteeredLlamaPromptExecutionSettings { Temperature = 0, MaxTokens = Fortress.MaxTokens };

        Assert.True(await Siege.HoldsAsync(fortress, door, () => Doors.OfSettings[door](fortress.Kernel, settings)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task HostileSettings_ThroughEveryDoor_NeverGetBelowTheFloor(string door)
    {
        foreach (var (name, settings) in HostileSettings.All())
        {
            await Siege.HoldsAsync(fortress, $"{door}, {name}", () => Doors.OfSettings[door](fortress.Kernel, settings));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task NullSettings_ThroughEveryDoor_AreSteeredAtTheFloor(string door)
    {
        // The text depends on the default samplers; the report does not.
        var answered = await Doors.OfSettings[door](fortress.Kernel, null);

        Assert.Equal(Fortress.Floor, answered.Report!.Policy);
        Assert.Equal(Fortress.Strength, answered.Report.Concepts["toxicity"]);
    }
}
