using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using SemanticKernel.Steering.LlamaCpp.Configuration;
using SemanticKernel.Steering.LlamaCpp.Runtime;

namespace SemanticKernel.Steering.LlamaCpp;

/// <summary>How a model is opened and run. Read once, when the engine is made.</summary>
public sealed class SteeredLlamaOptions
{
    /// <summary>The customary name of the configuration section.</summary>
    public const string SectionName = "SteeredLlama";

    internal const int DefaultConcurrentRequests = 4;

    private readonly List<ConceptRegistration> _concepts = [];
    private readonly List<SteeringPolicy> _policies = [];

    /// <summary>Gets or sets the name the model goes by in responses, telemetry and service selection.</summary>
    /// <value>The default is null: the name the model file gives itself.</value>
    public string? ModelId { get; set; }

    /// <summary>Gets or sets the path of the model, a GGUF file (of a split model: its first part).</summary>
    /// <value>Required.</value>
    public string ModelPath { get; set; } = string.Empty;

    /// <summary>Gets or sets how many tokens one request may hold, prompt and answer together.</summary>
    /// <value>The default is null: what the model was trained for, at most 4,096.</value>
    public int? ContextSize { get; set; }

    /// <summary>Gets or sets how many answers may be under way at once. They share every decode.</summary>
    /// <value>The default is null: 4, or 1 for models with a recurrent state.</value>
    public int? MaxConcurrentRequests { get; set; }

    /// <summary>Gets or sets how many requests may wait beyond those under way; one more is refused with an <see cref="EngineBusyException"/>.</summary>
    /// <value>The default is 256.</value>
    public int MaxQueuedRequests { get; set; } = 256;

    /// <summary>Gets or sets how many tokens the KV cache holds, all requests and kept prefixes together.</summary>
    /// <value>The default is null: <see cref="ContextSize"/> times <see cref="MaxConcurrentRequests"/>.</value>
    public int? CacheSize { get; set; }

    /// <summary>Gets or sets how long a request may take, waiting included, before it ends with a <see cref="TimeoutException"/>.</summary>
    /// <value>The default is null: as long as it takes.</value>
    public TimeSpan? RequestTimeout { get; set; }

    /// <summary>Gets or sets how long the first token of an answer may take before the request ends with a <see cref="TimeoutException"/>.</summary>
    /// <value>The default is null: as long as it takes.</value>
    public TimeSpan? FirstTokenTimeout { get; set; }

    /// <summary>Gets or sets whether <see cref="ContextSize"/> may be larger than the model was trained for.</summary>
    /// <value>The default is <see langword="false"/>: it is an error.</value>
    public bool AllowContextBeyondTraining { get; set; }

    /// <summary>Gets or sets how many tokens are computed at once while reading a prompt.</summary>
    /// <value>The default is 512.</value>
    public int BatchSize { get; set; } = 512;

    /// <summary>Gets or sets the number of processor threads.</summary>
    /// <value>The default is null: the physical cores this process may use, fewer for models so small that threads would only wait for each other.</value>
    public int? Threads { get; set; }

    /// <summary>Gets or sets how many layers run on a GPU; -1 for all.</summary>
    /// <value>The default is 0: none.</value>
    public int GpuLayers { get; set; }

    /// <summary>Gets or sets whether the model runs on the processor when GPU layers are asked for and llama.cpp has no GPU backend.</summary>
    /// <value>The default is <see langword="false"/>: it is an error.</value>
    public bool AllowCpuFallback { get; set; }

    /// <summary>Gets or sets how keys and values of past tokens are stored.</summary>
    /// <value>The default is <see cref="KvCacheType.F16"/>.</value>
    public KvCacheType KvCacheType { get; set; } = KvCacheType.F16;

    /// <summary>Gets or sets whether flash attention is used.</summary>
    /// <value>The default is <see cref="FlashAttention.Auto"/>.</value>
    public FlashAttention FlashAttention { get; set; } = FlashAttention.Auto;

    /// <summary>Gets or sets the seed of requests that bring none.</summary>
    /// <value>The default is null: a new random seed per request.</value>
    public uint? Seed { get; set; }

    /// <summary>Gets or sets whether the model file is mapped into memory instead of read.</summary>
    /// <value>The default is <see langword="true"/>.</value>
    public bool MemoryMap { get; set; } = true;

