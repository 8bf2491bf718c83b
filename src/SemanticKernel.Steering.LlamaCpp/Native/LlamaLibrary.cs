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

    private readonly nint _llama;
    private readonly nint _ggml;
    private readonly nint _ggmlBase;

    static LlamaLibrary() => NativeLibrary.SetDllImportResolver(typeof(LlamaLibrary).Assembly, Resolve);

    private LlamaLibrary(nint llama, nint ggml, nint ggmlBase, string path, string version)
    {
        _llama = llama;
        _ggml = ggml;
        _ggmlBase = ggmlBase;
        Info = new NativeLibraryInfo(path, version, [], [], string.Empty, false);
        Tensors = null!;
        ModelParams = null!;
    }

    internal NativeLibraryInfo Info { get; private set; }

    internal TensorLayout Tensors { get; private set; }

    internal ModelParamsLayout ModelParams { get; private set; }

    /// <summary>Loads llama.cpp, or returns what is loaded. Thread-safe.</summary>
    /// <exception cref="NativeLibraryException">No candidate is usable, or another library than <paramref name="explicitPath"/> is loaded already.</exception>
    internal static LlamaLibrary Load(string? explicitPath, ILogger logger)
    {
        lock (Gate)
        {
            if (s_loaded is { } loaded)
            {
                loaded.EnsureIs(explicitPath);
                return loaded;
            }

            var opened = OpenFirst(explicitPath, Environment.GetEnvironmentVariable(NativeLibraryLocator.EnvironmentVariable), AppContext.BaseDirectory);

            // Imports resolve from here on, so the resolver must already see the library.
            s_loaded = opened;
            opened.Initialize(logger);
            NativeLog.LibraryLoaded(logger, opened.Info);
            return opened;
        }
    }

    /// <summary>Opens the best candidate that is usable.</summary>
    /// <exception cref="NativeLibraryException">None is; the message lists all with the reason for each.</exception>
    internal static LlamaLibrary OpenFirst(string? explicitPath, string? environmentPath, string baseDirectory)
    {
        var refusals = new List<string>();
        foreach (var candidate in NativeLibraryLocator.List(explicitPath, environmentPath, baseDirectory, refusals))
        {
            if (TryOpen(candidate, refusals) is { } opened)
            {
                return opened;
            }
        }

        throw new NativeLibraryException(
            $"No usable llama.cpp library was found. Tried:{Environment.NewLine}" +
            string.Join(Environment.NewLine, refusals.Select(refusal => "  - " + refusal)) + Environment.NewLine +
            $"Set {NativeLibraryLocator.EnvironmentVariable} or the NativeLibraryPath option to a folder with libllama, libggml and libggml-base " +
            $"({AbiCheck.SupportedVersions}), or reference a LLamaSharp backend package.");
    }

    /// <summary>Opens a candidate's libraries, checks them, and on refusal unloads them and says why.</summary>
    internal static LlamaLibrary? TryOpen(NativeLibraryCandidate candidate, List<string> refusals)
    {
        var opened = new List<nint>();
        var terminateHandler = TerminateHandler.Current;
        var name = $"{candidate.LlamaPath ?? "libllama"} ({candidate.Source})";
        try
        {
            var (llama, ggml, ggmlBase) = candidate.LlamaPath is { } path ? OpenFiles(path, candidate.CpuFolder, opened) : OpenByName(opened);
            var version = AbiCheck.ReadVersion(llama) ?? "unknown";
            var problem = AbiCheck.FindMismatch(llama) ?? FindMissing(llama, typeof(LlamaNative)) ??
                FindMissing(ggml, typeof(GgmlNative)) ?? FindMissing(ggmlBase, typeof(GgmlBaseNative));
            if (problem is null)
            {
                return new LlamaLibrary(llama, ggml, ggmlBase, candidate.LlamaPath ?? "libllama", version);
            }

            refusals.Add($"{name}, version {version}: {problem}");
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException or FileNotFoundException)
        {
            refusals.Add($"{name}: {exception.Message.ReplaceLineEndings(" ")}");
        }

        TerminateHandler.Restore(terminateHandler);

        // Left loaded, a refused library would satisfy the next candidate's dependencies by name.
        for (var i = opened.Count - 1; i >= 0; i--)
        {
            NativeLibrary.Free(opened[i]);
        }

        return null;
    }

    private static (nint Llama, nint Ggml, nint GgmlBase) OpenFiles(string llamaPath, string? cpuFolder, List<nint> opened)
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
        return (Open(llamaPath, opened), ggml, ggmlBase);
    }

    private static (nint Llama, nint Ggml, nint GgmlBase) OpenByName(List<nint> opened)
    {
        var ggmlBase = Open("ggml-base", opened);
        var ggml = Open("ggml", opened);
        return (Open("llama", opened), ggml, ggmlBase);
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

    private static string? FindMissing(nint library, Type imports)
    {
        var missing = imports.GetMethods(BindingFlags.Static | BindingFlags.NonPublic)
            .Select(method => method.Name)
            .Where(name => name.StartsWith("llama_", StringComparison.Ordinal) || name.StartsWith("ggml_", StringComparison.Ordinal))
            .Where(name => !NativeLibrary.TryGetExport(library, name, out _))
            .ToList();
        return missing.Count == 0 ? null : $"it lacks {string.Join(", ", missing)} (supported versions: {AbiCheck.SupportedVersions})";
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath) => (name, s_loaded) switch
    {
        (LlamaNative.Library, { } library) => library._llama,
        (GgmlNative.Library, { } library) => library._ggml,
        (GgmlBaseNative.Library, { } library) => library._ggmlBase,
        _ => 0,
    };

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

    private void Initialize(ILogger logger)
    {
        NativeLog.Install(logger);
        if (GgmlNative.ggml_backend_reg_by_name("CPU") == 0)
        {
            // The CPU code lives in plug-ins beside libllama; ggml picks the best one for this machine.
            // Where the system's loader chose the library, ggml searches the places it was built for.
            GgmlNative.ggml_backend_load_all_from_path(Path.IsPathRooted(Info.Path) ? Path.GetDirectoryName(Info.Path) : null);
        }

        LlamaNative.llama_backend_init();
        Tensors = TensorLayout.Find();
        var modelDefaults = LlamaNative.llama_model_default_params();
        ModelParams = ModelParamsLayout.Of(ref modelDefaults)!;
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
