using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using SemanticKernel.Steering.LlamaCpp.Interop;

namespace SemanticKernel.Steering.LlamaCpp.Native;

/// <summary>
/// The llama.cpp of this process. It is loaded once: its ggml registry and log sink are process-wide, and the imports of
/// <see cref="LlamaNative"/>, <see cref="GgmlNative"/> and <see cref="GgmlBaseNative"/> bind to it for good.
/// </summary>
internal sealed unsafe class LlamaLibrary
{
    private static readonly object Gate = new();
    private static LlamaLibrary? s_loaded;

    private readonly NativeModules _modules;
    private readonly string? _host;
    private string[] _unusable = [];
    private NativeLibraryException? _failure;

    static LlamaLibrary() => NativeLibrary.SetDllImportResolver(typeof(LlamaLibrary).Assembly, Resolve);

    private LlamaLibrary(NativeModules modules, string version, string? host = null)
    {
        _modules = modules;
        _host = host;
        Info = new NativeLibraryInfo(modules.Path, version, [], [], string.Empty, false);
        Tensors = null!;
        Penalties = null!;
    }

    /// <summary>What is loaded.</summary>
    /// <exception cref="NativeLibraryException">Nothing is.</exception>
    internal static LlamaLibrary Current => s_loaded ?? throw new NativeLibraryException("No llama.cpp is loaded yet.");

    internal NativeLibraryInfo Info { get; private set; }

    internal TensorLayout Tensors { get; private set; }

    internal PenaltyFunction Penalties { get; private set; }

    /// <summary>The layout of the parameters for loading models, or null if it is unknown, as it may be where another library loads them.</summary>
    internal ModelParamsLayout? ModelParams { get; private set; }

    /// <summary>Loads llama.cpp, or returns what is loaded. Thread-safe.</summary>
    /// <exception cref="NativeLibraryException">No candidate is usable, or another library than <paramref name="explicitPath"/> is loaded already.</exception>
    internal static LlamaLibrary Load(string? explicitPath, ILogger logger)
    {
        lock (Gate)
        {
            if (s_loaded is { } loaded)
            {
                loaded.EnsureIs(explicitPath);
                loaded.EnsureFitsDirectUse();
                return loaded.LogTo(logger);
            }

            var environmentPath = Environment.GetEnvironmentVariable(NativeLibraryLocator.EnvironmentVariable);
            var opened = HostedLlama.List() is { Count: > 0 } present
                ? OpenAgain(present, explicitPath, environmentPath)
                : OpenFirst(explicitPath, environmentPath, AppContext.BaseDirectory);
            return Bind(opened).LogTo(logger);
        }
    }

    /// <summary>Binds to the llama.cpp that another library has loaded into this process, or returns what is bound if that is the same. Thread-safe.</summary>
    /// <param name="host">Who has loaded it, for messages. It loads models, opens contexts and keeps the log sink.</param>
    /// <param name="logger">Where to say what is loaded.</param>
    /// <exception cref="NativeLibraryException">It lacks something, or this process is bound to another llama.cpp already.</exception>
    internal static LlamaLibrary Adopt(string host, ILogger logger)
    {
        lock (Gate)
        {
            if (s_loaded is { } loaded)
            {
                loaded.EnsureIsThatOf(host);
                return loaded.LogTo(logger);
            }

            var modules = HostedLlama.Find(host);
            var version = AbiCheck.ReadVersion(modules.Llama) ?? "unknown";
            return FindMissing(modules) is not { } missing
                ? Bind(new LlamaLibrary(modules, version, host)).LogTo(logger)
                : throw new NativeLibraryException($"{host} has loaded {modules.Path}, version {version}: {missing}.");
        }
    }

