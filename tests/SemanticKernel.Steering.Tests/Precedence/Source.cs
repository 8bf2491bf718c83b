namespace SemanticKernel.Steering.Tests.Precedence;

/// <summary>Who may ask, weakest first, as in docs/policies.md.</summary>
public enum Source
{
    TypedSettings,
    LooseSettings,
    Options,
    KernelRequest,
    KernelConcepts,
    Attribute,
    FilterAround,
    FilterOfTheCall,
    UseSteering,
}
