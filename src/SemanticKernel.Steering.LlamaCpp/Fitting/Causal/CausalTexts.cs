namespace SemanticKernel.Steering.LlamaCpp.Fitting.Causal;

/// <summary>
/// All texts of a causal fit, what is pooled of them at the site where they stand, and the maps they have met. Contexts
/// write the rows of their own texts at the same time; everything else changes only while all of them wait.
/// </summary>
internal sealed class CausalTexts
{
    private readonly FitJob _job;
    private readonly float[] _rows;
    private readonly SteeringOperation?[] _operations;
    private readonly bool[] _isFitted;

    internal CausalTexts(FitJob job)
    {
        _job = job;
        _rows = new float[checked(job.Texts.Length * job.Model.Width)];
        _operations = new SteeringOperation?[job.Model.Hooks.Hooks.Count];
        _isFitted = new bool[_operations.Length];
    }

    internal TokenizedText this[int text] => _job.Texts[text];

    /// <summary>Where the pooled row of a text goes.</summary>
    internal Span<float> PooledRow(int text) => _rows.AsSpan(text * _job.Model.Width, _job.Model.Width);

    /// <summary>Whether the tokens of a text count for the source's sketch.</summary>
    internal bool IsSketched(int text) => _job.IsSketched(text);

    /// <summary>Whether a text is sent through maps.</summary>
    internal bool IsSteered(int text) => _job.Options.CausalSides == CausalSides.Both || _job.IsSource(text);

    internal bool IsFitted(int hook) => _isFitted[hook];

    /// <summary>The hooks that are fitted.</summary>
    internal IEnumerable<int> FittedHooks => Enumerable.Range(0, _isFitted.Length).Where(IsFitted);

    /// <summary>What is done at a hook; null before it is fitted, and for a map that does nothing.</summary>
    internal SteeringOperation? OperationAt(int hook) => _operations[hook];

    internal void Use(int hook, SiteMap map)
    {
        var site = _job.Model.Hooks.Hooks[hook].Site;
        _operations[hook] = map.Compile(1, _job.Options.Scope, site);
        _isFitted[hook] = true;
    }

    /// <summary>The site where all texts stand, and what is seen there.</summary>
    /// <exception cref="SteeringFitException">A hidden state is not finite.</exception>
    internal CausalStop StopAt(int hook, TokenSketch? sketch)
    {
        var site = _job.Model.Hooks.Hooks[hook].Site;
        var (fit, heldOut) = _job.SamplesOf(site, _rows, sketch);
        return new CausalStop(site, fit, heldOut);
    }
}
