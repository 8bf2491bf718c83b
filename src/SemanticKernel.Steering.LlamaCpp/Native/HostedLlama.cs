using System.Runtime.InteropServices;

namespace SemanticKernel.Steering.LlamaCpp.Native;

/// <summary>
/// Finds the llama.cpp that another binding has loaded into this process. libllama is found by its name; libggml and
/// libggml-base are those it calls itself, whatever else of these names is loaded.
/// </summary>
internal static class HostedLlama
{
    private const string LlamaExport = "llama_decode";

    /// <summary>The libraries of llama.cpp that this process has loaded, whoever did.</summary>
    internal static IReadOnlyList<LoadedModule> List() =>
        [.. LoadedModules.List().Where(name => NativeLibraryNames.IsLlama(name) || NativeLibraryNames.IsGgml(name) || NativeLibraryNames.IsGgmlBase(name))];

    /// <summary>Which llama.cpp another binding uses, or may use, if it is not certain to be this one.</summary>
    internal static string? FindOther(string host, NativeModules modules)
    {
        var loaded = LoadedModules.List();
        var own = loaded.Holding(NativeLibrary.GetExport(modules.Llama, LlamaExport));
        var others = loaded.Where(NativeLibraryNames.IsLlama).Where(module => module != own).ToList();
        if (others.Count > 0)
        {
            return string.Join(", ", others.Select(module => module.Path));
        }

        var found = Find(host);
        found.Free();
        return found.AreSameAs(modules) ? null : found.Path;
    }

    /// <summary>The loaded modules. The caller frees them if it does not keep them.</summary>
    /// <exception cref="NativeLibraryException">They cannot be told for certain.</exception>
    internal static NativeModules Find(string host)
    {
        var loaded = LoadedModules.List();
        var llamas = loaded.Where(NativeLibraryNames.IsLlama).ToList();
        if (llamas.Count != 1)
        {
            throw new NativeLibraryException(llamas.Count == 0
                ? $"{host} has loaded no libllama into this process."
                : $"Which llama.cpp {host} uses cannot be told, because this process has loaded several: {string.Join(", ", llamas.Select(module => module.Path))}. Load one only.");
        }

        var opened = new List<nint>();
        try
        {
            var llama = Open(llamas[0], LlamaExport, opened);
            var ggml = Open(Callee(loaded, host, llama, "ggml_backend_reg_count", NativeLibraryNames.IsGgml), "ggml_backend_reg_count", opened);
            var ggmlBase = Open(Callee(loaded, host, llama, "ggml_get_name", NativeLibraryNames.IsGgmlBase), "ggml_get_name", opened);
            return new NativeModules(llama, ggml, ggmlBase, llamas[0].Path);
        }
        catch
        {
            opened.ForEach(NativeLibrary.Free);
            throw;
        }
    }

    /// <summary>
    /// The module whose function libllama calls. Where looking a function up in a library takes in what that library was
    /// linked with (Linux, macOS), this is exact; Windows links by file name, and is asked which of that name it takes.
    /// </summary>
    private static LoadedModule Callee(LoadedModules loaded, string host, nint llama, string function, Func<string, bool> isName) =>
        (NativeLibrary.TryGetExport(llama, function, out var address) ? loaded.Holding(address) : ByName(loaded.Where(isName).ToList()))
        ?? throw new NativeLibraryException($"{host} has loaded libllama, but no library with {function} that it could call.");

    private static LoadedModule? ByName(List<LoadedModule> modules) =>
        (OperatingSystem.IsWindows() ? modules.Find(LoadedModules.IsBoundByName) : null) ?? modules.FirstOrDefault();

    private static nint Open(LoadedModule module, string export, List<nint> opened)
    {
        var handle = NativeLibrary.Load(module.Path);
        opened.Add(handle);
        return NativeLibrary.TryGetExport(handle, export, out var address) && LoadedModules.List().Holding(address) is { } holder && holder.Base == module.Base
            ? handle
            : throw new NativeLibraryException($"{module.Path} is loaded at 0x{module.Base:x}, but its {export} was not found there.");
    }
}
