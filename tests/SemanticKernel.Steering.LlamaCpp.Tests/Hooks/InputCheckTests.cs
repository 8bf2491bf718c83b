using SemanticKernel.Steering.LlamaCpp.Engine;
using SemanticKernel.Steering.LlamaCpp.Hooks;
using SemanticKernel.Steering.LlamaCpp.Interop.Handles;
using SemanticKernel.Steering.LlamaCpp.Models;
using SemanticKernel.Steering.TestModels;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Hooks;

public class InputCheckTests
{
    private const string Inputs = "tokens and positions";
    private const string RowCount = "rows";

    private static readonly Row[] Submitted = [new(65, 5, 0), new(40, 6, 0), new(77, 3, 1), new(65, 4, 1)];

    /// <summary>Why a batch is not the one that was submitted, the batch, and what the fault must speak of.</summary>
    private static readonly Dictionary<string, (Row[] Announced, string Fault)> Mismatches = new()
    {
        ["other token"] = ([Submitted[0], Submitted[1] with { Token = 41 }, Submitted[2], Submitted[3]], Inputs),
        ["other position"] = ([Submitted[0], Submitted[1], Submitted[2], Submitted[3] with { Position = 5 }], Inputs),

        // The rows of the outputs are numbered like this, and another input of the graph holds those numbers.
        ["positions that count rows"] = ([.. Submitted.Select((row, i) => row with { Position = i })], Inputs),
        ["tokens that count rows"] = ([.. Submitted.Select((row, i) => row with { Token = i })], Inputs),
        ["tokens equal to positions"] = ([.. Submitted.Select(row => row with { Token = row.Position })], Inputs),
        ["positions equal to tokens"] = ([.. Submitted.Select(row => row with { Position = row.Token })], Inputs),
        ["two rows in each other's place"] = ([Submitted[0], Submitted[2], Submitted[1], Submitted[3]], Inputs),
        ["sequences in each other's place"] = ([Submitted[2], Submitted[3], Submitted[0], Submitted[1]], Inputs),
        ["a row less"] = (Submitted[..^1], RowCount),
        ["a row more"] = ([.. Submitted, new(1, 5, 1)], RowCount),
    };

    public static TheoryData<ModelArchitecture, string> Cases
    {
        get
        {
            var data = new TheoryData<ModelArchitecture, string>();
            foreach (var mismatch in Mismatches.Keys)
            {
                data.Add(ModelArchitecture.Llama, mismatch);
                data.Add(ModelArchitecture.Gpt2, mismatch);
                data.Add(ModelArchitecture.Gemma2, mismatch);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void EndDecode_OtherRowsThanSubmitted_IsAFault(ModelArchitecture architecture, string mismatch)
    {
        var (announced, expected) = Mismatches[mismatch];

        var (status, fault) = Decode(architecture, announced);

        Assert.Equal(expected == RowCount ? DecodeStatus.Aborted : DecodeStatus.Ok, status);
        Assert.Contains(expected, Assert.IsType<SteeringException>(fault).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ModelArchitecture.Llama)]
    [InlineData(ModelArchitecture.Gpt2)]
    [InlineData(ModelArchitecture.Gemma2)]
    public void EndDecode_RowsAsSubmitted_IsFine(ModelArchitecture architecture)
    {
        var (status, fault) = Decode(architecture, Submitted);

        Assert.Equal(DecodeStatus.Ok, status);
        Assert.Null(fault);
    }

    /// <summary>Decodes what the tests submit, while the callback was told to expect something else.</summary>
    private static (DecodeStatus Status, Exception? Fault) Decode(ModelArchitecture architecture, Row[] announced)
    {
        using var lease = TestEngine.OpenModel(architecture);
        var callback = new RecordingCallback(lease.Model.Hooks, lease.Model.Library.Tensors);
        using var pool = LlamaThreadPoolHandle.Create(1);
        using var context = LlamaContext.Open(lease.Model, callback, pool, new ContextSettings { ContextSize = 256, BatchSize = 16, MaxSequences = 2, MaxOutputs = 16 });
        using var told = Batch(announced);
        using var submitted = Batch(Submitted);

        callback.BeginDecode(told);
        var status = context.Decode(submitted);
        return (status, callback.EndDecode(status == DecodeStatus.Aborted));
    }

    private static TokenBatch Batch(Row[] rows)
    {
        var batch = new TokenBatch(16);
        foreach (var row in rows)
        {
            batch.Add(row.Token, row.Position, row.Sequence, output: true);
        }

        return batch;
    }

    private readonly record struct Row(int Token, int Position, int Sequence);
}
