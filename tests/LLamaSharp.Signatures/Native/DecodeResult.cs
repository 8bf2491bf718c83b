namespace LLama.Native;

/// <summary>Stand-in. Values are those of <c>llama_decode</c>.</summary>
public enum DecodeResult
{
    /// <summary>The batch was computed.</summary>
    Ok = 0,
}
