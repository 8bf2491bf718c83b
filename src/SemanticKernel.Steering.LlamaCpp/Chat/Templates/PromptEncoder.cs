using SemanticKernel.Steering.LlamaCpp.Models;

namespace SemanticKernel.Steering.LlamaCpp.Chat.Templates;

/// <summary>
/// Turns a rendered prompt into tokens. Special tokens come from template text alone; the text between them is tokenised in
/// one piece, content and template together, so that harmless prompts get the tokens of the whole string. Thread-safe.
/// </summary>
internal sealed class PromptEncoder
{
    private readonly LlamaVocabulary _vocabulary;
    private readonly SpecialTokens _specials;
    private readonly RunEncoder _runs;

    internal PromptEncoder(LlamaVocabulary vocabulary, IReadOnlyCollection<string> templateTexts)
    {
        _vocabulary = vocabulary;
        _specials = new SpecialTokens(vocabulary, templateTexts);
        _runs = new RunEncoder(vocabulary, _specials);
    }

    /// <exception cref="ChatTemplateException">A message cannot be encoded safely.</exception>
    internal EncodedPrompt Encode(PromptText prompt)
    {
        var output = new PromptBuilder(prompt, _vocabulary);
        var specials = FindSpecials(prompt);
        if (_vocabulary.AddsBos && !(specials is [{ Start: 0, Value: var first }, ..] && first == _vocabulary.Bos))
        {
            output.AddBos(_vocabulary.Bos);
        }

        var start = 0;
        foreach (var special in specials)
        {
            AddRun(output, prompt, start, Strips(special, LlamaTokenAttributes.StripLeft) ? WhiteSpace.SkipBack(prompt.Text, start, special.Start) : special.Start);
            output.AddSpecial(special);
            start = Strips(special, LlamaTokenAttributes.StripRight) ? WhiteSpace.SkipForward(prompt.Text, special.End) : special.End;
        }

        AddRun(output, prompt, start, prompt.Text.Length);
        return output.Build();
    }

    private List<TextMatch> FindSpecials(PromptText prompt)
    {
        var specials = new List<TextMatch>();
        for (int start = 0, end; start < prompt.Text.Length; start = end)
        {
            var isTemplate = prompt.Owners[start] == TemplatePiece.NoTurn;
            var length = prompt.Owners.AsSpan(start).IndexOfAnyExcept(prompt.Owners[start]);
            end = length < 0 ? prompt.Text.Length : start + length;
            if (isTemplate)
            {
                var offset = start;
                specials.AddRange(_specials.FindInTemplate(prompt.Text[start..end]).Select(match => match with { Start = match.Start + offset }));
            }
        }

        return specials;
    }

    private void AddRun(PromptBuilder output, PromptText prompt, int start, int end)
    {
        if (start < end)
        {
            var run = TextRun.Of(prompt, start, end);
            var tokens = _runs.Encode(ref run);
            output.AddRun(run, tokens);
        }
    }

    private bool Strips(TextMatch special, LlamaTokenAttributes side) => _vocabulary.AttributesOf(special.Value).HasFlag(side);
}
