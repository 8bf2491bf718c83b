using Microsoft.Extensions.Logging.Abstractions;
using SemanticKernel.Steering.LlamaCpp.Interop;
using SemanticKernel.Steering.LlamaCpp.Native;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Native;

public unsafe class TensorLayoutTests
{
    private readonly TensorLayout _layout = LlamaLibrary.Load(null, NullLogger.Instance).Tensors;

    [Fact]
    public void Find_Offsets_AgreeWithTheAccessors()
    {
        var context = GgmlBaseNative.ggml_init(new GgmlInitParams { MemorySize = 1 << 16, NoAlloc = 1 });
        var left = GgmlBaseNative.ggml_new_tensor_2d(context, 0, 11, 3);
        var right = GgmlBaseNative.ggml_new_tensor_2d(context, 0, 11, 3);
        var sum = GgmlBaseNative.ggml_add(context, left, right);
        var integers = GgmlBaseNative.ggml_new_tensor_2d(context, 26, 5, 1);
        var buffer = GgmlBaseNative.ggml_backend_alloc_ctx_tensors_from_buft(context, GgmlBaseNative.ggml_backend_cpu_buffer_type());
        try
        {
            foreach (var tensor in new[] { left, right, sum, integers })
            {
                Assert.Equal((nint)GgmlBaseNative.ggml_get_data(tensor), (nint)_layout.DataOf(tensor));
                Assert.Equal((nint)GgmlBaseNative.ggml_get_name(tensor), (nint)_layout.NameOf(tensor));
                Assert.Equal(buffer, _layout.BufferOf(tensor));
            }

            Assert.Equal((11, 3), (_layout.Width(sum), _layout.Rows(sum)));
            Assert.Equal((5, 1), (_layout.Width(integers), _layout.Rows(integers)));
            Assert.Equal("ADD", Utf8.Read(GgmlBaseNative.ggml_op_desc(sum)));
            Assert.True(_layout.OperationOf(sum) > TensorLayout.NoOperation);
            Assert.All(new[] { left, right, integers }, leaf => Assert.Equal(TensorLayout.NoOperation, _layout.OperationOf(leaf)));
            Assert.Equal((left, right, 0), (_layout.SourceOf(sum, 0), _layout.SourceOf(sum, 1), _layout.SourceOf(sum, 2)));
            Assert.True(TensorLayout.IsF32(sum) && !TensorLayout.IsI32(sum));
            Assert.True(TensorLayout.IsI32(integers) && !TensorLayout.IsF32(integers));
            Assert.True(_layout.IsContiguous(sum));
            Assert.False(_layout.IsContiguous(AsTransposed(sum)));
        }
        finally
        {
            GgmlBaseNative.ggml_backend_buffer_free(buffer);
            GgmlBaseNative.ggml_free(context);
        }
    }

    /// <summary>Swaps the strides, as a transposed view has them.</summary>
    private nint AsTransposed(nint tensor)
    {
        var strides = (long*)(tensor + _layout.Strides);
        (strides[0], strides[1]) = (strides[1], strides[0]);
        return tensor;
    }
}