    /// <summary>Gets or sets whether the operating system is asked to keep the model in memory.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool MemoryLock { get; set; }

    /// <summary>Gets or sets the file or folder llama.cpp is loaded from.</summary>
    /// <value>The default is null: <c>STEERING_LLAMA_PATH</c>, then <c>runtimes/&lt;rid&gt;/native</c> beside the application, then the system.</value>
    public string? NativeLibraryPath { get; set; }

    /// <summary>Gets or sets one of llama.cpp's built-in chat templates by name, for example <c>chatml</c>, in place of the model's own.</summary>
    /// <value>The default is null: the template in the model file.</value>
    public string? ChatTemplate { get; set; }

    /// <summary>Gets or sets whether map sets fitted with another chat template than the one in use are accepted.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool AllowOtherChatTemplate { get; set; }

    /// <summary>Gets or sets whether map sets fitted on another quantization of the same model are accepted.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool AllowOtherQuantization { get; set; }

    /// <summary>Lets tests run on host memory what is meant for a device's.</summary>
    internal StateAccess StateAccess { get; set; }

    /// <summary>Who opens the model; null for this library itself.</summary>
    internal ILlamaRuntime? Runtime { get; set; }

    /// <summary>Gets or sets the policy of requests that name none.</summary>
    /// <value>Required when there are policies; the default is null.</value>
    public string? DefaultPolicy { get; set; }

    /// <summary>Gets or sets what happens when a request asks for a strength its policy does not allow.</summary>
    /// <value>The default is <see cref="PolicyViolation.Throw"/>.</value>
    public PolicyViolation PolicyViolation { get; set; } = PolicyViolation.Throw;

    internal IReadOnlyList<ConceptRegistration> Concepts => _concepts;

    internal IReadOnlyList<SteeringPolicy> Policies => _policies;

    /// <summary>Where concepts and policies are read from, again whenever it changes; null if they come from code alone.</summary>
    internal IConfigurationSection? Section { get; private init; }

    /// <summary>The policy settings as the section gave them, to tell what code has set since; null without a section.</summary>
    internal (string? DefaultPolicy, PolicyViolation OnViolation)? AsRead { get; set; }

    /// <summary>Reads options from a configuration section, with its concepts and policies; see docs/policies.md for the keys.</summary>
    /// <remarks>Concepts and policies follow later changes of the configuration; everything else is read once.</remarks>
    /// <param name="section">The section, customarily <see cref="SectionName"/>.</param>
    /// <param name="configure">Changes what the section says. Policies of the section may have rules for the concepts that it adds.</param>
    /// <returns>The options.</returns>
    /// <exception cref="OptionsValidationException">The section is missing or has mistakes; all of them are listed, each with its configuration path.</exception>
    public static SteeredLlamaOptions FromConfiguration(IConfigurationSection section, Action<SteeredLlamaOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(section);
        var options = new SteeredLlamaOptions { Section = section };
        ConfigurationCheck.Check(section, options, configure).ThrowIfAny(section.Path);
        return options;
    }

    /// <summary>Makes a concept available from a map set file. It rests at strength 0 until a request raises it.</summary>
    /// <param name="name">The concept's name; it must be the one in the file.</param>
    /// <param name="mapPath">The map set file.</param>
    /// <returns>These options. Concepts act on a shared site in the order in which they were added.</returns>
    public SteeredLlamaOptions AddConcept(string name, string mapPath)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentException.ThrowIfNullOrWhiteSpace(mapPath);
        _concepts.Add(new ConceptRegistration(name, () => MapSet.Load(mapPath)));
        return this;
    }

    /// <summary>Adds a policy in code. A policy from the configuration must not have the same name.</summary>
    /// <param name="policy">The policy.</param>
    /// <returns>These options.</returns>
    public SteeredLlamaOptions AddPolicy(SteeringPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        _policies.Add(policy);
        return this;
    }

    /// <summary>Makes a concept available from a map set in memory. It rests at strength 0 until a request raises it.</summary>
    /// <param name="maps">The map set.</param>
    /// <returns>These options. Concepts act on a shared site in the order in which they were added.</returns>
    public SteeredLlamaOptions AddConcept(MapSet maps)
    {
        ArgumentNullException.ThrowIfNull(maps);
        _concepts.Add(new ConceptRegistration(maps.Concept, () => maps));
        return this;
    }
}
