using SemanticKernel.Steering.Conformance;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Runtime;

public sealed class DirectConformanceTests : RuntimeConformance
{
    protected override void Use(SteeredLlamaOptions options)
    {
        // What options mean unless they say otherwise.
    }
}
