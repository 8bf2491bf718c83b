using Microsoft.Extensions.Options;

namespace SemanticKernel.Steering.LlamaCpp.Configuration;

/// <summary>Collects everything that is wrong with a configuration, so that all of it is reported at once.</summary>
internal sealed class ConfigurationMistakes
{
    private readonly List<string> _mistakes = [];

    internal bool Any => _mistakes.Count > 0;

    internal IReadOnlyList<string> All => _mistakes;

    internal void Add(string path, string what) => _mistakes.Add($"{path}: {what}");

    /// <exception cref="OptionsValidationException">There are mistakes; the message lists them all.</exception>
    internal void ThrowIfAny(string name)
    {
        if (Any)
        {
            throw new OptionsValidationException(name, typeof(SteeredLlamaOptions), _mistakes);
        }
    }
}
