namespace SemanticKernel.Steering;

/// <summary>What a GLP file says about how its directions act. Nothing of it is guessed: stock llama.cpp would add every such file.</summary>
internal sealed record GlpMetadata(bool Projects, double? Strength, string? Warning)
{
    public static bool IsIn(ControlVectorFile file) => file.Metadata.Keys.Any(key =>
        key.StartsWith(ControlVectorKeys.GlpPrefix, StringComparison.Ordinal) || key.StartsWith(ControlVectorKeys.OldGlpPrefix, StringComparison.Ordinal));

    /// <exception cref="ExchangeException">The file asks for what is not known.</exception>
    public static GlpMetadata Of(ControlVectorFile file)
    {
        var mode = Value(ControlVectorKeys.GlpMode);
        if (mode is not (ControlVectorKeys.GlpProject or ControlVectorKeys.GlpAdd))
        {
            throw Unknown(ControlVectorKeys.GlpMode, mode, "'project' and 'add' are known");
        }

        foreach (var key in (ReadOnlySpan<string>)[ControlVectorKeys.GlpVersion, ControlVectorKeys.GlpRank])
        {
            if (Value(key) is { } value and not (1L or 1UL))
            {
                throw Unknown(key, value, "only 1 is known");
            }
        }

        var hook = Value(ControlVectorKeys.GlpHookPoint);
        if (hook is not (null or ControlVectorKeys.GlpBlockOutput))
        {
            throw Unknown(ControlVectorKeys.GlpHookPoint, hook, $"only '{ControlVectorKeys.GlpBlockOutput}' is a block output");
        }

        var derived = Value(ControlVectorKeys.GlpDerivedAt);
        var warning = hook is null ? $"'{file.Name}' does not say at which hook point it acts; it is taken for a block output."
            : derived is not (null or ControlVectorKeys.GlpBlockOutput) ? $"The directions of '{file.Name}' were derived at '{Printable.Of($"{derived}")}' and act at block outputs."
            : null;
        return new GlpMetadata(
            mode is ControlVectorKeys.GlpProject,
            Value(ControlVectorKeys.GlpStrength) is double strength && double.IsFinite(strength) ? strength : null,
            warning);

        object? Value(string key) =>
            file.Metadata.GetValueOrDefault(ControlVectorKeys.GlpPrefix + key) ?? file.Metadata.GetValueOrDefault(ControlVectorKeys.OldGlpPrefix + key);

        ExchangeException Unknown(string key, object? value, string known) =>
            new($"'{file.Name}' has {ControlVectorKeys.GlpPrefix}{key} = {Printable.Of($"{value ?? "nothing"}")}; {known}.");
    }
}
