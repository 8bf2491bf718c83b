using System.Runtime.InteropServices;

namespace SemanticKernel.Steering.LlamaCpp.Interop;

/// <summary>The functions of libggml (the backend registry) this library calls, named as in ggml-backend.h.</summary>
internal static unsafe partial class GgmlNative
{
    internal const string Library = "ggml";

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] internal static partial void ggml_backend_load_all_from_path(string? path);
    [LibraryImport(Library)] internal static partial nuint ggml_backend_reg_count();
    [LibraryImport(Library)] internal static partial nint ggml_backend_reg_get(nuint index);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] internal static partial nint ggml_backend_reg_by_name(string name);
    [LibraryImport(Library)] internal static partial nuint ggml_backend_dev_count();
    [LibraryImport(Library)] internal static partial nint ggml_backend_dev_get(nuint index);
    [LibraryImport(Library)] internal static partial nint ggml_backend_dev_by_type(int type);
}