    /// <summary>Says in a log what is loaded, as every engine's log should, and what is there but could not be.</summary>
    internal LlamaLibrary LogTo(ILogger logger)
    {
        NativeLog.LibraryLoaded(logger, Info);
        if (_unusable.Length > 0)
        {
            NativeLog.LibrariesPassedOver(logger, string.Join("; ", _unusable));
        }

        return this;
    }

    /// <summary>Opens the best candidate that is usable.</summary>
    /// <exception cref="NativeLibraryException">None is; the message lists all with the reason for each.</exception>
    internal static LlamaLibrary OpenFirst(string? explicitPath, string? environmentPath, string baseDirectory)
    {
        var refusals = new List<NativeLibraryRefusal>();
        foreach (var candidate in NativeLibraryLocator.List(explicitPath, environmentPath, baseDirectory, refusals))
        {
            if (TryOpen(candidate, refusals) is { } opened)
            {
                opened._unusable = [.. refusals.Where(refusal => !refusal.IsAbsence).Select(refusal => refusal.Reason)];
                return opened;
            }
        }

        throw new NativeLibraryException(
            $"No usable llama.cpp library was found. Tried:{Environment.NewLine}" +
            string.Join(Environment.NewLine, refusals.Select(refusal => "  - " + refusal.Reason)) + Environment.NewLine +
            $"Set {NativeLibraryLocator.EnvironmentVariable} or the NativeLibraryPath option to a folder with libllama, libggml and libggml-base " +
            $"({AbiCheck.SupportedVersions}), or run the engine through LLamaSharp, whose backend packages are other builds.");
    }

    /// <summary>
    /// Opens the candidate that something else in this process has loaded already. No other can be opened: the dynamic linker
    /// would bind it to the libggml-base that is loaded, by name, and end the process where they do not fit together.
    /// </summary>
    private static LlamaLibrary OpenAgain(IReadOnlyList<LoadedModule> present, string? explicitPath, string? environmentPath)
    {
        var refusals = new List<NativeLibraryRefusal>();
        var candidate = NativeLibraryLocator.List(explicitPath, environmentPath, AppContext.BaseDirectory, refusals).FirstOrDefault(candidate => candidate.Holds(present))
            ?? throw new NativeLibraryException(
                $"{present[0].Path} is loaded already, by something else in this process, and no other llama.cpp can be loaded beside it. " +
                "Open all engines of the process the same way: with UseLLamaSharp if LLamaSharp has loaded it, else with that file as their NativeLibraryPath.");
        refusals.Clear();
        return TryOpen(candidate, refusals) ?? throw new NativeLibraryException(
            $"Something else in this process has loaded a llama.cpp already that cannot be called directly: {refusals[0].Reason}. If it was LLamaSharp, open all engines of the process through it, with UseLLamaSharp.");
    }

    /// <summary>Opens a candidate's libraries, checks them, and on refusal unloads them and says why.</summary>
    internal static LlamaLibrary? TryOpen(NativeLibraryCandidate candidate, List<NativeLibraryRefusal> refusals)
    {
        var opened = new List<nint>();
        var terminateHandler = TerminateHandler.Current;
        var name = $"{candidate.LlamaPath ?? "libllama"} ({candidate.Source})";
        try
        {
            var modules = candidate.LlamaPath is { } path ? OpenFiles(path, candidate.CpuFolder, opened) : OpenByName(opened);
            var version = AbiCheck.ReadVersion(modules.Llama) ?? "unknown";
            var problem = AbiCheck.FindMismatch(modules.Llama) ?? FindMissing(modules);
            if (problem is null)
            {
                return new LlamaLibrary(modules, version);
            }

            refusals.Add(new NativeLibraryRefusal($"{name}, version {version}: {problem}"));
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException or IOException or UnauthorizedAccessException)
        {
            refusals.Add(new NativeLibraryRefusal($"{name}: {exception.Message.ReplaceLineEndings(" ")}"));
        }

        TerminateHandler.Restore(terminateHandler);

        // Left loaded, a refused library would satisfy the next candidate's dependencies by name.
        for (var i = opened.Count - 1; i >= 0; i--)
        {
            NativeLibrary.Free(opened[i]);
        }

        return null;
    }

