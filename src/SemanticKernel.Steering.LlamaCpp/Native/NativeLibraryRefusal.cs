namespace SemanticKernel.Steering.LlamaCpp.Native;

/// <summary>Why a place was passed over in the search for llama.cpp.</summary>
/// <param name="Reason">The place and the reason, for messages.</param>
/// <param name="IsAbsence">Whether there simply is nothing: no surprise where there are several places to look.</param>
internal sealed record NativeLibraryRefusal(string Reason, bool IsAbsence = false);
