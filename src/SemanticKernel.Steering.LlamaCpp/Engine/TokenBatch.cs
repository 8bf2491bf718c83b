using System.Runtime.InteropServices;
using SemanticKernel.Steering.LlamaCpp.Interop;

namespace SemanticKernel.Steering.LlamaCpp.Engine;

/// <summary>A reusable <c>llama_batch</c> of tokens in unmanaged memory. Not thread-safe.</summary>
internal sealed unsafe class TokenBatch : IDisposable
{
    private readonly int _capacity;
    private LlamaBatch _batch;
    private int* _sequenceIds;

    internal TokenBatch(int capacity)
    {
        _capacity = capacity;
        _batch = new LlamaBatch
        {
            Tokens = Allocate<int>(capacity),
            Positions = Allocate<int>(capacity),
            SequenceCounts = Allocate<int>(capacity),
            Outputs = Allocate<sbyte>(capacity),
            Sequences = (int**)NativeMemory.AllocZeroed((nuint)capacity + 1, (nuint)sizeof(int*)),
        };
        _sequenceIds = Allocate<int>(capacity);
        for (var i = 0; i < capacity; i++)
        {
            _batch.SequenceCounts[i] = 1;
            _batch.Sequences[i] = _sequenceIds + i;
        }
    }

    internal int Count => _batch.TokenCount;

    internal int OutputCount { get; private set; }

    internal bool IsFull => _batch.TokenCount == _capacity;

    internal ref readonly LlamaBatch Native => ref _batch;

    internal void Clear()
    {
        _batch.TokenCount = 0;
        OutputCount = 0;
    }

    /// <summary>Appends a token and returns its row.</summary>
    internal int Add(int token, int position, int sequence, bool output)
    {
        var row = _batch.TokenCount++;
        _batch.Tokens[row] = token;
        _batch.Positions[row] = position;
        _sequenceIds[row] = sequence;
        _batch.Outputs[row] = output ? (sbyte)1 : (sbyte)0;
        OutputCount += output ? 1 : 0;
        return row;
    }

    public void Dispose()
    {
        NativeMemory.Free(_batch.Tokens);
        NativeMemory.Free(_batch.Positions);
        NativeMemory.Free(_batch.SequenceCounts);
        NativeMemory.Free(_batch.Outputs);
        NativeMemory.Free(_batch.Sequences);
        NativeMemory.Free(_sequenceIds);
        _batch = default;
        _sequenceIds = null;
    }

    private static T* Allocate<T>(int count) where T : unmanaged => (T*)NativeMemory.AllocZeroed((nuint)count, (nuint)sizeof(T));
}
