namespace SemanticKernel.Steering.TestModels;

/// <summary>Writes tiny models with random weights, which llama.cpp loads and runs like any other.</summary>
/// <remarks>Their logits are finite and differ from token to token; their text means nothing.</remarks>
public static class RandomModel
{
    private const float NormEpsilon = 1e-5f;

    /// <summary>Writes one model, replacing a file that exists.</summary>
    /// <param name="path">The GGUF file to write.</param>
    /// <param name="options">What the model looks like.</param>
    /// <exception cref="ArgumentException">The sizes do not fit together.</exception>
    public static void Write(string path, RandomModelOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Width % (2 * options.Heads) != 0 || options.Heads % options.KvHeads != 0)
        {
            throw new ArgumentException("Width must be a multiple of 2 · Heads, and Heads one of KvHeads.", nameof(options));
        }

        var traits = GraphTraits.Of(options.Architecture);
        var vocabulary = options.Vocabulary ?? DefaultVocabulary(options.Architecture);
        var writer = new GgufWriter();
        AddMetadata(writer, options, traits, vocabulary.Tokens.Count);
        vocabulary.AddTo(writer);
        new ModelTensors(writer, options, traits, vocabulary).Add();
        writer.Write(path);
    }

    private static Vocabulary DefaultVocabulary(ModelArchitecture architecture) =>
        architecture is ModelArchitecture.Gemma2 or ModelArchitecture.Gemma3
            ? TemplatePresets.Gemma.Vocabulary
            : TemplatePresets.ChatMl.Vocabulary;

    private static void AddMetadata(GgufWriter writer, RandomModelOptions options, GraphTraits traits, int vocabularySize)
    {
        var prefix = traits.Name;
        var head = (uint)(options.Width / options.Heads);
        writer
            .Add("general.architecture", traits.Name)
            .Add("general.name", options.Name)
            .Add("general.file_type", (uint)options.WeightType)
            .Add($"{prefix}.vocab_size", (uint)vocabularySize)
            .Add($"{prefix}.context_length", (uint)options.ContextLength)
            .Add($"{prefix}.embedding_length", (uint)options.Width)
            .Add($"{prefix}.block_count", (uint)options.Layers)
            .Add($"{prefix}.feed_forward_length", (uint)(traits.StateSpace ? 0 : options.FeedForward))
            .Add($"{prefix}.attention.head_count", (uint)(traits.StateSpace ? 0 : options.Heads))
            .Add($"{prefix}.attention.layer_norm_{(traits.Biases ? "" : "rms_")}epsilon", NormEpsilon);
        if (traits.StateSpace)
        {
            writer.Add($"{prefix}.ssm.inner_size", (uint)StateSpaceSizes.Inner(options));
        }
        else
        {
            writer
                .Add($"{prefix}.attention.head_count_kv", (uint)(traits.GroupedHeads ? options.KvHeads : options.Heads))
                .Add($"{prefix}.attention.key_length", head)
                .Add($"{prefix}.attention.value_length", head);
        }

        if (!traits.LearnedPositions && !traits.StateSpace)
        {
            writer.Add($"{prefix}.rope.dimension_count", head).Add($"{prefix}.rope.freq_base", 10000f);
        }

        traits.AddMetadata(writer, prefix);
    }
}
