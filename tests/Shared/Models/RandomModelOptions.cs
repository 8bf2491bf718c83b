namespace SemanticKernel.Steering.TestModels;

/// <summary>What a random model looks like.</summary>
/// <remarks>Two models with equal options have equal bytes, on every machine.</remarks>
public sealed record RandomModelOptions
{
    /// <summary>The graph.</summary>
    /// <value>Default: Llama.</value>
    public ModelArchitecture Architecture { get; init; } = ModelArchitecture.Llama;

    /// <summary>The size of a hidden state; a multiple of twice <see cref="Heads"/>.</summary>
    /// <value>Default: 64.</value>
    public int Width { get; init; } = 64;

    /// <summary>The number of blocks.</summary>
    /// <value>Default: 4.</value>
    public int Layers { get; init; } = 4;

    /// <summary>The number of query heads.</summary>
    /// <value>Default: 4.</value>
    public int Heads { get; init; } = 4;

    /// <summary>The number of key and value heads; divides <see cref="Heads"/>.</summary>
    /// <value>Default: 2. GPT-2 and Phi-2 know no groups and use <see cref="Heads"/>.</value>
    public int KvHeads { get; init; } = 2;

    /// <summary>The width inside the feed-forward part.</summary>
    /// <value>Default: 128.</value>
    public int FeedForward { get; init; } = 128;

    /// <summary>The context length the model claims to be trained on.</summary>
    /// <value>Default: 256 tokens.</value>
    public int ContextLength { get; init; } = 256;

    /// <summary>Chooses the weights.</summary>
    /// <value>Default: 1.</value>
    public int Seed { get; init; } = 1;

    /// <summary>The model's name in its metadata. llama.cpp changes its tokenizer for names that hold "phi-3".</summary>
    /// <value>Default: "random model".</value>
    public string Name { get; init; } = "random model";

    /// <summary>How matrices are stored; vectors are always 32-bit floats.</summary>
    /// <value>Default: 32-bit floats.</value>
    public GgufTensorType WeightType { get; init; } = GgufTensorType.F32;

    /// <summary>
    /// Whether control tokens, which end answers, have a logit of 0: always below the best of all others. Without effect where
    /// the output shares the embedding's weights, as in the Gemma graphs.
    /// </summary>
    /// <value>Default: no.</value>
    public bool IsEndless { get; init; }

    /// <summary>Whether large tensors, the output apart, repeat one run of random values, so that models of gigabytes are written in seconds. Their speed is that of any other.</summary>
    /// <value>Default: no.</value>
    public bool RepeatsWeights { get; init; }

    /// <summary>The tokenizer and the chat template.</summary>
    /// <value>Default: ChatML; the Gemma preset for the Gemma graphs.</value>
    public Vocabulary? Vocabulary { get; init; }
}
