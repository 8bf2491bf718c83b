namespace SemanticKernel.Steering.Fuzz;

/// <summary>One input, which its seed alone decides.</summary>
internal static class FuzzCase
{
    /// <summary>The memory that reading anything may take, in bytes: a buffer of 64 KiB, and what the runtime allocates when a rare path runs for the first time.</summary>
    internal const long FixedAllowance = 128 << 10;

    // What code allocates when it runs for the first time says nothing about the input that is read.
    private const int WarmUps = 200;
    private static readonly Lazy<bool> WarmedUp = new(WarmUp);

    // A name in a header becomes text, an entry of a dictionary and part of a message.
    private const long AllowancePerByte = 16;

    /// <summary>Makes the input of a seed.</summary>
    internal static (FuzzReader Reader, byte[] Input) Create(ulong seed)
    {
        // Neighbouring seeds must not give neighbouring sequences.
        var random = new Random((int)((seed * 0x9E3779B97F4A7C15) >> 33));
        var reader = FuzzReaders.All[(int)(seed % (ulong)FuzzReaders.All.Count)];
        return (reader, Mutator.Mutate(reader.Create(random), reader.Create(random), random));
    }

    /// <summary>Reads the input of a seed.</summary>
    /// <exception cref="FuzzFailureException">Something else than a documented exception escaped, or too much memory was taken.</exception>
    internal static FuzzOutcome Run(ulong seed)
    {
        _ = WarmedUp.Value;
        var (reader, input) = Create(seed);
        object? accepted = null;
        SteeringException? refusal = null;
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            accepted = reader.Read(input);
        }
        catch (SteeringException error)
        {
            refusal = error;
        }
        catch (Exception error)
        {
            throw new FuzzFailureException(seed, $"the reader of a {reader.Name} threw {error.GetType().Name}: {error.Message}", error);
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        if (allocated > FixedAllowance + (AllowancePerByte * input.Length))
        {
            throw new FuzzFailureException(seed, $"the reader of a {reader.Name} took {allocated} bytes of memory for {input.Length} bytes of input");
        }

        if (accepted is not null)
        {
            Check(seed, reader, accepted);
        }

        return new FuzzOutcome(reader, refusal, input.Length, allocated);
    }

    private static bool WarmUp()
    {
        for (ulong seed = 0; seed < WarmUps; seed++)
        {
            var (reader, input) = Create(seed);
            try
            {
                reader.Read(input);
            }
#pragma warning disable CA1031 // Whatever escapes here does so again where it is looked at.
            catch (Exception)
#pragma warning restore CA1031
            {
            }
        }

        return true;
    }

    private static void Check(ulong seed, FuzzReader reader, object accepted)
    {
        try
        {
            reader.Check(accepted);
        }
        catch (Exception error)
        {
            throw new FuzzFailureException(seed, $"what the reader of a {reader.Name} accepted is not sound: {error.Message}", error);
        }
    }
}
