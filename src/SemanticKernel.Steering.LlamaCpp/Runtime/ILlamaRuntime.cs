using Microsoft.Extensions.Logging;
using SemanticKernel.Steering.LlamaCpp.Engine;
using SemanticKernel.Steering.LlamaCpp.Hooks;
using SemanticKernel.Steering.LlamaCpp.Interop.Handles;
using SemanticKernel.Steering.LlamaCpp.Models;
using SemanticKernel.Steering.LlamaCpp.Native;

namespace SemanticKernel.Steering.LlamaCpp.Runtime;

/// <summary>
/// Who loads llama.cpp, opens models and contexts and runs decodes: this library itself (<see cref="DirectRuntime"/>), or
/// another binding of the process, whose parameter structs, weights and locks are then used. All other functions of
/// llama.cpp are called on the modules <see cref="LoadLibrary"/> binds to, whoever loaded them.
/// </summary>
/// <remarks>Thread-safe. Equal runtimes open equal models where the other settings are equal, so that engines share them.</remarks>
internal interface ILlamaRuntime
{
    /// <summary>Whether decodes of different contexts wait for each other to end: contexts can then neither compute side by side nor wait for each other midway.</summary>
    bool DecodesTakeTurns { get; }

    /// <summary>Binds this library's imports to the llama.cpp that models are opened with.</summary>
    /// <exception cref="NativeLibraryException">There is none that can be used, or the process is bound to another one.</exception>
    LlamaLibrary LoadLibrary(ModelSettings settings, ILogger logger);

    /// <summary>Opens weights, or takes hold of open ones. Disposing the handle ends what was opened or taken here, and nothing else.</summary>
    /// <exception cref="LlamaModelException">The weights cannot be opened, or not as asked.</exception>
    /// <exception cref="OperationCanceledException">Loading was cancelled.</exception>
    LlamaModelHandle OpenModel(ModelSettings settings, LlamaLibrary library, IProgress<float>? progress, CancellationToken cancellationToken);

    /// <summary>Opens a context that calls <see cref="GraphCallback.EvalFunction"/> and <see cref="GraphCallback.AbortFunction"/>.</summary>
    /// <param name="model">The model, opened by an equal runtime.</param>
    /// <param name="settings">How to open it.</param>
    /// <param name="callback">The data of both functions.</param>
    /// <exception cref="LlamaModelException">llama.cpp refuses the settings or has not enough memory.</exception>
    LlamaContextHandle OpenContext(LlamaModel model, ContextSettings settings, nint callback);
}
