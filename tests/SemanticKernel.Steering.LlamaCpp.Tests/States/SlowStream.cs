namespace SemanticKernel.Steering.LlamaCpp.Tests.States;

/// <summary>Makes whoever reads it wait.</summary>
internal sealed class SlowStream(byte[] data, TimeSpan delay) : MemoryStream(data)
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await Task.Delay(delay, cancellationToken);
        return await base.ReadAsync(buffer, cancellationToken);
    }
}
