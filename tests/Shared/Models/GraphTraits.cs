namespace SemanticKernel.Steering.TestModels;

/// <summary>What sets one architecture's weights and metadata apart from plain Llama.</summary>
internal sealed record GraphTraits(string Name)
{
    private const int SlidingWindow = 16;

    /// <summary>Layer norms and matrices carry biases, instead of RMS norms and bare matrices.</summary>
    public bool Biases { get; init; }

    public bool QueryKeyValueBiases { get; init; }

    public bool FusedQueryKeyValue { get; init; }

    public bool FusedGateUp { get; init; }

    public bool Gated { get; init; } = true;

    public bool LearnedPositions { get; init; }

    public bool AttentionPreNorm { get; init; } = true;

    public bool FeedForwardPreNorm { get; init; } = true;

    public bool PostNorms { get; init; }

    public QueryKeyNorm QueryKeyNorm { get; init; }

    /// <summary>Blocks are state spaces (Mamba) instead of attention and feed-forward.</summary>
    public bool StateSpace { get; init; }

    /// <summary>The output matrix is the embedding.</summary>
    public bool TiedOutput { get; init; }

    public bool OutputBias { get; init; }

    public bool GroupedHeads { get; init; } = true;

    /// <summary>Metadata of this architecture alone, by key without its prefix.</summary>
    public Action<GgufWriter, string> AddMetadata { get; init; } = static (_, _) => { };

    public static GraphTraits Of(ModelArchitecture architecture) => architecture switch
    {
        ModelArchitecture.Llama => new("llama"),
        ModelArchitecture.Qwen2 => new("qwen2") { QueryKeyValueBiases = true },
        ModelArchitecture.Qwen3 => new("qwen3") { QueryKeyNorm = QueryKeyNorm.PerHead },
        ModelArchitecture.Gemma2 => new("gemma2")
        {
            PostNorms = true,
            TiedOutput = true,
            AddMetadata = static (writer, prefix) => writer
                .Add($"{prefix}.attention.sliding_window", (uint)SlidingWindow)
                .Add($"{prefix}.attn_logit_softcapping", 50f)
                .Add($"{prefix}.final_logit_softcapping", 30f),
        },
        ModelArchitecture.Gemma3 => new("gemma3")
        {
            PostNorms = true,
            QueryKeyNorm = QueryKeyNorm.PerHead,
            TiedOutput = true,
            AddMetadata = static (writer, prefix) => writer
                .Add($"{prefix}.attention.sliding_window", (uint)SlidingWindow),
        },
        ModelArchitecture.Phi2 => new("phi2")
        {
            Biases = true,
            FusedQueryKeyValue = true,
            Gated = false,
            FeedForwardPreNorm = false,
            OutputBias = true,
            GroupedHeads = false,
        },
        ModelArchitecture.Phi3 => new("phi3") { FusedQueryKeyValue = true, FusedGateUp = true },
        ModelArchitecture.Gpt2 => new("gpt2")
        {
            Biases = true,
            FusedQueryKeyValue = true,
            Gated = false,
            LearnedPositions = true,
            TiedOutput = true,
            GroupedHeads = false,
        },
        ModelArchitecture.Olmo2 => new("olmo2")
        {
            AttentionPreNorm = false,
            FeedForwardPreNorm = false,
            PostNorms = true,
            QueryKeyNorm = QueryKeyNorm.AllHeads,
        },
        ModelArchitecture.Mpt => new("mpt")
        {
            Biases = true,
            FusedQueryKeyValue = true,
            Gated = false,
            TiedOutput = true,
            GroupedHeads = false,
            AddMetadata = static (writer, prefix) => writer.Add($"{prefix}.attention.max_alibi_bias", 8f),
        },
        ModelArchitecture.Mamba => new("mamba")
        {
            StateSpace = true,
            AddMetadata = static (writer, prefix) => writer
                .Add($"{prefix}.ssm.conv_kernel", (uint)StateSpaceSizes.Kernel)
                .Add($"{prefix}.ssm.state_size", (uint)StateSpaceSizes.State)
                .Add($"{prefix}.ssm.time_step_rank", (uint)StateSpaceSizes.TimeStepRank),
        },
        _ => throw new ArgumentOutOfRangeException(nameof(architecture), architecture, "No such architecture."),
    };
}
