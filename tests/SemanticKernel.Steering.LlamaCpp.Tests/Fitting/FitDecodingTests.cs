using SemanticKernel.Steering.LlamaCpp.Engine;
using SemanticKernel.Steering.LlamaCpp.Fitting;
using SemanticKernel.Steering.LlamaCpp.Hooks;
using SemanticKernel.Steering.LlamaCpp.Interop.Handles;
using SemanticKernel.Steering.TestModels;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Fitting;

public class FitDecodingTests
{
    [Fact]
    public void Decode_DiskFull_ThrowsTheIOExceptionItself()
    {
        var full = new IOException("No space left on device.");

        Assert.Same(full, Assert.Throws<IOException>(() => Decode(full)));
    }

    [Fact]
    public void Decode_AnyOtherFault_SaysThatRecordingFailed()
    {
        var fault = new InvalidOperationException("Odd.");

        Assert.Same(fault, Assert.Throws<SteeringFitException>(() => Decode(fault)).InnerException);
    }

    private static void Decode(Exception fault)
    {
        using var lease = TestEngine.OpenModel(TestModelCache.Get(ModelArchitecture.Llama));
        var callback = new FailingCallback(lease.Model, fault);
        using var pool = LlamaThreadPoolHandle.Create(1);
        using var batch = new TokenBatch(1);
        using var context = LlamaContext.Open(lease.Model, callback, pool, new ContextSettings { ContextSize = 16, BatchSize = 1 });
        batch.Add(token: 1, position: 0, sequence: 0, output: true);
        callback.Decode(context, batch, TestContext.Current.CancellationToken);
    }

    private sealed class FailingCallback : HookedCallback
    {
        private readonly Exception _fault;

        internal FailingCallback(LlamaModel model, Exception fault)
            : base(model.Hooks, model.Library.Tensors, StateAccess.Auto)
        {
            _fault = fault;
            Activate([.. model.Hooks.Hooks.Select(_ => true)]);
        }

        protected override bool OnRows(int hook, Span<float> rows, int rowCount, bool outputRowsOnly) => throw _fault;
    }
}
