using Microsoft.Extensions.Configuration;

namespace SemanticKernel.Steering.LlamaCpp.Configuration;

/// <summary>Reads a configuration section completely and strictly.</summary>
internal static class ConfigurationReader
{
    private const int Sha256Characters = 64;

    /// <summary>Reads the section into options and steering. Mistakes are collected, not thrown.</summary>
    /// <param name="section">The section.</param>
    /// <param name="options">Where options go.</param>
    /// <param name="mistakes">Where mistakes go.</param>
    /// <param name="configure">Changes the options in code. Rules may name the concepts that it registers.</param>
    internal static SteeringConfiguration Read(
        IConfigurationSection section, SteeredLlamaOptions options, ConfigurationMistakes mistakes, Action<SteeredLlamaOptions>? configure = null)
    {
        var root = new SectionReader(section, mistakes);
        ReadOptions(root, options);
        options.DefaultPolicy = root.Text(nameof(options.DefaultPolicy));
        options.PolicyViolation = root.Name<PolicyViolation>(nameof(options.PolicyViolation)) ?? PolicyViolation.Throw;
        options.AsRead = (options.DefaultPolicy, options.PolicyViolation);
        configure?.Invoke(options);

        var concepts = root.Sections("Concepts").Select(ReadConcept).OfType<ConceptSource>().ToArray();
        var known = root.Names("Concepts").Concat(options.Concepts.Select(concept => concept.Name));
        var policies = ReadPolicies(root, known.ToHashSet(StringComparer.Ordinal));
        if (policies.Count > 0 && options.DefaultPolicy is null && !root.Has(nameof(options.DefaultPolicy)))
        {
            root.Note(nameof(options.DefaultPolicy), "is required when there are policies");
        }
        else if (options.DefaultPolicy is { } name && !root.Names("Policies").Concat(options.Policies.Select(policy => policy.Name)).Contains(name))
        {
            root.Note(nameof(options.DefaultPolicy), $"there is no policy '{name}'");
        }

        foreach (var (option, mistake) in SteeredLlamaOptionsRules.FindMistakes(options))
        {
            root.Note(option, mistake);
        }

        root.Finish();
        return new SteeringConfiguration(section.Path, concepts, policies, options.DefaultPolicy, options.PolicyViolation);
    }

    private static void ReadOptions(SectionReader root, SteeredLlamaOptions options)
    {
        options.ModelId = root.Text(nameof(options.ModelId)) ?? options.ModelId;
        options.ModelPath = root.RequiredText(nameof(options.ModelPath)) is { } path ? FindFile(root, nameof(options.ModelPath), path) : options.ModelPath;
        options.ContextSize = root.Integer(nameof(options.ContextSize)) ?? options.ContextSize;
        options.AllowContextBeyondTraining = root.Boolean(nameof(options.AllowContextBeyondTraining)) ?? options.AllowContextBeyondTraining;
        options.BatchSize = root.Integer(nameof(options.BatchSize)) ?? options.BatchSize;
        options.MaxConcurrentRequests = root.Integer(nameof(options.MaxConcurrentRequests)) ?? options.MaxConcurrentRequests;
        options.MaxQueuedRequests = root.Integer(nameof(options.MaxQueuedRequests)) ?? options.MaxQueuedRequests;
        options.CacheSize = root.Integer(nameof(options.CacheSize)) ?? options.CacheSize;
        options.RequestTimeout = root.Time(nameof(options.RequestTimeout)) ?? options.RequestTimeout;
        options.FirstTokenTimeout = root.Time(nameof(options.FirstTokenTimeout)) ?? options.FirstTokenTimeout;
        options.Threads = root.Integer(nameof(options.Threads)) ?? options.Threads;
        options.GpuLayers = root.Integer(nameof(options.GpuLayers)) ?? options.GpuLayers;
        options.AllowCpuFallback = root.Boolean(nameof(options.AllowCpuFallback)) ?? options.AllowCpuFallback;
        options.KvCacheType = root.Name<KvCacheType>(nameof(options.KvCacheType)) ?? options.KvCacheType;
        options.FlashAttention = root.Name<FlashAttention>(nameof(options.FlashAttention)) ?? options.FlashAttention;
        options.Seed = root.Seed(nameof(options.Seed)) ?? options.Seed;
        options.MemoryMap = root.Boolean(nameof(options.MemoryMap)) ?? options.MemoryMap;
        options.MemoryLock = root.Boolean(nameof(options.MemoryLock)) ?? options.MemoryLock;
        options.NativeLibraryPath = root.Text(nameof(options.NativeLibraryPath)) ?? options.NativeLibraryPath;
        options.ChatTemplate = root.Text(nameof(options.ChatTemplate)) ?? options.ChatTemplate;
        options.AllowOtherChatTemplate = root.Boolean(nameof(options.AllowOtherChatTemplate)) ?? options.AllowOtherChatTemplate;
        options.AllowOtherQuantization = root.Boolean(nameof(options.AllowOtherQuantization)) ?? options.AllowOtherQuantization;
    }

