using SemanticKernel.Steering.TestModels;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Engine;

public class DecodeAllocationTests
{
    [Theory]
    [InlineData(nameof(StateAccess.Auto), false, false)]
    [InlineData(nameof(StateAccess.Copied), false, false)]
    [InlineData(nameof(StateAccess.OnDevice), false, false)]
    [InlineData(nameof(StateAccess.Auto), true, false)]
    [InlineData(nameof(StateAccess.Copied), true, true)]
    [InlineData(nameof(StateAccess.OnDevice), true, true)]
    public async Task Decode_SteeredWithStops_AllocatesNothingPerToken(string access, bool penalties, bool measured)
    {
        var path = TestModelCache.Get(ModelArchitecture.Llama);
        var options = TestEngine.Options(path, TestMaps.Shift(path, "c", 0.2f));
        options.StateAccess = Enum.Parse<StateAccess>(access);
        using var engine = TestEngine.Open(options);
        var request = TestEngine.Greedy("c", 0.5, maxTokens: 60);
        request.StopSequences = ["no such text", "nor this one"];
        request.FrequencyPenalty = penalties ? 0.5f : null;
        request.AdditionalProperties![SteeringKeys.Measure] = measured;
        var allocations = new List<long>();

        // The first answers compile code and start threads of the pool that wakes readers.
        while (allocations.Count < 10 && allocations is not [.., 0])
        {
            var answer = await engine.AskAsync("Hello you", request);
            Assert.True(answer.Usage!.OutputTokenCount > 30);
            allocations.Add(engine.Loop.LastDecodeAllocations);
        }

        Assert.Equal(0, allocations[^1]);
    }
}
