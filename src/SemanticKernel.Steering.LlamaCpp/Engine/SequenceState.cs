using SemanticKernel.Steering.LlamaCpp.Interop;
using SemanticKernel.Steering.LlamaCpp.Native;

namespace SemanticKernel.Steering.LlamaCpp.Engine;

/// <summary>Copies what a context holds of a sequence out and in (<c>llama_state_seq_get_data</c>, <c>llama_state_seq_set_data</c>).</summary>
internal static unsafe class SequenceState
{
    /// <exception cref="LlamaModelException">There is too much of it, or llama.cpp gives less than it announced.</exception>
    internal static byte[] Read(LlamaContext context, int sequence)
    {
        var size = LlamaNative.llama_state_seq_get_size(context.Pointer, sequence);
        if (size > (nuint)Array.MaxLength)
        {
            throw new LlamaModelException($"The conversation holds {size} bytes, more than the {Array.MaxLength} that can be saved.");
        }

        var values = GC.AllocateUninitializedArray<byte>((int)size);
        fixed (byte* data = values)
        {
            return size > 0 && LlamaNative.llama_state_seq_get_data(context.Pointer, data, size, sequence) == size
                ? values
                : throw new LlamaModelException("llama.cpp did not give the conversation out as a whole.");
        }
    }

    /// <summary>Puts values into an empty sequence. They must come from <see cref="Read"/>: llama.cpp is not made for hostile ones.</summary>
    /// <exception cref="ConversationStateException">llama.cpp refuses them; the sequence is empty.</exception>
    internal static void Write(LlamaContext context, int sequence, byte[] values)
    {
        NativeLog.BeginErrors();
        fixed (byte* data = values)
        {
            var taken = LlamaNative.llama_state_seq_set_data(context.Pointer, data, (nuint)values.Length, sequence);
            var errors = NativeLog.EndErrors();
            if (taken != (nuint)values.Length)
            {
                context.Remove(sequence);
                throw new ConversationStateException($"llama.cpp does not take the saved conversation. It says: {(errors.Length > 0 ? errors : "nothing")}");
            }
        }
    }
}
