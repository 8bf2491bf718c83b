namespace SemanticKernel.Steering.TestModels;

/// <summary>Adds the weights of one model to a writer.</summary>
internal sealed class ModelTensors(GgufWriter writer, RandomModelOptions options, GraphTraits traits, Vocabulary vocabulary)
{
    private const double LogitDeviation = 2;

    // A prime, so that no two rows of a matrix are the same.
    private const int RunLength = 1_048_573;

    private readonly int _vocabularySize = vocabulary.Tokens.Count;
    private readonly int _keyValueWidth = options.Width / options.Heads * (traits.GroupedHeads ? options.KvHeads : options.Heads);

    public void Add()
    {
        AddEmbeddings();
        for (var layer = 0; layer < options.Layers; layer++)
        {
            if (traits.StateSpace)
            {
                AddStateSpace($"blk.{layer}");
            }
            else
            {
                AddAttention($"blk.{layer}");
                AddFeedForward($"blk.{layer}");
            }
        }

        // With a tied embedding and a last norm near 1, every token would mostly predict itself.
        AddNorm("output_norm", options.Width, mean: traits.TiedOutput ? 0 : 1, deviation: traits.TiedOutput ? 1 : 0.1);
        if (!traits.TiedOutput)
        {
            AddMatrix("output", options.Width, _vocabularySize, LogitDeviation);
        }

        if (traits.OutputBias)
        {
            AddVector("output.bias", _vocabularySize, mean: 0, deviation: 0.1);
        }
    }

    private void AddEmbeddings()
    {
        var deviation = traits.TiedOutput ? LogitDeviation / Math.Sqrt(options.Width) : 1;
        AddTensor("token_embd.weight", options.WeightType, [options.Width, _vocabularySize], 0, deviation);
        if (traits.LearnedPositions)
        {
            AddTensor("position_embd.weight", GgufTensorType.F32, [options.Width, options.ContextLength], 0, deviation / 2);
        }
    }

    private void AddAttention(string block)
    {
        if (traits.AttentionPreNorm)
        {
            AddNorm($"{block}.attn_norm", options.Width);
        }

        var inputBiases = traits.Biases || traits.QueryKeyValueBiases;
        if (traits.FusedQueryKeyValue)
        {
            AddLinear($"{block}.attn_qkv", options.Width, options.Width + (2 * _keyValueWidth), inputBiases);
        }
        else
        {
            AddLinear($"{block}.attn_q", options.Width, options.Width, inputBiases);
            AddLinear($"{block}.attn_k", options.Width, _keyValueWidth, inputBiases);
            AddLinear($"{block}.attn_v", options.Width, _keyValueWidth, inputBiases);
        }

        if (traits.QueryKeyNorm != QueryKeyNorm.None)
        {
            var head = options.Width / options.Heads;
            var all = traits.QueryKeyNorm == QueryKeyNorm.AllHeads;
            AddNorm($"{block}.attn_q_norm", all ? options.Width : head);
            AddNorm($"{block}.attn_k_norm", all ? _keyValueWidth : head);
        }

        AddLinear($"{block}.attn_output", options.Width, options.Width, traits.Biases);
        if (traits.PostNorms)
        {
            AddNorm($"{block}.post_attention_norm", options.Width);
        }
    }

    private void AddFeedForward(string block)
    {
        if (traits.FeedForwardPreNorm)
        {
            AddNorm($"{block}.ffn_norm", options.Width);
        }

        if (traits.Gated && !traits.FusedGateUp)
        {
            AddLinear($"{block}.ffn_gate", options.Width, options.FeedForward, traits.Biases);
        }

        AddLinear($"{block}.ffn_up", options.Width, options.FeedForward * (traits.FusedGateUp ? 2 : 1), traits.Biases);
        AddLinear($"{block}.ffn_down", options.FeedForward, options.Width, traits.Biases);
        if (traits.PostNorms)
        {
            AddNorm($"{block}.post_ffw_norm", options.Width);
        }
    }

    private void AddStateSpace(string block)
    {
        var inner = StateSpaceSizes.Inner(options);
        AddNorm($"{block}.attn_norm", options.Width);
        AddMatrix($"{block}.ssm_in", options.Width, 2 * inner, deviation: 1);
        AddTensor($"{block}.ssm_conv1d.weight", GgufTensorType.F32, [StateSpaceSizes.Kernel, inner], 0, 0.5);
        AddVector($"{block}.ssm_conv1d.bias", inner, mean: 0, deviation: 0.1);
        AddMatrix($"{block}.ssm_x", inner, StateSpaceSizes.TimeStepRank + (2 * StateSpaceSizes.State), deviation: 1);
        AddMatrix($"{block}.ssm_dt", StateSpaceSizes.TimeStepRank, inner, deviation: 1);
        AddVector($"{block}.ssm_dt.bias", inner, mean: -1, deviation: 0.5);

        // The state decays where this is negative.
        AddTensor($"{block}.ssm_a", GgufTensorType.F32, [StateSpaceSizes.State, inner], -2, 0.5);
        AddVector($"{block}.ssm_d", inner, mean: 1, deviation: 0.1);
        AddMatrix($"{block}.ssm_out", inner, options.Width, deviation: 1);
    }

    private void AddLinear(string name, int inputs, int outputs, bool bias)
    {
        AddMatrix(name, inputs, outputs, deviation: 1);
        if (bias)
        {
            AddVector($"{name}.bias", outputs, mean: 0, deviation: 0.1);
        }
    }

    /// <summary>Adds a matrix that turns inputs of variance 1 into outputs of the given deviation.</summary>
    private void AddMatrix(string name, int inputs, int outputs, double deviation) =>
        AddTensor($"{name}.weight", options.WeightType, [inputs, outputs], 0, deviation / Math.Sqrt(inputs));

    /// <summary>Adds a norm's weights, near 1. Gemma's files hold 1 + w as well, so this suits all graphs.</summary>
    private void AddNorm(string name, int width, double mean = 1, double deviation = 0.1)
    {
        AddVector($"{name}.weight", width, mean, deviation);
        if (traits.Biases)
        {
            AddVector($"{name}.bias", width, mean: 0, deviation: 0.1);
        }
    }

    private void AddVector(string name, int width, double mean, double deviation) =>
        AddTensor(name, GgufTensorType.F32, [width], mean, deviation);

    private void AddTensor(string name, GgufTensorType type, int[] shape, double mean, double deviation)
    {
        var isOutput = name == "output.weight";
        writer.AddTensor(name, type, shape, values =>
        {
            new RandomWeights(options.Seed, name).FillNormal(values, mean, deviation);
            if (options.IsEndless && isOutput)
            {
                for (var token = 0; token < _vocabularySize; token++)
                {
                    if (vocabulary.Types[token] == TokenType.Control)
                    {
                        values.Slice(token * options.Width, options.Width).Clear();
                    }
                }
            }
        }, options.RepeatsWeights && !isOutput ? RunLength : int.MaxValue);
    }
}
