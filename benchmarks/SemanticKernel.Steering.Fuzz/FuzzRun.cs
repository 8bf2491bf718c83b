using System.Diagnostics;
using System.Globalization;

namespace SemanticKernel.Steering.Fuzz;

/// <summary>Runs many inputs on several threads, watches that none hangs, and prints what became of them.</summary>
internal sealed class FuzzRun(ulong first, int count, int threads)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly object _gate = new();
    private readonly ulong[] _underWay = new ulong[threads];
    private readonly long[] _since = new long[threads];
    private readonly SortedDictionary<string, int> _outcomes = new(StringComparer.Ordinal);
    private readonly List<string> _failures = [];
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private long _next;
    private double _worstMemory;

    /// <summary>Runs everything.</summary>
    /// <returns>0 if all went well, otherwise 1.</returns>
    internal int Execute()
    {
        Console.WriteLine(Invariant($"Seeds {first} to {first + (ulong)count - 1}, {threads} threads."));
        using var watchdog = new Timer(_ => Watch(), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        var workers = Enumerable.Range(0, threads).Select(worker => new Thread(() => Work(worker))).ToList();
        workers.ForEach(worker => worker.Start());
        workers.ForEach(worker => worker.Join());
        foreach (var (outcome, inputs) in _outcomes)
        {
            Console.WriteLine(Invariant($"{outcome,-50} {inputs,9}"));
        }

        Console.WriteLine(Invariant($"{count} inputs in {_clock.Elapsed.TotalSeconds:F0} s, {_failures.Count} failures; above {FuzzCase.FixedAllowance >> 10} KiB at most {_worstMemory:F1} bytes of memory per byte of input."));
        return _failures.Count == 0 ? 0 : 1;
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private void Work(int worker)
    {
        for (long index; (index = Interlocked.Increment(ref _next) - 1) < count;)
        {
            var seed = first + (ulong)index;
            _underWay[worker] = seed;
            Volatile.Write(ref _since[worker], Stopwatch.GetTimestamp());
            try
            {
                Note(FuzzCase.Run(seed), index + 1);
            }
            catch (FuzzFailureException failure)
            {
                Fail(failure);
            }

            Volatile.Write(ref _since[worker], 0);
        }
    }

    private void Note(FuzzOutcome outcome, long done)
    {
        var name = $"{outcome.Reader.Name}: {outcome.Refusal?.GetType().Name ?? "accepted"}";
        lock (_gate)
        {
            _outcomes[name] = _outcomes.GetValueOrDefault(name) + 1;
            _worstMemory = Math.Max(_worstMemory, (outcome.Allocated - FuzzCase.FixedAllowance) / (double)Math.Max(outcome.Length, 1));
            if (done % 100_000 == 0)
            {
                Console.WriteLine(Invariant($"Up to seed {first + (ulong)done - 1}: {_failures.Count} failures, {_clock.Elapsed.TotalSeconds:F0} s."));
            }
        }
    }

    private void Fail(FuzzFailureException failure)
    {
        lock (_gate)
        {
            _failures.Add(failure.Message);
            Console.WriteLine(failure);
        }
    }

    private void Watch()
    {
        for (var worker = 0; worker < threads; worker++)
        {
            var since = Volatile.Read(ref _since[worker]);
            if (since != 0 && Stopwatch.GetElapsedTime(since) > Patience)
            {
                Console.WriteLine(Invariant($"Seed {_underWay[worker]}: still being read after {Patience.TotalSeconds} s."));
                Environment.Exit(1);
            }
        }
    }
}
