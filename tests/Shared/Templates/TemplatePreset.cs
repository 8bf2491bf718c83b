namespace SemanticKernel.Steering.TestModels;

/// <summary>A chat template together with the special tokens of a model that uses it.</summary>
public sealed class TemplatePreset
{
    private readonly Lazy<Vocabulary> _vocabulary;

    internal TemplatePreset(
        string name,
        string builtIn,
        string chatTemplate,
        SpecialTokens specials,
        Func<SpecialTokens, string, Vocabulary> makeVocabulary)
    {
        Name = name;
        BuiltIn = builtIn;
        ChatTemplate = chatTemplate;
        Specials = specials;
        _vocabulary = new Lazy<Vocabulary>(() => makeVocabulary(specials, chatTemplate));
    }

    /// <summary>The preset's own name, unique among the presets.</summary>
    public string Name { get; }

    /// <summary>The name of the built-in template that llama.cpp takes <see cref="ChatTemplate"/> for.</summary>
    public string BuiltIn { get; }

    /// <summary>The Jinja text, shortened but with everything that llama.cpp looks for.</summary>
    public string ChatTemplate { get; }

    /// <summary>The special tokens, with the types they have in real models.</summary>
    public SpecialTokens Specials { get; }

    /// <summary>The vocabulary of the kind that real models with this template have.</summary>
    public Vocabulary Vocabulary => _vocabulary.Value;

    /// <summary>The same template and special tokens on a byte-level BPE vocabulary.</summary>
    /// <param name="preTokenizer">As for <see cref="TinyVocabulary.Bpe"/>.</param>
    /// <returns>A new vocabulary.</returns>
    public Vocabulary AsBpe(string preTokenizer = "gpt-2") => TinyVocabulary.Bpe(Specials, preTokenizer, ChatTemplate);

    /// <summary>The same template and special tokens on a SentencePiece vocabulary.</summary>
    /// <param name="addSpacePrefix">As for <see cref="TinyVocabulary.Spm"/>.</param>
    /// <returns>A new vocabulary.</returns>
    public Vocabulary AsSpm(bool addSpacePrefix = true) => TinyVocabulary.Spm(Specials, addSpacePrefix, ChatTemplate);

    /// <inheritdoc/>
    public override string ToString() => Name;

    internal static TemplatePreset Bpe(string name, string builtIn, string preTokenizer, SpecialTokens specials, string chatTemplate) =>
        new(name, builtIn, chatTemplate, specials, (tokens, template) => TinyVocabulary.Bpe(tokens, preTokenizer, template));

    internal static TemplatePreset Spm(string name, string builtIn, bool addSpacePrefix, SpecialTokens specials, string chatTemplate) =>
        new(name, builtIn, chatTemplate, specials, (tokens, template) => TinyVocabulary.Spm(tokens, addSpacePrefix, template));
}