    private static NativeModules OpenFiles(string llamaPath, string? cpuFolder, List<nint> opened)
    {
        var folder = Path.GetDirectoryName(llamaPath)!;
        var basePath = NativeLibraryNames.FindGgmlBase(folder) ?? throw new FileNotFoundException($"no libggml-base beside it in {folder}");
        var ggmlPath = NativeLibraryNames.FindGgml(folder) ?? throw new FileNotFoundException($"no libggml beside it in {folder}");

        var ggmlBase = Open(basePath, opened);
        if ((NativeLibraryNames.FindGgmlCpu(folder) ?? (cpuFolder is null ? null : NativeLibraryNames.FindGgmlCpu(cpuFolder))) is { } cpu)
        {
            Open(cpu, opened);
        }

        var ggml = Open(ggmlPath, opened);
        return new NativeModules(Open(llamaPath, opened), ggml, ggmlBase, llamaPath);
    }

    private static NativeModules OpenByName(List<nint> opened)
    {
        var ggmlBase = Open("ggml-base", opened);
        var ggml = Open("ggml", opened);
        return new NativeModules(Open("llama", opened), ggml, ggmlBase, "libllama");
    }

    private static nint Open(string library, List<nint> opened)
    {
        // The search path argument makes the runtime try the platform's prefixes and suffixes for bare names.
        var handle = Path.IsPathRooted(library)
            ? NativeLibrary.Load(library)
            : NativeLibrary.Load(library, typeof(LlamaLibrary).Assembly, DllImportSearchPath.SafeDirectories);
        opened.Add(handle);
        return handle;
    }

    private static string? FindMissing(NativeModules modules)
    {
        var missing = FindMissing(modules.Llama, typeof(LlamaNative))
            .Concat(FindMissing(modules.Ggml, typeof(GgmlNative)))
            .Concat(FindMissing(modules.GgmlBase, typeof(GgmlBaseNative)))
            .ToList();
        if (!NativeLibrary.TryGetExport(modules.Llama, PenaltyFunction.Export, out _))
        {
            missing.Add(PenaltyFunction.Export);
        }

        return missing.Count == 0 ? null : $"it lacks {string.Join(", ", missing)} (supported versions: {AbiCheck.SupportedVersions})";
    }

