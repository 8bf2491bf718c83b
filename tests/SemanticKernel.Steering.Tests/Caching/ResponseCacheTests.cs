using Microsoft.Extensions.AI;

namespace SemanticKernel.Steering.Tests.Caching;

/// <summary>A response cache replays an answer only under the plan it was made under, if it stands where docs/policies.md says.</summary>
public sealed class ResponseCacheTests : IDisposable
{
    private readonly CachedModel _model;

    public ResponseCacheTests(TinyChatFixture tinyChat) => _model = new CachedModel(tinyChat);

    public void Dispose() => _model.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SamePlan_Replays(bool streaming)
    {
        var client = _model.Right();
        var first = await Ask(client, streaming);
        var second = await Ask(client, streaming);

        Assert.Equal(1, _model.Model.Calls);
        Assert.Equal(first.Text, second.Text);
        Assert.Equal(1, ReportOf(second).Concepts["toxicity"]);
        Assert.Equal(ReportOf(first).Fingerprint, ReportOf(second).Fingerprint);
        Assert.Equal(CachedModel.Family, ReportOf(second).Policy);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task OtherStrength_IsAnsweredAnew(bool streaming)
    {
        var client = _model.Right();
        foreach (var strength in new[] { 0.5, 1, 1.5 })
        {
            var response = await Ask(client, streaming, Request(strength));
            Assert.Equal(strength, ReportOf(response).Concepts["toxicity"]);
        }

        Assert.Equal(3, _model.Model.Calls);
        Assert.Equal(0.5, ReportOf(await Ask(client, streaming, Request(0.5))).Concepts["toxicity"]);
        Assert.Equal(3, _model.Model.Calls);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task OtherPolicy_IsAnsweredAnew(bool streaming)
    {
        var policy = CachedModel.Research;
        var client = _model.Right((_, _) => new SteeringRequest { Policy = policy });
        Assert.Equal(0, ReportOf(await Ask(client, streaming)).Concepts["toxicity"]);

        policy = CachedModel.Family;

        Assert.Equal(1, ReportOf(await Ask(client, streaming)).Concepts["toxicity"]);
        Assert.Equal(2, _model.Model.Calls);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ChangedPolicy_IsAnsweredAnew(bool streaming)
    {
        var client = _model.Right();
        await Ask(client, streaming);

        _model.ChangeStrength("1.5");

        Assert.Equal(1.5, ReportOf(await Ask(client, streaming)).Concepts["toxicity"]);
        Assert.Equal(2, _model.Model.Calls);
    }

    [Fact]
    public async Task RefusedRequest_IsRefusedThoughItsAnswerIsCached()
    {
        var client = _model.Right();
        await Ask(client, streaming: false, Request(0.75));

        _model.ChangeStrength("0.5");
        await Ask(client, streaming: false, Request(0.75));
        await Assert.ThrowsAsync<SteeringPolicyException>(() => Ask(client, streaming: false, Request(0.25)));
        await Assert.ThrowsAsync<SteeringPolicyException>(() => Ask(client, streaming: true, Request(double.NaN)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task CallWithAHandle_IsNeitherReplayedNorPlayedToOthers(bool outsideOnly)
    {
        var client = outsideOnly ? _model.WithoutSteering() : _model.Right();
        for (var call = 0; call < 2; call++)
        {
            var options = Options();
            options.AdditionalProperties![SteeringKeys.Handle] = new SteeringHandle();
            await client.GetResponseAsync("Hello.", options, TestContext.Current.CancellationToken);
        }

        await Ask(client, streaming: false);

        Assert.Equal(3, _model.Model.Calls);
    }

    [Fact]
    public async Task Hazard_WithoutUseSteering_AnAnswerOfAnotherPolicyIsReplayed()
    {
        var client = _model.WithoutSteering();
        await Ask(client, streaming: false);

        _model.ChangeStrength("1.5");
        await Ask(client, streaming: false);

        Assert.Equal(1, _model.Model.Calls);
    }

    [Fact]
    public async Task Hazard_WithTheCacheOutside_AnAnswerOfAnotherPolicyIsReplayed()
    {
        var client = _model.CacheOutside();
        await Ask(client, streaming: false);

        _model.ChangeStrength("1.5");
        await Ask(client, streaming: false);

        Assert.Equal(1, _model.Model.Calls);
    }

    [Fact]
    public async Task PolicyThatChangesOnTheWay_IsRefused()
    {
        var client = new ChatClientBuilder(_model.Model).UseSteering().Use(
            async (messages, options, inner, cancel) =>
            {
                _model.ChangeStrength("1.5");
                return await inner.GetResponseAsync(messages, options, cancel);
            },
            null).Build();

        await Assert.ThrowsAsync<SteeringPolicyException>(() => Ask(client, streaming: false));
    }

    private static SteeringRequest Request(double strength) => new() { Concepts = new Dictionary<string, double> { ["toxicity"] = strength } };

    private static ChatOptions Options() => new() { Temperature = 0, MaxOutputTokens = 8, AdditionalProperties = [] };

    private static SteeringReport ReportOf(ChatResponse response) => Assert.IsType<SteeringReport>(
        (response.AdditionalProperties ?? response.Messages[^1].AdditionalProperties)![SteeringKeys.Report]);

    private static async Task<ChatResponse> Ask(IChatClient client, bool streaming, SteeringRequest? request = null)
    {
        var options = Options();
        if (request is not null)
        {
            options.AdditionalProperties![SteeringKeys.Request] = request;
        }

        var cancel = TestContext.Current.CancellationToken;
        return streaming
            ? await client.GetStreamingResponseAsync("Hello.", options, cancel).ToChatResponseAsync(cancel)
            : await client.GetResponseAsync("Hello.", options, cancel);
    }
}
