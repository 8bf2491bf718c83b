namespace SemanticKernel.Steering.LlamaCpp.Engine;

/// <summary>What <c>llama_decode</c> returned. A fault in the eval callback does not show here.</summary>
internal enum DecodeStatus
{
    /// <summary>The batch was computed.</summary>
    Ok = 0,

    /// <summary>There was no room for the batch in the KV cache.</summary>
    NoRoom = 1,

    /// <summary>The abort callback stopped the computation; positions are rolled back.</summary>
    Aborted = 2,

    /// <summary>The batch was invalid.</summary>
    InvalidBatch = -1,
}
