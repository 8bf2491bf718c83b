using System.Collections.ObjectModel;

namespace SemanticKernel.Steering;

/// <summary>What a concept is learned from: two sets of texts. Immutable and safe to share between threads.</summary>
public sealed class ConceptData
{
    private readonly Lazy<string> _hash;

    /// <summary>Creates the data of a concept.</summary>
    /// <param name="concept">The name of the concept; see <see cref="ConceptName"/>.</param>
    /// <param name="source">The texts to carry over: for a guardrail, the unsafe ones. At least one.</param>
    /// <param name="target">The texts to carry onto: for a guardrail, the safe ones. At least one; the counts may differ.</param>
    /// <exception cref="ArgumentException">The name breaks the rule, or a set holds null.</exception>
    /// <exception cref="SteeringFitException">A set is empty.</exception>
    public ConceptData(string concept, IReadOnlyList<TrainingExample> source, IReadOnlyList<TrainingExample> target)
    {
        Concept = ConceptName.Check(concept, nameof(concept));
        Source = Checked(source, nameof(source));
        Target = Checked(target, nameof(target));
        _hash = new Lazy<string>(() => ConceptDataHash.Of(this));
    }

    /// <summary>The name of the concept.</summary>
    public string Concept { get; }

    /// <summary>The texts to carry over.</summary>
    public IReadOnlyList<TrainingExample> Source { get; }

    /// <summary>The texts to carry onto.</summary>
    public IReadOnlyList<TrainingExample> Target { get; }

    /// <summary>The SHA-256 of both sets in their order, weights included, in hexadecimal. Does not depend on the files' layout or on the concept's name.</summary>
    public string DataHash => _hash.Value;

    /// <summary>Reads the data of a concept from two UTF-8 files.</summary>
    /// <remarks>
    /// Files ending in <c>.txt</c> hold one text per line. All others hold one JSON object per line: <c>{"messages":[{"role":"user","content":"…"},…]}</c>
    /// or <c>{"text":"…"}</c>, either with <c>"weight"</c>, a positive number, if it is not to be 1; further members are ignored. Blank lines are skipped,
    /// lines above one million characters refused.
    /// </remarks>
    /// <param name="concept">The name of the concept; see <see cref="ConceptName"/>.</param>
    /// <param name="sourcePath">The file of texts to carry over.</param>
    /// <param name="targetPath">The file of texts to carry onto.</param>
    /// <returns>The data.</returns>
    /// <exception cref="ArgumentException">The name breaks the rule.</exception>
    /// <exception cref="SteeringFitException">A file is empty or a line unusable; the message names file and line.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static ConceptData LoadJsonLines(string concept, string sourcePath, string targetPath)
    {
        ConceptName.Check(concept, nameof(concept));
        return new ConceptData(concept, TrainingFile.Read(sourcePath), TrainingFile.Read(targetPath));
    }

    private static ReadOnlyCollection<TrainingExample> Checked(IReadOnlyList<TrainingExample> examples, string parameter)
    {
        ArgumentNullException.ThrowIfNull(examples, parameter);
        var copy = examples.ToArray();
        if (copy.Contains(null))
        {
            throw new ArgumentException("A set holds null.", parameter);
        }

        return copy.Length > 0 ? Array.AsReadOnly(copy) : throw new SteeringFitException($"The {parameter} set is empty.");
    }
}
