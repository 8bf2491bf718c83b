using System.Diagnostics;
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

    private readonly Lock _gate = new();
    private readonly List<string> _unexpected = [];
    private readonly Func<SteeredLlamaEngine> _open;
    private readonly Func<int, bool> _goesOn;
    private volatile SteeredLlamaEngine _engine;
    private int _started;
    private int _answered;
    private int _cancelled;
    private int _abandoned;
    private int _faulted;
    private int _closed;
    private int _engines = 1;

    private SoakRun(Func<SteeredLlamaEngine> open, Func<int, bool> goesOn)
    {
        (_open, _goesOn) = (open, goesOn);
        _engine = open();
    }

    /// <summary>Runs until it has had enough.</summary>
    /// <param name="options">The model, with the concepts <see cref="Mild"/> and <see cref="Overflow"/>.</param>
    /// <param name="goesOn">Whether to start another request after so many.</param>
    /// <param name="seed">Chooses what happens.</param>
    internal static async Task<SoakSummary> RunAsync(SteeredLlamaOptions options, Func<int, bool> goesOn, int seed)
    {
        // The weights stay open, so that only what belongs to engines comes and goes.
        using var weights = SteeredLlamaEngine.Load(options);
        using var run = new SoakRun(() => SteeredLlamaEngine.Load(options), goesOn);
        await run.WorkAsync(Workers * 4, seed);
        var before = Measure();
        await run.WorkAsync(int.MaxValue, seed + 1);
        var after = Measure();
        return new SoakSummary(
            run._answered, run._cancelled, run._abandoned, run._faulted, run._closed, run._engines, run._unexpected,
            after.Handles - before.Handles, after.Memory - before.Memory);
    }

    public void Dispose() => _engine.Dispose();

    private static (int Handles, long Memory) Measure()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using var process = Process.GetCurrentProcess();
        return (process.HandleCount, GC.GetTotalMemory(forceFullCollection: true));
    }

    private Task WorkAsync(int most, int seed) => Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(async () =>
    {
        var random = new Random((seed * Workers) + worker);
        while (Interlocked.Increment(ref _started) is var number && number <= most && _goesOn(number))
        {
            if (number % RequestsPerEngine == 0)
            {
                Replace();
            }

            await AskAsync(random);
        }
    })));

    private void Replace()
    {
        var old = _engine;
        _engine = _open();
        Interlocked.Increment(ref _engines);
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
            var count = 0;
            await foreach (var update in client.GetStreamingResponseAsync([new ChatMessage(ChatRole.User, text)], options, cancel.Token))
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
            lock (_gate)
            {
                _unexpected.Add(exception.ToString());
            }
        }
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