    private static IEnumerable<string> FindMissing(nint library, Type imports) => imports.GetMethods(BindingFlags.Static | BindingFlags.NonPublic)
        .Select(method => method.Name)
        .Where(name => name.StartsWith("llama_", StringComparison.Ordinal) || name.StartsWith("ggml_", StringComparison.Ordinal))
        .Where(name => !NativeLibrary.TryGetExport(library, name, out _));

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath) => (name, s_loaded) switch
    {
        (LlamaNative.Library, { } library) => library._modules.Llama,
        (GgmlNative.Library, { } library) => library._modules.Ggml,
        (GgmlBaseNative.Library, { } library) => library._modules.GgmlBase,
        _ => 0,
    };

    /// <summary>Makes imports resolve to a library, for good, and gets it going.</summary>
    private static LlamaLibrary Bind(LlamaLibrary opened)
    {
        // Imports resolve from here on, so the resolver must already see the library.
        s_loaded = opened;
        try
        {
            opened.Initialize();
        }
        catch (NativeLibraryException exception)
        {
            opened._failure = exception;
            throw;
        }

        return opened;
    }

    private void EnsureIs(string? explicitPath)
    {
        if (string.IsNullOrWhiteSpace(explicitPath))
        {
            return;
        }

        if (!NativeLibraryLocator.Leads(explicitPath, Info.Path))
        {
            throw new NativeLibraryException(
                $"This process has loaded llama.cpp from {Info.Path} already and cannot load {explicitPath} as well. " +
                "Give every engine of the process the same NativeLibraryPath.");
        }
    }

    private void EnsureIsThatOf(string host)
    {
        // Bound to what the host loaded, or to what engines without it have, which may happen to be the same.
        if (_host != host && HostedLlama.FindOther(host, _modules) is { } other)
        {
            throw new NativeLibraryException(
                $"{host} has loaded llama.cpp from {other}, but engines without it have loaded {Info.Path} into this process already. Open all engines of the process the same way.");
        }

        if (_failure is not null)
        {
            throw _failure;
        }
    }

    private void EnsureFitsDirectUse()
    {
        if (_failure is not null)
        {
            throw _failure;
        }

        if (_host is not null && AbiCheck.FindMismatch(_modules.Llama) is { } mismatch)
        {
            throw new NativeLibraryException(
                $"This process uses the llama.cpp that {_host} has loaded from {Info.Path}, and {mismatch}, so that it cannot be called directly. Open all engines of the process through {_host}.");
        }
    }

    /// <summary>Refuses to run on the processor what was meant for a GPU.</summary>
    /// <param name="asked">What asked for a GPU, as the start of the message.</param>
    /// <exception cref="LlamaModelException">No backend has a GPU.</exception>
    internal void RequireGpu(string asked)
    {
        if (!Info.HasGpu)
        {
            throw new LlamaModelException(
                $"{asked}, but the loaded llama.cpp ({Info.Path}) has no GPU backend; its backends are {string.Join(", ", Info.Backends)}. " +
                (_unusable.Length > 0 ? $"Passed over, because it could not be used: {string.Join("; ", _unusable)}. " : "") +
                "Use a GPU build, ask for no GPU layers, or set AllowCpuFallback.");
        }
    }

    private static bool IsCpuMissing() => GgmlNative.ggml_backend_reg_by_name("CPU") == 0;

    private void Initialize()
    {
        if (_host is null)
        {
            NativeLog.Install();
        }

        // The CPU code lives in plug-ins beside libllama; ggml picks the best one for this machine.
        if (IsCpuMissing() && Path.IsPathRooted(Info.Path))
        {
            GgmlNative.ggml_backend_load_all_from_path(Path.GetDirectoryName(Info.Path));
        }

        // Or in the places ggml was built for.
        if (IsCpuMissing())
        {
            GgmlNative.ggml_backend_load_all_from_path(null);
        }

        LlamaNative.llama_backend_init();
        Tensors = TensorLayout.Find();
        Penalties = PenaltyFunction.Recognise(NativeLibrary.GetExport(_modules.Llama, PenaltyFunction.Export)) ?? throw new NativeLibraryException(
            $"The {PenaltyFunction.Export} of {Info.Path}, version {Info.Version}, takes other arguments than those of the supported versions ({AbiCheck.SupportedVersions}).");
        var modelDefaults = LlamaNative.llama_model_default_params();
        ModelParams = ModelParamsLayout.Of(ref modelDefaults);
        Info = Info with
        {
            Backends = Enumerable.Range(0, (int)GgmlNative.ggml_backend_reg_count())
                .Select(index => Utf8.Read(GgmlBaseNative.ggml_backend_reg_name(GgmlNative.ggml_backend_reg_get((nuint)index)))).ToArray(),
            Devices = Enumerable.Range(0, (int)GgmlNative.ggml_backend_dev_count())
                .Select(index => GgmlNative.ggml_backend_dev_get((nuint)index))
                .Select(device => $"{Utf8.Read(GgmlBaseNative.ggml_backend_dev_name(device))}: {Utf8.Read(GgmlBaseNative.ggml_backend_dev_description(device))}").ToArray(),
            SystemInfo = Utf8.Read(LlamaNative.llama_print_system_info()).Trim(),
            HasGpu = LlamaNative.llama_supports_gpu_offload(),
        };
    }
}
