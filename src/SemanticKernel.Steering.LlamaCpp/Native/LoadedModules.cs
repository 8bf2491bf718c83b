using System.Diagnostics;
using System.Runtime.InteropServices;
using SemanticKernel.Steering.LlamaCpp.Interop;

namespace SemanticKernel.Steering.LlamaCpp.Native;

/// <summary>The native libraries of this process at one moment.</summary>
internal sealed unsafe partial class LoadedModules
{
    private const string SystemLibrary = "libSystem.dylib";

    private readonly LoadedModule[] _modules;

    private LoadedModules(IEnumerable<LoadedModule> modules) => _modules = [.. modules];

    internal static LoadedModules List()
    {
        if (OperatingSystem.IsMacOS())
        {
            // The runtime lists only the main program there.
            return new LoadedModules(Enumerable.Range(0, (int)_dyld_image_count())
                .Select(image => new LoadedModule(Utf8.Read(_dyld_get_image_name((uint)image)), _dyld_get_image_header((uint)image))));
        }

        using var process = Process.GetCurrentProcess();
        return new LoadedModules(process.Modules.Cast<ProcessModule>().Select(module => new LoadedModule(module.FileName, module.BaseAddress)));
    }

    /// <summary>The modules whose file name is of a kind, in no certain order.</summary>
    internal IEnumerable<LoadedModule> Where(Func<string, bool> isName) => _modules.Where(module => isName(Path.GetFileName(module.Path)));

    /// <summary>The module that holds an exported function: of those that begin before it, the nearest.</summary>
    internal LoadedModule? Holding(nint function) => _modules.Where(module => module.Base <= function).MaxBy(module => module.Base);

    /// <summary>Of modules with the same file name, the one that Windows binds imports of that name to.</summary>
    internal static bool IsBoundByName(LoadedModule module) => GetModuleHandleW(Path.GetFileName(module.Path)) == module.Base;

    [LibraryImport("kernel32.dll", StringMarshalling = StringMarshalling.Utf16)] private static partial nint GetModuleHandleW(string name);
    [LibraryImport(SystemLibrary)] private static partial uint _dyld_image_count();
    [LibraryImport(SystemLibrary)] private static partial byte* _dyld_get_image_name(uint image);
    [LibraryImport(SystemLibrary)] private static partial nint _dyld_get_image_header(uint image);
}
