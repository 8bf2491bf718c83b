using SemanticKernel.Steering;

namespace SteeredChat;

/// <summary>An answer, what it took, and what was in force for it.</summary>
internal sealed record Reply(string Text, string FinishReason, int InputTokens, int OutputTokens, SteeringReport Steering)
{
    public int TotalTokens => InputTokens + OutputTokens;

    public bool WasCut => FinishReason == "length";
}
