namespace SemanticKernel.Steering;

/// <summary>How one file of a control vector was understood.</summary>
/// <param name="Name">The path of the file.</param>
/// <param name="Writer">The program that wrote it, as far as it shows.</param>
/// <param name="Layers">Which block <c>direction.N</c> was taken to belong to.</param>
public sealed record ControlVectorSource(string Name, ControlVectorWriter Writer, LayerConvention Layers);
