using Microsoft.Extensions.Logging;
using SemanticKernel.Steering.LlamaCpp.Engine;
using SemanticKernel.Steering.LlamaCpp.Hooks;
using SemanticKernel.Steering.LlamaCpp.Interop;
using SemanticKernel.Steering.LlamaCpp.Interop.Handles;
using SemanticKernel.Steering.LlamaCpp.Models;
using SemanticKernel.Steering.LlamaCpp.Native;
using SemanticKernel.Steering.LlamaCpp.Runtime;

namespace SemanticKernel.Steering.LlamaCpp;

/// <summary>Weights in memory and what is known about them. Immutable and safe to share between threads.</summary>
/// <remarks>Engines that open the same file in the same way share one instance; the weights are freed with the last of them.</remarks>
public sealed unsafe class LlamaModel
{
    private LlamaModel(ModelSettings settings, LlamaLibrary library, LlamaModelHandle handle)
    {
        var model = handle.DangerousGetHandle();
        var width = LlamaNative.llama_model_n_embd(model);
        Path = settings.Path;
        Runtime = settings.Runtime;
        Library = library;
        Handle = handle;
        LayerCount = LlamaNative.llama_model_n_layer(model);
        TrainedContextSize = LlamaNative.llama_model_n_ctx_train(model);
        ParameterCount = (long)LlamaNative.llama_model_n_params(model);
        SizeInBytes = (long)LlamaNative.llama_model_size(model);
        KeepsRecurrentState = LlamaNative.llama_model_is_recurrent(model) || LlamaNative.llama_model_is_hybrid(model);
        SlidingWindow = LlamaNative.llama_model_n_swa(model);
        Vocabulary = new LlamaVocabulary(handle);
        ChatTemplate = LlamaNative.llama_model_chat_template(model, null) is var template && template is not null ? Utf8.Read(template) : null;
        Identity = ModelFingerprint.Read(settings.Path, width, LayerCount);
        Hooks = ModelProbe.FindHooks(this);
        HookPoints = Hooks.Hooks.Select(hook => new HookPointInfo(hook.Site, hook.Signature.ToString(), width)).ToArray();
    }

    /// <summary>Full path of the file.</summary>
    public string Path { get; }

    /// <summary>The name the file gives the model.</summary>
    public string Name => Identity.Name;

    /// <summary>The architecture, for example <c>llama</c>.</summary>
    public string Architecture => Identity.Architecture;

    /// <summary>What ties map sets to this model.</summary>
    public ModelIdentity Identity { get; }

    /// <summary>Width of the hidden state, in neurons.</summary>
    public int Width => Identity.Width;

    /// <summary>Number of blocks.</summary>
    public int LayerCount { get; }

    /// <summary>The context the model was trained for, in tokens.</summary>
    public int TrainedContextSize { get; }

    /// <summary>Number of tokens in the vocabulary.</summary>
    public int VocabularySize => Vocabulary.Count;

    /// <summary>Number of parameters.</summary>
    public long ParameterCount { get; }

    /// <summary>Size of all tensors, in bytes.</summary>
    public long SizeInBytes { get; }

    /// <summary>The chat template in the file (Jinja), or null.</summary>
    public string? ChatTemplate { get; }

    /// <summary>The places where this model's hidden states can be read and edited, in graph order.</summary>
    public IReadOnlyList<HookPointInfo> HookPoints { get; }

    /// <summary>The llama.cpp that runs the model.</summary>
    public NativeLibraryInfo NativeLibrary => Library.Info;

    /// <summary>Whether a sequence has a state that is not a list of tokens (Mamba, RWKV and hybrids).</summary>
    internal bool KeepsRecurrentState { get; }

    /// <summary>How many tokens back some layers see, the token itself included; 0 where all layers see all tokens.</summary>
    internal int SlidingWindow { get; }

    /// <summary>Who opened the weights and opens contexts on them.</summary>
    internal ILlamaRuntime Runtime { get; }

    internal LlamaLibrary Library { get; }

    internal LlamaModelHandle Handle { get; }

    internal LlamaVocabulary Vocabulary { get; }

    internal HookTable Hooks { get; }

    /// <summary>What keys and values of a token take in the cache, in bytes: an estimate, because layers may differ.</summary>
    internal long CacheBytesPerToken(KvCacheType type)
    {
        var model = Handle.DangerousGetHandle();
        var share = LlamaNative.llama_model_n_head_kv(model) / (double)Math.Max(1, LlamaNative.llama_model_n_head(model));
        return (long)(2 * Width * share * LayerCount * (type == KvCacheType.F32 ? sizeof(float) : sizeof(short)));
    }

    /// <summary>Opens the weights. Callers go through <see cref="ModelCache"/>.</summary>
    internal static LlamaModel Open(ModelSettings settings, ILogger logger, IProgress<float>? progress, CancellationToken cancellationToken)
    {
        if (!File.Exists(settings.Path))
        {
            throw new FileNotFoundException($"There is no model file '{settings.Path}'.", settings.Path);
        }

        // Damaged files are told apart here: llama.cpp only says that it could not load them, or ends the process.
        ModelFileCheck.Check(settings.Path);
        var library = settings.Runtime.LoadLibrary(settings, logger);
        var handle = settings.Runtime.OpenModel(settings, library, progress, cancellationToken);
        try
        {
            var model = handle.DangerousGetHandle();
            if (!LlamaNative.llama_model_has_decoder(model) || LlamaNative.llama_model_has_encoder(model) || LlamaNative.llama_model_is_diffusion(model))
            {
                throw new LlamaModelException($"'{settings.Path}' is no decoder-only language model; only those can be steered.");
            }

            return new LlamaModel(settings, library, handle);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }
}
