namespace SemanticKernel.Steering;

/// <summary>One operation in the making.</summary>
internal interface IOperationBuilder
{
    /// <summary>Adds the effect of a map after what is there, if one operation can hold both.</summary>
    bool TryAppend(SiteMap map, double strength, SteeringScope scope);

    /// <summary>Makes the operation; null if nothing is left to do.</summary>
    /// <exception cref="SteeringPolicyException">A value does not fit.</exception>
    SteeringOperation? Build(Site site);
}
