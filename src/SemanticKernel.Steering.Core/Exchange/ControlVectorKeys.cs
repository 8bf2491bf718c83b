namespace SemanticKernel.Steering;

/// <summary>The words of control vector files.</summary>
internal static class ControlVectorKeys
{
    /// <summary>The <c>ggml_type</c> of 32-bit floats, the only one that control vectors have.</summary>
    public const uint F32 = 0;

    public const string DirectionPrefix = "direction.";
    public const string Architecture = "general.architecture";
    public const string ControlVector = "controlvector";
    public const string SteeringVector = "steeringvector";
    public const string ModelHint = "controlvector.model_hint";
    public const string LayerCount = "controlvector.layer_count";
    public const string Method = "controlvector.method";

    public const string OwnConcept = "steering.concept";
    public const string OwnModelBase = "steering.model.base";

    public const string GlpPrefix = "glp.";
    public const string OldGlpPrefix = "dspark.";
    public const string GlpMode = "mode";
    public const string GlpVersion = "spec_version";
    public const string GlpRank = "rank";
    public const string GlpHookPoint = "hook_point";
    public const string GlpDerivedAt = "derived_at";
    public const string GlpStrength = "alpha_default";
    public const string GlpProject = "project";
    public const string GlpAdd = "add";
    public const string GlpBlockOutput = "residual_stream_post_layer";
}
