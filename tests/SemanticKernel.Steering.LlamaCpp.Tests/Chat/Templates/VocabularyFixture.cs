using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using SemanticKernel.Steering.LlamaCpp.Chat.Templates;
using SemanticKernel.Steering.LlamaCpp.Interop;
using SemanticKernel.Steering.LlamaCpp.Interop.Handles;
using SemanticKernel.Steering.LlamaCpp.Models;
using SemanticKernel.Steering.LlamaCpp.Native;
using SemanticKernel.Steering.TestModels;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Chat.Templates;

/// <summary>Opens the vocabularies of the preset models and of TinyChat, each once.</summary>
public sealed class VocabularyFixture : IDisposable
{
    internal const string TinyChat = "TinyChat";
    internal const string BlankLineEndsTurn = "blank line ends turn";

    // As in RWKV World: the token of an empty line is the end of a turn.
    private static readonly RandomModelOptions BlankLineModel = new()
    {
        Vocabulary = TinyVocabulary.Bpe(new() { Bos = "<s>", Eos = "</s>", Eot = "\n\n", UserDefined = ["\n\n"] }, chatTemplate: "rwkv-world"),
    };

    private readonly ConcurrentDictionary<string, Lazy<(LlamaModelHandle Model, LlamaVocabulary Vocabulary, ChatTemplate Template)>> _models = new();

    public VocabularyFixture() => LlamaLibrary.Load(null, NullLogger.Instance);

    internal static string TinyChatPath => SemanticKernel.Steering.LlamaCpp.Tests.TinyChat.ModelPath;

    internal (LlamaVocabulary Vocabulary, ChatTemplate Template) Open(string name)
    {
        var (_, vocabulary, template) = _models.GetOrAdd(name, static key => new(() =>
        {
            var path = key switch
            {
                TinyChat => TinyChatPath,
                BlankLineEndsTurn => TestModelCache.Get(BlankLineModel),
                _ => TestModelCache.Get(TemplatePresets.Get(key)),
            };
            var (model, vocabulary, template) = Load(path);
            return (model, vocabulary, ChatTemplate.Create(vocabulary, template, overrideName: null));
        })).Value;
        return (vocabulary, template);
    }

    public void Dispose()
    {
        foreach (var model in _models.Values)
        {
            model.Value.Model.Dispose();
        }
    }

    private static unsafe (LlamaModelHandle Model, LlamaVocabulary Vocabulary, string? Template) Load(string path)
    {
        var model = new LlamaModelHandle(LlamaNative.llama_model_load_from_file(path, LlamaNative.llama_model_default_params()));
        Assert.False(model.IsInvalid, path);
        return (model, new LlamaVocabulary(model), Utf8.Read(LlamaNative.llama_model_chat_template(model.DangerousGetHandle(), null)));
    }
}
