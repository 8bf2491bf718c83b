using SemanticKernel.Steering.LlamaCpp.Telemetry;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Telemetry;

[Collection(Alone.Name)]
public class CallbackTimeTests
{
    [Fact]
    public void CreateClock_NobodyListens_TimesNothing()
    {
        Assert.Null(AnswerTelemetry.CreateClock());
        using (new Listeners("any"))
        {
            Assert.NotNull(AnswerTelemetry.CreateClock());
        }

        Assert.Null(AnswerTelemetry.CreateClock());
    }
}
