using System.Runtime.InteropServices;

namespace SemanticKernel.Steering.LlamaCpp.Native;

/// <summary>
/// The C++ terminate handler of the process. ggml installs one when it is loaded, asserts then that it is not there yet,
/// and leaves it behind when it is unloaded: a second ggml that lands at the same address would end the process.
/// </summary>
internal static unsafe class TerminateHandler
{
    private static readonly nint Library = Open();
    private static readonly delegate* unmanaged[Cdecl]<nint> GetTerminate = (delegate* unmanaged[Cdecl]<nint>)Find("_ZSt13get_terminatev");
    private static readonly delegate* unmanaged[Cdecl]<nint, nint> SetTerminate = (delegate* unmanaged[Cdecl]<nint, nint>)Find("_ZSt13set_terminatePFvvE");

    /// <summary>The handler, or 0 where it cannot be told.</summary>
    internal static nint Current => GetTerminate is null ? 0 : GetTerminate();

    /// <summary>Puts a handler back that <see cref="Current"/> gave.</summary>
    internal static void Restore(nint handler)
    {
        if (handler != 0 && SetTerminate is not null)
        {
            SetTerminate(handler);
        }
    }

    private static nint Open()
    {
        var name = OperatingSystem.IsLinux() ? "libstdc++.so.6" : OperatingSystem.IsMacOS() ? "/usr/lib/libc++abi.dylib" : null;
        return name is not null && NativeLibrary.TryLoad(name, out var library) ? library : 0;
    }

    private static nint Find(string name) => Library != 0 && NativeLibrary.TryGetExport(Library, name, out var function) ? function : 0;
}
