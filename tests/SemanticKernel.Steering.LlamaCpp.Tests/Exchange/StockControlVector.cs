using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using SemanticKernel.Steering.LlamaCpp.Native;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Exchange;

/// <summary>
/// Control vectors as llama.cpp's own programs handle them: the file is read by llama.cpp's GGUF reader, its tensors by the rules of
/// <c>common_control_vector_load_one</c>, and the result goes to <c>llama_set_adapter_cvec</c>.
/// </summary>
internal static unsafe partial class StockControlVector
{
    /// <summary>Loads a file; null where llama.cpp would refuse it. The buffer has room for every block but the first.</summary>
    internal static float[]? Load(LlamaModel model, string path)
    {
        var library = NativeLibrary.Load(NativeLibraryNames.FindGgmlBase(Path.GetDirectoryName(model.NativeLibrary.Path)!)!);
        var open = (delegate* unmanaged[Cdecl]<nint, InitParams, nint>)NativeLibrary.GetExport(library, "gguf_init_from_file");
        var count = (delegate* unmanaged[Cdecl]<nint, long>)NativeLibrary.GetExport(library, "gguf_get_n_tensors");
        var nameOf = (delegate* unmanaged[Cdecl]<nint, long, nint>)NativeLibrary.GetExport(library, "gguf_get_tensor_name");
        var typeOf = (delegate* unmanaged[Cdecl]<nint, long, int>)NativeLibrary.GetExport(library, "gguf_get_tensor_type");
        var find = (delegate* unmanaged[Cdecl]<nint, nint, nint>)NativeLibrary.GetExport(library, "ggml_get_tensor");
        var dimensions = (delegate* unmanaged[Cdecl]<nint, int>)NativeLibrary.GetExport(library, "ggml_n_dims");
        var elements = (delegate* unmanaged[Cdecl]<nint, long>)NativeLibrary.GetExport(library, "ggml_nelements");
        var dataOf = (delegate* unmanaged[Cdecl]<nint, nint>)NativeLibrary.GetExport(library, "ggml_get_data");
        var close = (delegate* unmanaged[Cdecl]<nint, void>)NativeLibrary.GetExport(library, "gguf_free");
        var free = (delegate* unmanaged[Cdecl]<nint, void>)NativeLibrary.GetExport(library, "ggml_free");

        nint tensors = 0;
        var text = Marshal.StringToCoTaskMemUTF8(path);
        var file = open(text, new InitParams { Tensors = &tensors });
        Marshal.FreeCoTaskMem(text);
        if (file == 0)
        {
            return null;
        }

        try
        {
            var values = new float[(model.LayerCount - 1) * model.Width];
            for (var i = 0L; i < count(file); i++)
            {
                var match = Direction().Match(Marshal.PtrToStringUTF8(nameOf(file, i))!);
                var tensor = find(tensors, nameOf(file, i));
                if (!match.Success || int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) is not (> 0 and var layer)
                    || typeOf(file, i) != 0 || dimensions(tensor) != 1 || elements(tensor) != model.Width)
                {
                    return null;
                }

                var direction = new ReadOnlySpan<float>((void*)dataOf(tensor), model.Width);
                for (var neuron = 0; neuron < model.Width && layer < model.LayerCount; neuron++)
                {
                    values[((layer - 1) * model.Width) + neuron] += direction[neuron];
                }
            }

            return values;
        }
        finally
        {
            free(tensors);
            close(file);
        }
    }

    /// <summary>Has a context add the vector from now on.</summary>
    internal static void Apply(LlamaModel model, nint context, float[] values)
    {
        var set = (delegate* unmanaged[Cdecl]<nint, float*, nuint, int, int, int, int>)
            NativeLibrary.GetExport(NativeLibrary.Load(model.NativeLibrary.Path), "llama_set_adapter_cvec");
        fixed (float* data = values)
        {
            Assert.Equal(0, set(context, data, (nuint)values.Length, model.Width, 1, model.LayerCount));
        }
    }

    [GeneratedRegex(@"^direction\.\s*([+-]?\d+)")]
    private static partial Regex Direction();

    [StructLayout(LayoutKind.Sequential)]
    private struct InitParams
    {
        public byte NoAlloc;
        public nint* Tensors;
    }
}
