namespace SemanticKernel.Steering;

/// <summary>How strictly fitting follows the published reference.</summary>
public enum FitMode
{
    /// <summary>
    /// The default. As the reference, but: neurons whose source hardly varies are left alone (Mean shifts them all the same), unequal sample counts
    /// are coupled exactly, samples may carry weights, the support includes its bounds, and Linear and Gaussian refuse fewer than two samples on a side.
    /// </summary>
    Safe,

    /// <summary>
    /// Reproduces the reference's numbers: deviations with n − 1, Gaussian and Mean act only where both deviations exceed 1e-4, the support excludes
    /// its bounds, and Linear demands equal sample counts. The reference's random jitter is left out; where its result would be noise alone
    /// (a constant source with a varying target) the neuron is left alone.
    /// </summary>
    Reference,
}
