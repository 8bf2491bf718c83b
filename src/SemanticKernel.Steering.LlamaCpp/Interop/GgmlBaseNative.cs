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
    [LibraryImport(Library)] internal static partial byte* ggml_get_name(nint tensor);
    [LibraryImport(Library)] internal static partial void* ggml_get_data(nint tensor);
    [LibraryImport(Library)] internal static partial byte* ggml_op_desc(nint tensor);

    [LibraryImport(Library)] internal static partial nint ggml_backend_cpu_buffer_type();
    [LibraryImport(Library)] internal static partial nint ggml_backend_alloc_ctx_tensors_from_buft(nint context, nint bufferType);
    [LibraryImport(Library)] internal static partial void ggml_backend_buffer_free(nint buffer);
    [LibraryImport(Library)] internal static partial NativeBool ggml_backend_buffer_is_host(nint buffer);
    [LibraryImport(Library)] internal static partial void ggml_backend_tensor_get(nint tensor, void* data, nuint offset, nuint size);
    [LibraryImport(Library)] internal static partial void ggml_backend_tensor_set(nint tensor, void* data, nuint offset, nuint size);

    [LibraryImport(Library)] internal static partial byte* ggml_backend_reg_name(nint registry);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] internal static partial void* ggml_backend_reg_get_proc_address(nint registry, string name);
    [LibraryImport(Library)] internal static partial byte* ggml_backend_dev_name(nint device);
    [LibraryImport(Library)] internal static partial byte* ggml_backend_dev_description(nint device);
    [LibraryImport(Library)] internal static partial int ggml_backend_dev_type(nint device);

    [LibraryImport(Library)] internal static partial void ggml_threadpool_params_init(void* parameters, int threads);
}
