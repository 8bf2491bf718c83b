using SemanticKernel.Steering.LlamaCpp.Interop;

namespace SemanticKernel.Steering.LlamaCpp.Native;

/// <summary>
/// <c>llama_sampler_init_penalties</c>, the one function in use whose arguments differ between supported builds: older ones,
/// such as LLamaSharp's, lack the first, the size of the vocabulary. An export does not tell its arguments, so they are told
/// by what it does.
/// </summary>
internal sealed unsafe class PenaltyFunction
{
    internal const string Export = "llama_sampler_init_penalties";

    private readonly nint _function;
    private readonly bool _takesVocabularySize;

    private PenaltyFunction(nint function, bool takesVocabularySize)
    {
        _function = function;
        _takesVocabularySize = takesVocabularySize;
    }

    /// <summary>Finds out how to call the function, or returns null when it is unlike all known ones.</summary>
    internal static PenaltyFunction? Recognise(nint function) =>
        new[] { new PenaltyFunction(function, takesVocabularySize: true), new PenaltyFunction(function, takesVocabularySize: false) }
            .FirstOrDefault(candidate => candidate.PenalisesEarlyToken());

    /// <summary>Makes a sampler, owned by the caller.</summary>
    /// <param name="vocabularySize">Tokens in the vocabulary.</param>
    /// <param name="window">The latest tokens that are counted.</param>
    /// <param name="repeat">Divides positive logits and multiplies negative ones; 1 for none.</param>
    /// <param name="frequency">Subtracted for every time; 0 for none.</param>
    /// <param name="presence">Subtracted once; 0 for none.</param>
    internal nint Create(int vocabularySize, int window, float repeat, float frequency, float presence) => _takesVocabularySize
        ? ((delegate* unmanaged[Cdecl]<int, int, float, float, float, nint>)_function)(vocabularySize, window, repeat, frequency, presence)
        : ((delegate* unmanaged[Cdecl]<int, float, float, float, nint>)_function)(window, repeat, frequency, presence);

    /// <summary>Whether the token before the last two is still penalised: the older function would take the vocabulary of two for its window.</summary>
    private bool PenalisesEarlyToken()
    {
        const int VocabularySize = 2;
        var sampler = Create(VocabularySize, window: 64, repeat: 2, frequency: 0, presence: 0);
        if (sampler == 0)
        {
            return false;
        }

        var tokens = stackalloc LlamaTokenData[VocabularySize] { new() { Id = 0, Logit = 1 }, new() { Id = 1, Logit = 1 } };
        var candidates = new LlamaTokenDataArray { Data = tokens, Size = VocabularySize, Selected = -1 };
        foreach (var token in (ReadOnlySpan<int>)[0, 1, 1])
        {
            LlamaNative.llama_sampler_accept(sampler, token);
        }

        LlamaNative.llama_sampler_apply(sampler, &candidates);
        LlamaNative.llama_sampler_free(sampler);
        return tokens[0].Logit == 0.5f && tokens[1].Logit == 0.5f;
    }
}
