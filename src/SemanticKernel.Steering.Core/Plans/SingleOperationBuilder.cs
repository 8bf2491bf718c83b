namespace SemanticKernel.Steering;

/// <summary>The operation of one map that does not combine with others.</summary>
internal sealed class SingleOperationBuilder(SiteMap map, double strength, SteeringScope scope) : IOperationBuilder
{
    public bool TryAppend(SiteMap map, double strength, SteeringScope scope) => false;

    public SteeringOperation? Build(Site site) => map.Compile(strength, scope, site);
}
