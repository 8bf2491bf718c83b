namespace SemanticKernel.Steering;

/// <summary>What identifies a model to its map sets.</summary>
/// <param name="Architecture">The architecture, for example <c>llama</c>.</param>
/// <param name="Name">The name, for people to read; not compared.</param>
/// <param name="Width">The width of the hidden state, in neurons.</param>
/// <param name="Layers">The number of blocks.</param>
/// <param name="BaseHash">A hash over architecture, dimensions and tokenizer: maps never fit a model with another one.</param>
/// <param name="WeightsHash">A hash over the tensor list and sampled bytes: differs between quantizations of one model.</param>
public sealed record ModelIdentity(string Architecture, string Name, int Width, int Layers, string BaseHash, string WeightsHash)
{
    /// <summary>Describes the model, for messages.</summary>
    /// <returns>Name, architecture, dimensions and hashes.</returns>
    public override string ToString() =>
        Printable.Of($"'{Name}' ({Architecture}, width {Width}, {Layers} layers, base {BaseHash}, weights {WeightsHash})");

    internal bool HasSameBase(ModelIdentity other) =>
        BaseHash == other.BaseHash && Width == other.Width && Layers == other.Layers && Architecture == other.Architecture;
}
