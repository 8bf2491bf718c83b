using System.Runtime.InteropServices;

namespace SemanticKernel.Steering.LlamaCpp.Interop;

/// <summary>The functions of libggml-base (tensors, buffers, devices) this library calls, named as in ggml.h and ggml-backend.h.</summary>
internal static unsafe partial class GgmlBaseNative
{
    internal const string Library = "ggml-base";

    [LibraryImport(Library)] internal static partial nint ggml_init(GgmlInitParams parameters);
    [LibraryImport(Library)] internal static partial void ggml_free(nint context);
    [LibraryImport(Library)] internal static partial nint ggml_new_tensor_2d(nint context, int type, long ne0, long ne1);
    [LibraryImport(Library)] internal static partial nint ggml_add(nint context, nint a, nint b);
    [LibraryImport(Library)] internal static partial nint ggml_add_inplace(nint context, nint a, nint b);
    [LibraryImport(Library)] internal static partial nint ggml_mul_inplace(nint context, nint a, nint b);
    [LibraryImport(Library)] internal static partial nint ggml_get_rows(nint context, nint a, nint b);
    [LibraryImport(Library)] internal static partial nint ggml_view_1d(nint context, nint a, long ne0, nuint offset);
    [LibraryImport(Library)] internal static partial nint ggml_view_2d(nint context, nint a, long ne0, long ne1, nuint nb1, nuint offset);
    [LibraryImport(Library)] internal static partial nuint ggml_tensor_overhead();
    [LibraryImport(Library)] internal static partial nuint ggml_graph_overhead_custom(nuint size, NativeBool grads);
    [LibraryImport(Library)] internal static partial nint ggml_new_graph_custom(nint context, nuint size, NativeBool grads);
    [LibraryImport(Library)] internal static partial void ggml_build_forward_expand(nint graph, nint tensor);
    [LibraryImport(Library)] internal static partial int ggml_graph_n_nodes(nint graph);
    [LibraryImport(Library)] internal static partial nint ggml_graph_node(nint graph, int index);
    [LibraryImport(Library)] internal static partial byte* ggml_get_name(nint tensor);
    [LibraryImport(Library)] internal static partial void* ggml_get_data(nint tensor);
    [LibraryImport(Library)] internal static partial byte* ggml_op_desc(nint tensor);

    [LibraryImport(Library)] internal static partial nint ggml_backend_cpu_buffer_type();
    [LibraryImport(Library)] internal static partial nint ggml_backend_alloc_ctx_tensors_from_buft(nint context, nint bufferType);
    [LibraryImport(Library)] internal static partial void ggml_backend_buffer_free(nint buffer);
    [LibraryImport(Library)] internal static partial NativeBool ggml_backend_buffer_is_host(nint buffer);
    [LibraryImport(Library)] internal static partial void ggml_backend_tensor_get(nint tensor, void* data, nuint offset, nuint size);
    [LibraryImport(Library)] internal static partial void ggml_backend_tensor_set(nint tensor, void* data, nuint offset, nuint size);

    [LibraryImport(Library)] internal static partial int ggml_backend_tensor_alloc(nint buffer, nint tensor, void* address);
    [LibraryImport(Library)] internal static partial int ggml_backend_view_init(nint tensor);
    [LibraryImport(Library)] internal static partial nint ggml_backend_buffer_get_type(nint buffer);
    [LibraryImport(Library)] internal static partial nint ggml_backend_buft_get_device(nint bufferType);
    [LibraryImport(Library)] internal static partial nint ggml_backend_dev_init(nint device, byte* parameters);
    [LibraryImport(Library)] internal static partial nint ggml_backend_dev_backend_reg(nint device);
    [LibraryImport(Library)] internal static partial nint ggml_backend_get_device(nint backend);
    [LibraryImport(Library)] internal static partial void ggml_backend_free(nint backend);
    [LibraryImport(Library)] internal static partial NativeBool ggml_backend_supports_op(nint backend, nint operation);
    [LibraryImport(Library)] internal static partial int ggml_backend_graph_compute(nint backend, nint graph);

    [LibraryImport(Library)] internal static partial byte* ggml_backend_reg_name(nint registry);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] internal static partial void* ggml_backend_reg_get_proc_address(nint registry, string name);
    [LibraryImport(Library)] internal static partial byte* ggml_backend_dev_name(nint device);
    [LibraryImport(Library)] internal static partial byte* ggml_backend_dev_description(nint device);
    [LibraryImport(Library)] internal static partial int ggml_backend_dev_type(nint device);

    [LibraryImport(Library)] internal static partial void ggml_threadpool_params_init(void* parameters, int threads);
}
