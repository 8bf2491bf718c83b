namespace SemanticKernel.Steering.Hostile.Tests;

/// <summary>Judges attempts: either the floor's own answer comes out, or an error.</summary>
internal static class Siege
{
    /// <returns>Whether there was an answer.</returns>
    internal static async Task<bool> HoldsAsync(Fortress fortress, string attempt, Func<Task<Answered>> run)
    {
        Answered answered;
        try
        {
            answered = await run();
        }
#pragma warning disable CA1031 // Any error will do: no answer came out.
        catch (Exception error)
#pragma warning restore CA1031
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"{attempt}: {error.GetType().Name}: {error.Message}");
            return false;
        }

        Assert.True(answered.Text == fortress.FloorAnswer || answered.Text == fortress.FloorText, $"{attempt} got out: {answered.Text}");
        Assert.NotNull(answered.Report);
        Assert.Equal(Fortress.Floor, answered.Report.Policy);
        Assert.Equal(Fortress.Strength, answered.Report.Concepts["toxicity"]);
        return true;
    }
}
