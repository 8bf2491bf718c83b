namespace SemanticKernel.Steering.Tests;

/// <summary>A stream that knows neither its length nor gives much at once.</summary>
internal sealed class TrickleStream(byte[] content) : MemoryStream(content, writable: false)
{
    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, 1000));
}
