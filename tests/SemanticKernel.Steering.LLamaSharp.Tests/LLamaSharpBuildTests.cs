using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.Versioning;
using LLama.Native;
using SemanticKernel.Steering.LlamaCpp;

namespace SemanticKernel.Steering.LLamaSharp.Tests;

public class LLamaSharpBuildTests
{
    [Fact]
    public void Call_MemberThatIsNotThere_SaysWhichVersionsAreSupported()
    {
        foreach (var missing in new Exception[] { new MissingFieldException("LLamaContextParams", "cb_eval"), new MissingMethodException("Decode"), new TypeLoadException() })
        {
            var error = Assert.Throws<NativeLibraryException>(() => LLamaSharpBuild.Call<int>(() => throw missing));

            Assert.Contains("LLamaSharp 0.28 to 0.30", error.Message, StringComparison.Ordinal);
            Assert.Contains(missing.Message, error.Message, StringComparison.Ordinal);
            Assert.Same(missing, error.InnerException);
        }
    }

    [Fact]
    public void Call_NativeFunctionThatIsNotThere_IsLeftToOthers()
    {
        Assert.Throws<EntryPointNotFoundException>(() => LLamaSharpBuild.Call<int>(() => throw new EntryPointNotFoundException()));
        Assert.Equal(3, LLamaSharpBuild.Call(() => 3));
    }

    [Fact]
    public void Advise_BuildForNetStandard_NamesItAsTheCause()
    {
        var framework = new CustomAttributeBuilder(typeof(TargetFrameworkAttribute).GetConstructor([typeof(string)])!, [".NETStandard,Version=v2.0"]);
        var build = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("Build"), AssemblyBuilderAccess.Run, [framework]);

        Assert.Contains(".NETStandard,Version=v2.0", LLamaSharpBuild.Advise(build), StringComparison.Ordinal);
        Assert.Contains("LLamaSharp.Backend.Cpu", LLamaSharpBuild.Advise(typeof(NativeApi).Assembly), StringComparison.Ordinal);
    }
}
