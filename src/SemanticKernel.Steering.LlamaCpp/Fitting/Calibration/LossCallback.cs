using SemanticKernel.Steering.LlamaCpp.Engine;

namespace SemanticKernel.Steering.LlamaCpp.Fitting.Calibration;

/// <summary>Steers whole texts, as a chat in which the model had written the answers would be.</summary>
internal sealed class LossCallback(LlamaModel model, StateAccess access) : SteeredTextCallback(model, access)
{
    private readonly List<TextRow> _outputRows = [];
    private SteeringOperation?[] _operations = [];

    /// <summary>Chooses what is done at each hook. Between decodes only.</summary>
    internal void Use(SteeringOperation?[] operations)
    {
        _operations = operations;
        LookFor(Enumerable.Range(0, operations.Length).Where(hook => operations[hook] is not null));
    }

    /// <summary>Puts texts into a batch. The tokens before those of an answer are outputs: their logits say how likely the answer is.</summary>
    /// <returns>The rows that are outputs, with the tokens that follow them.</returns>
    internal List<(int Row, int Next)> Fill(TokenBatch batch, TokenizedText[] texts, Range range)
    {
        Clear(batch);
        _outputRows.Clear();
        var outputs = new List<(int, int)>();
        for (var text = range.Start.Value; text < range.End.Value; text++)
        {
            var (tokens, kinds) = (texts[text].Tokens, texts[text].Kinds);
            for (var i = 0; i < tokens.Length; i++)
            {
                var row = new TextRow(text, IsSelected: false, i == tokens.Length - 1, IsSteered: true, kinds[i]);
                var isOutput = i + 1 < tokens.Length && kinds[i + 1] == RowKind.Generated;
                var number = Add(batch, row, tokens[i], i, text - range.Start.Value, isOutput);
                if (isOutput)
                {
                    _outputRows.Add(row);
                    outputs.Add((number, tokens[i + 1]));
                }
            }
        }

        return outputs;
    }

    protected override int CountRows(bool outputRowsOnly) => outputRowsOnly ? _outputRows.Count : Rows.Count;

    protected override bool OnTextRows(int hook, Span<float> rows, bool outputRowsOnly) =>
        Steer(hook, _operations[hook]!, rows, outputRowsOnly ? _outputRows : Rows);
}
