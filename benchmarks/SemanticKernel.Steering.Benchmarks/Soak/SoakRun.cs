using System.Security.Cryptography;
using Microsoft.Extensions.AI;
using SemanticKernel.Steering.LlamaCpp;

namespace SemanticKernel.Steering.Benchmarks;

/// <summary>
/// Keeps engines busy with requests of random plans and lengths, some of which are cancelled, abandoned, steered anew midway or
/// steered until they overflow, while engines are closed and opened under them. Public API only.
/// </summary>
internal sealed class SoakRun : IDisposable
{
    /// <summary>A concept that changes answers.</summary>
    internal const string Mild = "mild";

    /// <summary>A concept that overflows on the second token.</summary>
    internal const string Overflow = "overflow";

    private const int Workers = 8;
    private const int RequestsPerEngine = 150;

    /// <summary>Far longer than the longest request takes: what takes longer hangs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly Lock _gate = new();
    private readonly List<string> _unexpected = [];
    private readonly SteeredLlamaOptions _options;
    private volatile SteeredLlamaEngine _engine;
    private int _started;
    private int _answered;
    private int _cancelled;
    private int _abandoned;
    private int _faulted;
    private int _closed;
    private int _restored;
    private int _engines;

    private SoakRun(SteeredLlamaOptions options)
    {
        _options = options;
        _engine = Open();
    }

    /// <summary>Runs until it has had enough.</summary>
    /// <param name="options">The model, with the concepts <see cref="Mild"/> and <see cref="Overflow"/>. Every second engine has flash attention.</param>
    /// <param name="warmUp">How many requests come before memory is measured for the first time.</param>
    /// <param name="goesOn">Whether to start another request after so many.</param>
    /// <param name="seed">Chooses what happens.</param>
    internal static async Task<SoakSummary> RunAsync(SteeredLlamaOptions options, int warmUp, Func<int, bool> goesOn, int seed)
    {
        // The weights stay open, so that only what belongs to engines comes and goes.
        using var weights = SteeredLlamaEngine.Load(options);
        using var run = new SoakRun(options);
        await run.WorkAsync(number => number <= warmUp, seed);
        run._engine.Dispose();
        var before = MemoryUse.Now();
        run._engine = run.Open();
        await run.WorkAsync(goesOn, seed + 1);
        run._engine.Dispose();
        return new SoakSummary(
            run._answered, run._cancelled, run._abandoned, run._faulted, run._closed, run._restored, run._engines, run._unexpected, before, MemoryUse.Now());
    }

    public void Dispose() => _engine.Dispose();

    private SteeredLlamaEngine Open()
    {
        lock (_gate)
        {
            _options.FlashAttention = _engines++ % 2 == 0 ? FlashAttention.Disabled : FlashAttention.Enabled;
            return SteeredLlamaEngine.Load(_options);
        }
    }

    private async Task WorkAsync(Func<int, bool> goesOn, int seed)
    {
        var workers = Enumerable.Range(0, Workers).Select(worker => Task.Run(() => WorkAsync(goesOn, new Random((seed * Workers) + worker)))).ToArray();
        try
        {
            await Task.WhenAll(workers);
        }
        catch (TimeoutException)
        {
            Note($"{workers.Count(worker => worker.IsFaulted)} requests did not end within {Patience}.");
        }
    }

    private async Task WorkAsync(Func<int, bool> goesOn, Random random)
    {
        while (Interlocked.Increment(ref _started) is var number && goesOn(number))
        {
            if (number % RequestsPerEngine == 0)
            {
                Replace();
            }

            await AskAsync(random).WaitAsync(Patience);
        }
    }

    private void Replace()
    {
        var old = _engine;
        _engine = Open();
        old.Dispose();
    }

    private async Task AskAsync(Random random)
    {
        var fate = random.Next(10);
        using var cancel = new CancellationTokenSource();
        if (fate is 0 or 1)
        {
            cancel.CancelAfter(random.Next(30));
        }

        var handle = new SteeringHandle();
        var options = Options(random, fate == 2, handle);
        var last = fate == 3 ? random.Next(1, 10) : int.MaxValue;
        try
        {
            using var client = new SteeredLlamaChatClient(_engine);
            var text = string.Concat(Enumerable.Repeat("Tell me a story about a cow. ", random.Next(1, 12)));
            var message = new ChatMessage(ChatRole.User, text);
            if (fate == 5)
            {
                await SaveAndRestoreAsync(client, message, options, cancel.Token);
            }

            var count = 0;
            await foreach (var update in client.GetStreamingResponseAsync([message], options, cancel.Token))
            {
                if (++count == last)
                {
                    Interlocked.Increment(ref _abandoned);
                    return;
                }

                if (fate == 4 && count == 2 && handle.IsRunning)
                {
                    Change(handle);
                }
            }

            Interlocked.Increment(ref _answered);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            Interlocked.Increment(ref _cancelled);
        }
        catch (SteeringException) when (fate == 2)
        {
            Interlocked.Increment(ref _faulted);
        }
        catch (ObjectDisposedException)
        {
            Interlocked.Increment(ref _closed);
        }
#pragma warning disable CA1031 // Whatever it is, the summary tells.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Note(exception.ToString());
        }
    }

    private void Note(string unexpected)
    {
        lock (_gate)
        {
            _unexpected.Add(unexpected);
        }
    }

    /// <summary>Takes a conversation out of the cache and puts it back under the same scope.</summary>
    private async Task SaveAndRestoreAsync(SteeredLlamaChatClient client, ChatMessage message, ChatOptions options, CancellationToken cancellationToken)
    {
        using var state = new MemoryStream();
        await client.SaveConversationAsync([message], state, _key, options, cancellationToken);
        state.Position = 0;
        await client.RestoreConversationAsync(state, _key, options, cancellationToken);
        Interlocked.Increment(ref _restored);
    }

    private static void Change(SteeringHandle handle)
    {
        try
        {
            handle.Change(new SteeringRequest { Concepts = new Dictionary<string, double> { [Mild] = -0.5 } });
        }
        catch (InvalidOperationException)
        {
            // The answer ended in the same moment.
        }
    }

    private static ChatOptions Options(Random random, bool overflows, SteeringHandle handle) => new()
    {
        Temperature = random.Next(2) == 0 ? 0 : 0.8f,
        Seed = random.Next(),
        MaxOutputTokens = random.Next(2, 40),
        AdditionalProperties = new AdditionalPropertiesDictionary
        {
            [SteeringKeys.Handle] = handle,
            [SteeringKeys.CacheScope] = $"tenant {random.Next(3)}",
            [SteeringKeys.Request] = new SteeringRequest
            {
                Concepts = overflows ? new Dictionary<string, double> { [Overflow] = 1 } : new Dictionary<string, double> { [Mild] = random.Next(-2, 5) / 4.0 },
            },
        },
    };
}
