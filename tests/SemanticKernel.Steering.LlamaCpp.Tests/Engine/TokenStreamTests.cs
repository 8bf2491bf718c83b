using SemanticKernel.Steering.LlamaCpp.Engine;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Engine;

public class TokenStreamTests
{
    [Fact]
    public async Task WaitAsync_TokensThere_ReturnsAtOnceInOrder()
    {
        var stream = new TokenStream(3);
        stream.Write(7);
        stream.Write(8);

        Assert.True(await stream.WaitAsync());
        Assert.True(stream.TryRead(out var first));
        Assert.True(stream.TryRead(out var second));
        Assert.False(stream.TryRead(out _));
        Assert.Equal([7, 8], [first, second]);
        Assert.Equal(2, stream.Written);
    }

    [Fact]
    public async Task WaitAsync_NothingThere_WaitsForTheNextTokenAndTheEnd()
    {
        var stream = new TokenStream(3);
        var waiting = stream.WaitAsync().AsTask();
        Assert.False(waiting.IsCompleted);

        stream.Write(7);

        Assert.True(await waiting);
        Assert.True(stream.TryRead(out _));
        waiting = stream.WaitAsync().AsTask();
        Assert.False(waiting.IsCompleted);
        stream.Complete(EndReason.Length, null);
        Assert.False(await waiting);
        Assert.Equal(EndReason.Length, stream.EndReason);
        Assert.Null(stream.Error);
    }

    [Fact]
    public async Task WaitAsync_TokensAndEnd_GivesTheTokensFirst()
    {
        var stream = new TokenStream(3);
        var error = new InvalidOperationException();
        stream.Write(7);
        stream.Complete(EndReason.Stop, error);

        Assert.True(await stream.WaitAsync());
        Assert.True(stream.TryRead(out _));
        Assert.False(await stream.WaitAsync());
        Assert.Same(error, stream.Error);
    }

    /// <summary>
    /// The writer is held up between its token and its look at the reader's flag: by then the reader has taken that token and
    /// waits for the next, so the wake-up comes too late and for nothing.
    /// </summary>
    [Fact]
    public async Task WaitAsync_WakeUpForATokenReadAlready_WaitsOn()
    {
        var stream = new TokenStream(3);
        var waiting = stream.WaitAsync().AsTask();

        ((IThreadPoolWorkItem)stream).Execute();

        Assert.False(waiting.IsCompleted);
        stream.Write(7);
        Assert.True(await waiting);
        Assert.True(stream.TryRead(out var token));
        Assert.Equal(7, token);
        waiting = stream.WaitAsync().AsTask();
        ((IThreadPoolWorkItem)stream).Execute();
        Assert.False(waiting.IsCompleted);
        stream.Complete(EndReason.Length, null);
        Assert.False(await waiting);
    }

    [Fact]
    public void EndReason_BeforeTheEnd_Throws()
    {
        var stream = new TokenStream(3);
        stream.Write(7);

        Assert.Throws<InvalidOperationException>(() => stream.EndReason);
        Assert.Throws<InvalidOperationException>(() => stream.Error);
    }

    [Fact]
    public async Task WaitAsync_WriterRacingReader_LosesNoTokenAndNoWakeUp()
    {
        const int Streams = 30_000;
        var random = new Random(5);
        var streams = Enumerable.Range(0, Streams).Select(_ => (Stream: new TokenStream(4), Count: random.Next(4))).ToArray();
        var reached = -1;
        var writer = new Thread(() =>
        {
            for (var i = 0; i < Streams; i++)
            {
                var spin = new SpinWait();
                while (Volatile.Read(ref reached) < i)
                {
                    spin.SpinOnce(sleep1Threshold: -1);
                }

                for (var token = 0; token < streams[i].Count; token++)
                {
                    streams[i].Stream.Write(i + token);
                }

                streams[i].Stream.Complete(EndReason.Stop, null);
            }
        });
        writer.Start();

        for (var i = 0; i < Streams; i++)
        {
            Volatile.Write(ref reached, i);
            var read = 0;
            while (await streams[i].Stream.WaitAsync())
            {
                while (streams[i].Stream.TryRead(out var token))
                {
                    Assert.Equal(i + read++, token);
                }
            }

            Assert.Equal(streams[i].Count, read);
        }

        writer.Join();
    }
}
