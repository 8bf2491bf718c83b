namespace SemanticKernel.Steering.Tests;

/// <summary>A stream that claims a length it does not have.</summary>
internal sealed class LyingStream(long length) : MemoryStream
{
    public override long Length => length;
}
