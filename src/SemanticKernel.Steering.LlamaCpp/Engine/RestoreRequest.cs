using SemanticKernel.Steering.LlamaCpp.States;

namespace SemanticKernel.Steering.LlamaCpp.Engine;

/// <summary>A saved prefix that is to be kept like one the engine has computed.</summary>
internal sealed class RestoreRequest : EngineRequest
{
    internal required SavedPrefix Prefix { get; init; }

    internal override int Room => Prefix.Tokens.Length;
}
