namespace SemanticKernel.Steering.LlamaCpp;

/// <summary>Where hidden states are edited.</summary>
internal enum StateAccess
{
    /// <summary>In place in host memory; in a device's memory by the device where all edits of a batch are affine, else through a copy.</summary>
    Auto,

    /// <summary>Through a copy, wherever they lie.</summary>
    Copied,

    /// <summary>By the device they belong to, the processor included; through a copy where it cannot.</summary>
    OnDevice,
}
