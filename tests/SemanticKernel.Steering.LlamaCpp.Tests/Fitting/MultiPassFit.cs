using SemanticKernel.Steering.LlamaCpp.Engine;
using SemanticKernel.Steering.LlamaCpp.Fitting;
using SemanticKernel.Steering.LlamaCpp.Hooks;
using SemanticKernel.Steering.LlamaCpp.Interop.Handles;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Fitting;

/// <summary>
/// The causal fit as the reference does it: for every site all texts are computed again from the start, to the end of the
/// graph, with the maps of the sites before it applied row by row, pooled in plain loops.
/// </summary>
internal sealed class MultiPassFit(FitJob job, IReadOnlyList<Range> batches)
{
    private readonly TokenizedText[] _texts = job.Texts;
    private readonly Dictionary<Site, SiteMap> _maps = [];

    internal Dictionary<Site, SiteMap> Run()
    {
        foreach (var site in job.Sites)
        {
            var pooled = new float[_texts.Length][];
            foreach (var batch in batches)
            {
                Pass(site, batch, pooled);
            }

            _maps.Add(site, SiteMap.Fit(Samples(pooled[..job.Source.Texts.Length]), Samples(pooled[job.Source.Texts.Length..]), job.Options));
        }

        return _maps;
    }

    private void Pass(Site site, Range texts, float[][] pooled)
    {
        var rows = Enumerable.Range(texts.Start.Value, texts.End.Value - texts.Start.Value)
            .SelectMany(text => Enumerable.Range(0, _texts[text].Tokens.Length).Select(token => (Text: text, Token: token))).ToArray();
        var callback = new RowCallback(job.Model, (seen, values) =>
        {
            if (seen == site)
            {
                foreach (var own in rows.Index().Where(row => _texts[row.Item.Text].Selected[row.Item.Token]).GroupBy(row => row.Item.Text))
                {
                    pooled[own.Key] = [.. Enumerable.Range(0, job.Model.Width)
                        .Select(neuron => (float)own.Average(row => (double)values[(row.Index * job.Model.Width) + neuron]))];
                }
            }
            else if (_maps.TryGetValue(seen, out var map))
            {
                foreach (var (index, (text, token)) in rows.Index().Where(row => IsSteered(row.Item.Text, row.Item.Token)))
                {
                    map.Apply(values.AsSpan(index * job.Model.Width, job.Model.Width), 1);
                }
            }
        });
        Decode(callback, rows, texts);
    }

    private bool IsSteered(int text, int token) => (text < job.Source.Texts.Length || job.Options.CausalSides == CausalSides.Both) && (job.Options.Scope switch
    {
        SteeringScope.All => _texts[text].Kinds[token] != RowKind.Bos,
        SteeringScope.FromLastUserTurn => _texts[text].Kinds[token] is RowKind.LastUserTurn or RowKind.Generated,
        _ => _texts[text].Kinds[token] == RowKind.Generated,
    });

    private void Decode(RowCallback callback, (int Text, int Token)[] rows, Range texts)
    {
        using var pool = LlamaThreadPoolHandle.Create(1);
        using var batch = new TokenBatch(rows.Length);
        using var context = LlamaContext.Open(job.Model, callback, pool, new ContextSettings
        {
            ContextSize = rows.Length, BatchSize = rows.Length, MaxSequences = texts.End.Value - texts.Start.Value, MaxOutputs = rows.Length,
            KvCacheType = job.Settings.KvCacheType,
        });
        foreach (var (text, token) in rows)
        {
            batch.Add(_texts[text].Tokens[token], token, text - texts.Start.Value, output: true);
        }

        callback.BeginDecode(batch);
        Assert.Equal(DecodeStatus.Ok, context.Decode(batch));
        Assert.Null(callback.EndDecode(wasAborted: false));
    }

    private ActivationSamples Samples(float[][] rows) => new(rows.Length, job.Model.Width, rows.SelectMany(row => row).ToArray());

    private sealed class RowCallback : HookedCallback
    {
        private readonly Action<Site, float[]> _edit;

        internal RowCallback(LlamaModel model, Action<Site, float[]> edit)
            : base(model.Hooks, model.Library.Tensors, StateAccess.Auto)
        {
            _edit = edit;
            Activate([.. model.Hooks.Hooks.Select(_ => true)]);
        }

        protected override bool OnRows(int hook, Span<float> rows, int rowCount, bool outputRowsOnly)
        {
            var values = rows.ToArray();
            _edit(Table.Hooks[hook].Site, values);
            values.CopyTo(rows);
            return true;
        }
    }
}
