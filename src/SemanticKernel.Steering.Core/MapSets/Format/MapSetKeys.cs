namespace SemanticKernel.Steering;

/// <summary>The words of the map set format, version 1.</summary>
internal static class MapSetKeys
{
    public const string FormatValue = "steering.map-set";
    public const string VersionValue = "1";
    public const string AffineValue = "affine";
    public const string AblationValue = "direction_ablation";
    public const string NormPreservingShiftValue = "norm_preserving_shift";

    public const string Format = "format";
    public const string Version = "format_version";
    public const string Concept = "concept";
    public const string OperationPrefix = "operation.";
    public const string Estimator = "estimator";
    public const string FitMode = "fit_mode";
    public const string FitOrder = "fit_order";
    public const string CausalSides = "causal_sides";
    public const string Pooling = "pooling";
    public const string Tokens = "tokens";
    public const string Shrinkage = "shrinkage";
    public const string HeldOutShare = "held_out_share";
    public const string Scope = "scope";
    public const string StrengthDefault = "strength_default";
    public const string Architecture = "model.architecture";
    public const string ModelName = "model.name";
    public const string Width = "model.width";
    public const string Layers = "model.layers";
    public const string BaseHash = "model.base";
    public const string WeightsHash = "model.weights";
    public const string ChatTemplate = "chat_template.sha256";
    public const string SourceCount = "source.count";
    public const string TargetCount = "target.count";
    public const string Data = "data.sha256";
    public const string Created = "created";
    public const string Tool = "tool";

    public const string Slope = "slope";
    public const string Intercept = "intercept";
    public const string SupportLow = "support_low";
    public const string SupportHigh = "support_high";
    public const string Direction = "direction";
    public const string Shift = "shift";
}
