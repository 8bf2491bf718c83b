using SemanticKernel.Steering.LlamaCpp.Engine;

namespace SemanticKernel.Steering.LlamaCpp.Fitting.Calibration;

/// <summary>Steers whole texts, as a chat in which the model had written the answers would be.</summary>
internal sealed class LossCallback(LlamaModel model, StateAccess access) : SteeredTextCallback(model, access)
{
    private readonly List<TextRow> _outputRows = [];
    private readonly List<(int Row, int Next)> _outputs = [];
    private SteeringOperation?[] _operations = [];

    /// <summary>The rows of the batch that are outputs, with the tokens that follow them.</summary>
    internal IReadOnlyList<(int Row, int Next)> Outputs => _outputs;

    /// <summary>Chooses what is done at each hook. Between decodes only.</summary>
    internal void Use(SteeringOperation?[] operations)
    {
        _operations = operations;
        LookFor(Enumerable.Range(0, operations.Length).Where(hook => operations[hook] is not null));
    }

    /// <summary>Empties the batch.</summary>
    internal void Begin(TokenBatch batch)
    {
        Clear(batch);
        _outputRows.Clear();
        _outputs.Clear();
    }

    /// <summary>Appends a token. Those before tokens of an answer are outputs: their logits say how likely the answer is.</summary>
    internal void Add(TokenBatch batch, TokenizedText text, int number, int token, int sequence)
    {
        var (tokens, kinds) = (text.Tokens, text.Kinds);
        var row = new TextRow(number, IsSelected: false, token == tokens.Length - 1, IsSteered: true, kinds[token]);
        var isOutput = token + 1 < tokens.Length && kinds[token + 1] == RowKind.Generated;
        var position = Add(batch, row, tokens[token], token, sequence, isOutput);
        if (isOutput)
        {
            _outputRows.Add(row);
            _outputs.Add((position, tokens[token + 1]));
        }
    }

    protected override int CountRows(bool outputRowsOnly) => outputRowsOnly ? _outputRows.Count : Rows.Count;

    protected override bool OnTextRows(int hook, Span<float> rows, bool outputRowsOnly) =>
        Steer(hook, _operations[hook]!, rows, outputRowsOnly ? _outputRows : Rows);
}
