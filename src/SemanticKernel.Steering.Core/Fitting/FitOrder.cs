namespace SemanticKernel.Steering;

/// <summary>In which state of the model the sites of a concept are fitted (paper Definition 3.2).</summary>
public enum FitOrder
{
    /// <summary>All sites from the unsteered model: the default. One pass over the texts.</summary>
    Simultaneous,

    /// <summary>
    /// Each site from the model as the maps of all sites before it leave it, so that no map corrects what others have corrected already.
    /// Also one pass, as long as the texts fit into <see cref="FitOptions.MemoryBudget"/> together.
    /// </summary>
    Causal,
}
