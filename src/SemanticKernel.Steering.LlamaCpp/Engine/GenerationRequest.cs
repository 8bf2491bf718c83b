using System.Buffers;

namespace SemanticKernel.Steering.LlamaCpp.Engine;

/// <summary>One answer to be generated.</summary>
internal sealed class GenerationRequest : EngineRequest
{
    private CompiledPlan? _plan;

    internal required int[] Prompt { get; init; }

    /// <summary>What each prompt token is to steering scopes.</summary>
    internal required RowKind[] PromptKinds { get; init; }

    /// <summary>What the next decode applies. May be replaced while the answer runs, from any thread.</summary>
    internal required CompiledPlan Plan
    {
        get => Volatile.Read(ref _plan)!;
        set => Volatile.Write(ref _plan, value);
    }

    /// <summary>Receives the time spent in the eval callback, if anyone wants to know.</summary>
    internal CallbackClock? Clock { get; init; }

    /// <summary>Receives what steering does to values, if the request asks for it.</summary>
    internal ShiftMeter? Meter { get; init; }

    /// <summary>Sees the logits of every token, with its number, on the engine's thread, if anyone wants them.</summary>
    internal ReadOnlySpanAction<float, int>? OnLogits { get; init; }

    /// <summary>Takes the prompt once it is computed; there is no answer then. Null for an answer.</summary>
    internal PrefixCapture? Capture { get; init; }

    internal required SamplerSettings Sampling { get; init; }

    internal required int MaxTokens { get; init; }

    internal required StopMatcher Stops { get; init; }

    internal override int Room => Prompt.Length + MaxTokens;
}
