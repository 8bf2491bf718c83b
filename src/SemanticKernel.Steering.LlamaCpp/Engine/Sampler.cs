using SemanticKernel.Steering.LlamaCpp.Interop;
using SemanticKernel.Steering.LlamaCpp.Interop.Handles;
using SemanticKernel.Steering.LlamaCpp.Native;

namespace SemanticKernel.Steering.LlamaCpp.Engine;

/// <summary>A chain of llama.cpp's samplers. Not thread-safe.</summary>
internal sealed class Sampler : IDisposable
{
    private readonly LlamaSamplerHandle _chain;

    internal Sampler(SamplerSettings settings, int vocabularySize)
    {
        _chain = new LlamaSamplerHandle(LlamaNative.llama_sampler_chain_init(LlamaNative.llama_sampler_chain_default_params()));
        if (settings is not { RepeatPenalty: 1f, FrequencyPenalty: 0f, PresencePenalty: 0f })
        {
            Add(LlamaLibrary.Current.Penalties.Create(
                vocabularySize, SamplerSettings.PenaltyWindow, settings.RepeatPenalty, settings.FrequencyPenalty, settings.PresencePenalty));
        }

        if (settings.Temperature < SamplerSettings.GreedyBelow)
        {
            Add(LlamaNative.llama_sampler_init_greedy());
            return;
        }

        if (settings.TopK > 0)
        {
            Add(LlamaNative.llama_sampler_init_top_k(settings.TopK));
        }

        if (settings.TopP < 1)
        {
            Add(LlamaNative.llama_sampler_init_top_p(settings.TopP, 1));
        }

        if (settings.MinP > 0)
        {
            Add(LlamaNative.llama_sampler_init_min_p(settings.MinP, 1));
        }

        Add(LlamaNative.llama_sampler_init_temp(settings.Temperature));
        Add(LlamaNative.llama_sampler_init_dist(settings.Seed));
    }

    /// <summary>Chooses a token from the logits of an output row and takes note of it for the penalties.</summary>
    internal int Sample(LlamaContext context, int row) => LlamaNative.llama_sampler_sample(_chain.DangerousGetHandle(), context.Pointer, row);

    public void Dispose() => _chain.Dispose();

    private void Add(nint sampler) => LlamaNative.llama_sampler_chain_add(_chain.DangerousGetHandle(), sampler);
}
