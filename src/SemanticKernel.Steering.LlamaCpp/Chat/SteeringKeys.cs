namespace SemanticKernel.Steering;

/// <summary>Names under which steering travels in <c>ChatOptions.AdditionalProperties</c>, kernel data and response metadata.</summary>
public static class SteeringKeys
{
    /// <summary>A <see cref="SteeringRequest"/>: what a call asks for. Goes before <see cref="Concepts"/>.</summary>
    public const string Request = "steering.request";

    /// <summary>Strengths by concept name, as a dictionary or a JSON object: what settings from a file carry.</summary>
    public const string Concepts = "concepts";

    /// <summary>The name a policy would have among loose settings. It is refused there: policies are chosen in code only.</summary>
    public const string Policy = "policy";

    /// <summary><see langword="true"/> asks for <see cref="SteeringReport.Shifts"/>. Costs time on every hooked row.</summary>
    public const string Measure = "steering.measure";

    /// <summary>A <see cref="SteeringHandle"/> that changes the strengths of the answer while it runs.</summary>
    public const string Handle = "steering.handle";

    /// <summary>
    /// The fingerprint of the plan a call will run under, as <c>UseSteering</c> writes it into the options, so that the key of a
    /// response cache below sees it. A call that arrives under another plan is refused.
    /// </summary>
    public const string Fingerprint = "steering.fingerprint";

    /// <summary>
    /// A text that says whose prompts may share cached computation. Requests of different scopes never do, so that no tenant
    /// learns another's prompts from how fast an answer comes. Without it a request shares with others that have none. In kernel
    /// data it goes before what settings say, which may come from a prompt file.
    /// </summary>
    public const string CacheScope = "steering.cache_scope";

    /// <summary>On responses: the <see cref="SteeringReport"/> of what was in force.</summary>
    public const string Report = "steering.report";

    /// <summary>Every name above that may stand among the options of a call.</summary>
    internal static IReadOnlyList<string> All { get; } = [Request, Concepts, Measure, Handle, Fingerprint, CacheScope];

    /// <summary>The smallest share of the most likely token's probability a token needs, from 0 (off) to 1.</summary>
    public const string MinP = "min_p";

    /// <summary>What the logits of recent answer tokens are divided by; 1 is off.</summary>
    public const string RepeatPenalty = "repeat_penalty";
}
