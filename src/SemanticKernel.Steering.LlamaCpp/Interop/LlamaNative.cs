using System.Runtime.InteropServices;

namespace SemanticKernel.Steering.LlamaCpp.Interop;

/// <summary>The functions of libllama this library calls, named as in llama.h. <see cref="Native.LlamaLibrary"/> checks at load that all of them exist. Another one: <see cref="Native.PenaltyFunction"/>.</summary>
internal static unsafe partial class LlamaNative
{
    internal const string Library = "llama";

    [LibraryImport(Library)] internal static partial void llama_backend_init();
    [LibraryImport(Library)] internal static partial byte* llama_print_system_info();
    [LibraryImport(Library)] internal static partial NativeBool llama_supports_gpu_offload();
    [LibraryImport(Library)] internal static partial void llama_log_get(delegate* unmanaged[Cdecl]<int, byte*, void*, void>* callback, void** userData);
    [LibraryImport(Library)] internal static partial void llama_log_set(delegate* unmanaged[Cdecl]<int, byte*, void*, void> callback, void* userData);

    [LibraryImport(Library)] internal static partial ParamsBuffer llama_model_default_params();
    [LibraryImport(Library)] internal static partial ParamsBuffer llama_context_default_params();
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] internal static partial nint llama_model_load_from_file(string path, ParamsBuffer parameters);
    [LibraryImport(Library)] internal static partial void llama_model_free(nint model);
    [LibraryImport(Library)] internal static partial nint llama_init_from_model(nint model, ParamsBuffer parameters);
    [LibraryImport(Library)] internal static partial void llama_free(nint context);

    [LibraryImport(Library)] internal static partial nint llama_model_get_vocab(nint model);
    [LibraryImport(Library)] internal static partial int llama_model_n_ctx_train(nint model);
    [LibraryImport(Library)] internal static partial int llama_model_n_embd(nint model);
    [LibraryImport(Library)] internal static partial int llama_model_n_layer(nint model);
    [LibraryImport(Library)] internal static partial int llama_model_n_head(nint model);
    [LibraryImport(Library)] internal static partial int llama_model_n_head_kv(nint model);
    [LibraryImport(Library)] internal static partial int llama_model_n_swa(nint model);
    [LibraryImport(Library)] internal static partial ulong llama_model_size(nint model);
    [LibraryImport(Library)] internal static partial ulong llama_model_n_params(nint model);
    [LibraryImport(Library)] internal static partial NativeBool llama_model_has_encoder(nint model);
    [LibraryImport(Library)] internal static partial NativeBool llama_model_has_decoder(nint model);
    [LibraryImport(Library)] internal static partial NativeBool llama_model_is_diffusion(nint model);
    [LibraryImport(Library)] internal static partial NativeBool llama_model_is_recurrent(nint model);
    [LibraryImport(Library)] internal static partial NativeBool llama_model_is_hybrid(nint model);
    [LibraryImport(Library)] internal static partial int llama_model_desc(nint model, byte* buffer, nuint size);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] internal static partial int llama_model_meta_val_str(nint model, string key, byte* buffer, nuint size);
    [LibraryImport(Library)] internal static partial byte* llama_model_chat_template(nint model, byte* name);

    [LibraryImport(Library)] internal static partial uint llama_n_ctx(nint context);
    [LibraryImport(Library)] internal static partial uint llama_n_batch(nint context);
    [LibraryImport(Library)] internal static partial uint llama_n_ubatch(nint context);
    [LibraryImport(Library)] internal static partial nint llama_get_memory(nint context);
    [LibraryImport(Library)] internal static partial void llama_memory_clear(nint memory, NativeBool data);
    [LibraryImport(Library)] internal static partial NativeBool llama_memory_seq_rm(nint memory, int sequence, int start, int end);
    [LibraryImport(Library)] internal static partial void llama_memory_seq_cp(nint memory, int source, int destination, int start, int end);
    [LibraryImport(Library)] internal static partial int llama_memory_seq_pos_min(nint memory, int sequence);
    [LibraryImport(Library)] internal static partial nuint llama_state_seq_get_size(nint context, int sequence);
    [LibraryImport(Library)] internal static partial nuint llama_state_seq_get_data(nint context, byte* data, nuint size, int sequence);
    [LibraryImport(Library)] internal static partial nuint llama_state_seq_set_data(nint context, byte* data, nuint size, int sequence);
    [LibraryImport(Library)] internal static partial void llama_set_abort_callback(nint context, delegate* unmanaged[Cdecl]<void*, byte> callback, void* data);
    [LibraryImport(Library)] internal static partial void llama_attach_threadpool(nint context, nint threadpool, nint threadpoolBatch);
    [LibraryImport(Library)] internal static partial void llama_detach_threadpool(nint context);
    [LibraryImport(Library)] internal static partial int llama_decode(nint context, LlamaBatch batch);
    [LibraryImport(Library)] internal static partial float* llama_get_logits_ith(nint context, int index);

    [LibraryImport(Library)] internal static partial int llama_vocab_type(nint vocab);
    [LibraryImport(Library)] internal static partial int llama_vocab_n_tokens(nint vocab);
    [LibraryImport(Library)] internal static partial byte* llama_vocab_get_text(nint vocab, int token);
    [LibraryImport(Library)] internal static partial float llama_vocab_get_score(nint vocab, int token);
    [LibraryImport(Library)] internal static partial int llama_vocab_get_attr(nint vocab, int token);
    [LibraryImport(Library)] internal static partial NativeBool llama_vocab_is_eog(nint vocab, int token);
    [LibraryImport(Library)] internal static partial int llama_vocab_bos(nint vocab);
    [LibraryImport(Library)] internal static partial int llama_vocab_eos(nint vocab);
    [LibraryImport(Library)] internal static partial NativeBool llama_vocab_get_add_bos(nint vocab);
    [LibraryImport(Library)] internal static partial int llama_tokenize(nint vocab, byte* text, int length, int* tokens, int capacity, NativeBool addSpecial, NativeBool parseSpecial);
    [LibraryImport(Library)] internal static partial int llama_token_to_piece(nint vocab, int token, byte* buffer, int length, int lstrip, NativeBool special);

    [LibraryImport(Library)] internal static partial int llama_chat_apply_template(byte* template, LlamaChatMessage* messages, nuint count, NativeBool addAssistant, byte* buffer, int length);
    [LibraryImport(Library)] internal static partial int llama_chat_builtin_templates(byte** output, nuint length);

    [LibraryImport(Library)] internal static partial LlamaSamplerChainParams llama_sampler_chain_default_params();
    [LibraryImport(Library)] internal static partial nint llama_sampler_chain_init(LlamaSamplerChainParams parameters);
    [LibraryImport(Library)] internal static partial void llama_sampler_chain_add(nint chain, nint sampler);
    [LibraryImport(Library)] internal static partial nint llama_sampler_init_greedy();
    [LibraryImport(Library)] internal static partial nint llama_sampler_init_dist(uint seed);
    [LibraryImport(Library)] internal static partial nint llama_sampler_init_top_k(int k);
    [LibraryImport(Library)] internal static partial nint llama_sampler_init_top_p(float p, nuint minKeep);
    [LibraryImport(Library)] internal static partial nint llama_sampler_init_min_p(float p, nuint minKeep);
    [LibraryImport(Library)] internal static partial nint llama_sampler_init_temp(float temperature);
    [LibraryImport(Library)] internal static partial void llama_sampler_accept(nint sampler, int token);
    [LibraryImport(Library)] internal static partial void llama_sampler_apply(nint sampler, LlamaTokenDataArray* candidates);
    [LibraryImport(Library)] internal static partial int llama_sampler_sample(nint sampler, nint context, int index);
    [LibraryImport(Library)] internal static partial void llama_sampler_free(nint sampler);
}
