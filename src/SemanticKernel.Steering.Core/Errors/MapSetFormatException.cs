namespace SemanticKernel.Steering;

/// <summary>A map set file is damaged, incomplete, of an unknown version, or not a map set at all.</summary>
public sealed class MapSetFormatException : SteeringException
{
    /// <summary>Creates an error.</summary>
    /// <param name="message">What is wrong; starts with the path of the file where there is one.</param>
    /// <param name="innerException">What caused it, if anything.</param>
    public MapSetFormatException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
