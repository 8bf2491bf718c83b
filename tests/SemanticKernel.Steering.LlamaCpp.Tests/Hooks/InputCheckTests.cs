using SemanticKernel.Steering.LlamaCpp.Engine;
using SemanticKernel.Steering.LlamaCpp.Hooks;
using SemanticKernel.Steering.LlamaCpp.Interop.Handles;
using SemanticKernel.Steering.LlamaCpp.Models;
using SemanticKernel.Steering.TestModels;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Hooks;

public class InputCheckTests
{
    [Theory]
    [InlineData(ModelArchitecture.Llama, 65, 1)]
    [InlineData(ModelArchitecture.Llama, 66, 0)]
    [InlineData(ModelArchitecture.Gpt2, 65, 1)]
    public void EndDecode_OtherTokensOrPositionsThanSubmitted_IsAFault(ModelArchitecture architecture, int token, int position)
    {
        using var lease = TestEngine.OpenModel(architecture);
        var callback = new RecordingCallback(lease.Model.Hooks, lease.Model.Library.Tensors);
        using var pool = LlamaThreadPoolHandle.Create(1);
        using var context = LlamaContext.Open(lease.Model, callback, pool, new ContextSettings { ContextSize = 256, BatchSize = 16 });
        using var announced = new TokenBatch(16);
        using var submitted = new TokenBatch(16);
        announced.Add(token, position, 0, output: true);
        submitted.Add(65, 0, 0, output: true);

        callback.BeginDecode(announced);
        var status = context.Decode(submitted);

        Assert.Equal(DecodeStatus.Ok, status);
        Assert.Contains("tokens and positions", Assert.IsType<SteeringException>(callback.EndDecode(wasAborted: false)).Message, StringComparison.Ordinal);
    }
}
