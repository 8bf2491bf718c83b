using System.Text.Json;

namespace SemanticKernel.Steering.Tests;

/// <summary>The two layers of the golden toy: h1 as given, h2 = relu(B h1 + d). Token rows run through it as texts run through a model.</summary>
internal sealed class ToyNetwork(JsonElement toy, CausalSides sides) : ICausalRun
{
    private readonly float[][] _weights = [.. toy.GetProperty("B").EnumerateArray().Select(row => row.Floats())];
    private readonly float[] _bias = toy.GetProperty("d").Floats();
    private readonly float[][][] _source = Texts(toy.GetProperty("source_tokens"));
    private readonly float[][][] _target = Texts(toy.GetProperty("target_tokens"));
    private int _layer;

    /// <summary>All stops so far.</summary>
    internal List<CausalStop> Stops { get; } = [];

    public CausalStop? RunToNextSite()
    {
        if (_layer == 2)
        {
            return null;
        }

        if (_layer == 1)
        {
            foreach (var text in _source.Concat(_target))
            {
                Array.ForEach(text, Forward);
            }
        }

        var stop = new CausalStop(new Site(_layer++, HookPoint.BlockOutput), new SiteSamples(Pool(_source), Pool(_target)), HeldOut: null);
        Stops.Add(stop);
        return stop;
    }

    public void Steer(SiteMap map)
    {
        foreach (var text in sides == CausalSides.Both ? _source.Concat(_target) : _source)
        {
            Array.ForEach(text, row => map.Apply(row, 1));
        }
    }

    internal void Forward(float[] row)
    {
        var output = _weights.Select((weights, i) => Math.Max(0, weights.Zip(row, (w, x) => w * x).Sum() + _bias[i])).ToArray();
        output.CopyTo(row, 0);
    }

    private static float[][][] Texts(JsonElement texts) =>
        [.. texts.EnumerateArray().Select(text => text.EnumerateArray().Select(row => row.Floats()).ToArray())];

    private static ActivationSamples Pool(float[][][] texts)
    {
        var width = texts[0][0].Length;
        var pooler = new RowPooler(width, Pooling.Mean);
        var rows = new float[texts.Length * width];
        for (var text = 0; text < texts.Length; text++)
        {
            Array.ForEach(texts[text], row => pooler.Add(row));
            pooler.Finish(rows.AsSpan(text * width, width));
        }

        return new ActivationSamples(texts.Length, width, rows);
    }
}
