namespace SemanticKernel.Steering;

/// <summary>Which texts run through the maps of earlier sites while later ones are fitted; for <see cref="FitOrder.Causal"/>.</summary>
public enum CausalSides
{
    /// <summary>Source and target texts, as the reference does: the default. Maps are then fitted on what they will meet at inference, whatever the text.</summary>
    Both,

    /// <summary>Source texts only, as the paper writes it (Definition 3.2): the target stays what the plain model makes of it.</summary>
    SourceOnly,
}
