using System.Reflection;
using System.Runtime.Versioning;
using SemanticKernel.Steering.LlamaCpp;

namespace SemanticKernel.Steering.LLamaSharp;

/// <summary>Whether the LLamaSharp of this process is one the adapter can use.</summary>
internal static class LLamaSharpBuild
{
    private const string Supported = "0.28 to 0.30";

    /// <summary>Runs calls into LLamaSharp. A member that is not there shows when the code that uses it is first entered.</summary>
    /// <exception cref="NativeLibraryException">A member is not there.</exception>
    internal static T Call<T>(Func<T> calls)
    {
        try
        {
            return calls();
        }
        catch (Exception exception) when (LacksMember(exception))
        {
            throw new NativeLibraryException(
                $"This version of SemanticKernel.Steering.LLamaSharp is made for LLamaSharp {Supported} and the SemanticKernel.Steering.LlamaCpp of its own version. What is there lacks something: {exception.Message}", exception);
        }
    }

    /// <summary>Whether an error means that another version was compiled against, and not that native code is missing.</summary>
    internal static bool LacksMember(Exception exception) =>
        exception is MissingMemberException or TypeLoadException && exception is not (DllNotFoundException or EntryPointNotFoundException);

    /// <summary>What to do when an assembly, LLamaSharp's, finds no native library.</summary>
    internal static string Advise(Assembly build) =>
        build.GetCustomAttribute<TargetFrameworkAttribute>()?.FrameworkName is { } framework && framework.StartsWith(".NETStandard", StringComparison.Ordinal)
            ? $"The build of it in use is the one for {framework}, which cannot load its backend in this application: target a version of .NET that LLamaSharp has a build for (0.30 has one for net10.0)."
            : "Reference one of its backend packages, such as LLamaSharp.Backend.Cpu, or name a library in NativeLibraryConfig.";
}