    private static ConceptSource? ReadConcept(SectionReader entry)
    {
        var map = entry.RequiredText("Map");
        var hash = entry.Text("Sha256");
        if (hash is not null && (hash.Length != Sha256Characters || !hash.All(char.IsAsciiHexDigit)))
        {
            entry.Note("Sha256", $"must be {Sha256Characters} hexadecimal digits");
        }

        CheckName(entry, "concept");
        entry.Finish();
#pragma warning disable CA1308 // Hashes are customarily written in lower case.
        return map is not null && FindFile(entry, "Map", map) is { Length: > 0 } file
            ? new ConceptSource(entry.Key, entry.Path, file, hash?.ToLowerInvariant())
            : null;
#pragma warning restore CA1308
    }

    private static List<PolicySource> ReadPolicies(SectionReader root, HashSet<string> concepts)
    {
        var policies = new List<PolicySource>();
        foreach (var entry in root.Sections("Policies"))
        {
            CheckName(entry, "policy");
            var rules = entry.Sections("Concepts").Select(rule => ReadRule(rule, concepts)).OfType<ConceptPolicy>().ToArray();
            var order = entry.Texts("Order");
            var exclusive = entry.TextLists("Exclusive");
            entry.Finish();
            policies.Add(new PolicySource(entry.Key, entry.Path, entry.Names("Concepts"), rules, order, exclusive));
        }

        return policies;
    }

    private static ConceptPolicy? ReadRule(SectionReader entry, HashSet<string> concepts)
    {
        var strength = entry.RequiredNumber("Strength");
        var min = entry.Number("Min");
        var max = entry.Number("Max");
        var rule = entry.Name<StrengthOverride>("Override") ?? StrengthOverride.Deny;
        entry.Finish();
        if (!concepts.Contains(entry.Key))
        {
            entry.Note($"there is no concept '{entry.Key}' under Concepts, and none is registered in code");
            return null;
        }

        if (strength is not { } value || !ConceptName.IsValid(entry.Key))
        {
            return null;
        }

        if (!((min ?? value) <= value && value <= (max ?? value)))
        {
            entry.Note("needs Min <= Strength <= Max");
            return null;
        }

        return new ConceptPolicy(entry.Key, value, min, max, rule);
    }

    private static void CheckName(SectionReader entry, string what)
    {
        if (!ConceptName.IsValid(entry.Key))
        {
            entry.Note($"'{entry.Key}' is no {what} name: it must match [a-z0-9][a-z0-9._-]{{0,63}}");
        }
    }

    /// <summary>Relative paths mean the current directory, or else the application's own.</summary>
    private static string FindFile(SectionReader section, string key, string path)
    {
        if (path.Contains('\0', StringComparison.Ordinal))
        {
            section.Note(key, "is no path");
            return string.Empty;
        }

        var beside = Path.Combine(AppContext.BaseDirectory, path);
        return !File.Exists(path) && File.Exists(beside) ? Path.GetFullPath(beside) : Path.GetFullPath(path);
    }
}
