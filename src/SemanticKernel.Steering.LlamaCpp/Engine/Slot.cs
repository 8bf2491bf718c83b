namespace SemanticKernel.Steering.LlamaCpp.Engine;

/// <summary>
/// One sequence of the KV cache: the tokens it holds, what was done to each, and the request that uses it. Tokens up to
/// <see cref="Computed"/> are in the cache; those up to <see cref="Count"/> are known and wait to be computed. Prompt,
/// answer and recomputation after a fault are all the same: a slot with tokens that wait. Used by the engine's thread only.
/// </summary>
internal sealed class Slot(int sequence, int capacity)
{
    private readonly int[] _tokens = new int[capacity];
    private readonly ulong[] _effects = new ulong[capacity];
    private readonly RowKind[] _kinds = new RowKind[capacity];
    private readonly CompiledPlan?[] _plans = new CompiledPlan?[capacity];

    internal int Sequence { get; } = sequence;

    /// <summary>The request being answered; null while the slot only keeps a prefix.</summary>
    internal GenerationRequest? Request { get; private set; }

    internal Sampler? Sampler { get; private set; }

    /// <summary>Whose prompts may share what the slot keeps.</summary>
    internal string? Scope { get; private set; }

    /// <summary>Tokens known.</summary>
    internal int Count { get; private set; }

    /// <summary>Tokens in the cache.</summary>
    internal int Computed { get; private set; }

    /// <summary>Cells of the cache the request may come to need, or those a kept prefix holds.</summary>
    internal int Reserved => Request?.Room ?? Computed;

    /// <summary>When what the slot keeps was last used: larger is later.</summary>
    internal long LastUsed { get; private set; }

    /// <summary>When the request was admitted, in requests.</summary>
    internal long Admission { get; private set; }

    /// <summary>Whether the request may be the origin of a fault, and has to be computed alone until it has logits.</summary>
    internal bool IsSuspect { get; set; }

    /// <summary>Tokens of this slot in the batch under way.</summary>
    internal int InBatch { get; set; }

    /// <summary>Row of the batch whose logits belong to this slot, or -1.</summary>
    internal int OutputRow { get; set; } = -1;

    /// <summary>Managed bytes allocated by steps of the engine since the first token of the answer.</summary>
    internal long Allocations { get; set; }

    /// <summary>Tokens known that are not in the cache yet.</summary>
    internal int Unread => Count - Computed;

    internal bool HasWork => Request is not null && Unread > 0;

    /// <summary>Whether the slot waits for a token of its answer, as opposed to reading a prompt.</summary>
    internal bool IsDecoding => HasWork && Unread == 1 && Request!.Output.Written > 0;

    /// <summary>The plan the next token of the answer runs under.</summary>
    internal CompiledPlan? Plan { get; private set; }

    /// <summary>The tokens in the cache.</summary>
    internal ReadOnlySpan<int> CachedTokens => _tokens.AsSpan(0, Computed);

    /// <summary>What was done to each token in the cache, as <see cref="CompiledPlan.EffectOn"/> tells.</summary>
    internal ReadOnlySpan<ulong> CachedEffects => _effects.AsSpan(0, Computed);

    internal int TokenAt(int position) => _tokens[position];

    internal RowKind KindAt(int position) => _kinds[position];

    internal CompiledPlan PlanAt(int position) => _plans[position]!;

    /// <summary>How many tokens at the start of a prompt are in the cache just as a plan would have them computed.</summary>
    internal int CountShared(GenerationRequest request, CompiledPlan plan)
    {
        if (Scope != request.CacheScope)
        {
            return 0;
        }

        var limit = Math.Min(Computed, request.Prompt.Length);
        var shared = 0;
        while (shared < limit && _tokens[shared] == request.Prompt[shared] && _effects[shared] == plan.EffectOn(request.PromptKinds[shared]))
        {
            shared++;
        }

        return shared;
    }

    /// <summary>Takes a request on.</summary>
    /// <param name="request">The request.</param>
    /// <param name="plan">The plan its prompt is computed under; the request's own may be replaced at any moment.</param>
    /// <param name="sampler">Chooses its tokens.</param>
    /// <param name="shared">How many tokens of the prompt are in the cache, computed under that plan.</param>
    /// <param name="admission">Its number.</param>
    internal void Begin(GenerationRequest request, CompiledPlan plan, Sampler sampler, int shared, long admission)
    {
        (Request, Sampler, Scope, Admission) = (request, sampler, request.CacheScope, admission);
        (Count, Computed, InBatch, OutputRow, Allocations) = (0, shared, 0, -1, 0);
        Plan = plan;
        for (var i = 0; i < request.Prompt.Length; i++)
        {
            Append(request.Prompt[i], request.PromptKinds[i]);
        }
    }

    /// <summary>Keeps a prefix that was put into the cache.</summary>
    internal void Keep(RestoreRequest request, long now)
    {
        var prefix = request.Prefix;
        prefix.Tokens.CopyTo(_tokens, 0);
        prefix.Effects.CopyTo(_effects, 0);
        (Scope, LastUsed) = (request.CacheScope, now);
        Count = Computed = prefix.Tokens.Length;
    }

    internal void Append(int token, RowKind kind)
    {
        _tokens[Count] = token;
        _kinds[Count] = kind;
        Put(Count, Plan!);
        Count++;
    }

    /// <summary>Puts the token that waits, and those to come, under another plan.</summary>
    internal void Replan(CompiledPlan plan)
    {
        Plan = plan;
        Put(Count - 1, plan);
    }

    /// <summary>Notes that the tokens of the batch are in the cache.</summary>
    internal void Advance()
    {
        Computed += InBatch;
        InBatch = 0;
        Request?.Meter?.Commit();
    }

    /// <summary>Forgets what is in the cache, so that it is computed again.</summary>
    internal void Restart()
    {
        Computed = InBatch = 0;
        OutputRow = -1;
        Request?.Meter?.Reset();
        if (Request is null)
        {
            Count = 0;
        }
    }

    /// <summary>Ends the request; what was computed stays as a prefix for later ones.</summary>
    internal void End(long now)
    {
        Sampler?.Dispose();
        (Request, Sampler, Plan, InBatch, OutputRow) = (null, null, null, 0, -1);
        Count = Computed;
        IsSuspect = false;
        LastUsed = now;

        // Plans of the past would keep their map sets in memory.
        Array.Clear(_plans);
    }

    private void Put(int position, CompiledPlan plan)
    {
        _plans[position] = plan;
        _effects[position] = plan.EffectOn(_kinds[position]);
    }
}
