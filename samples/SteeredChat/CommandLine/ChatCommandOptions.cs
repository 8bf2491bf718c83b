using System.CommandLine;
using SemanticKernel.Steering;

namespace SteeredChat;

/// <summary>The options of the command line, and how they are read.</summary>
internal sealed class ChatCommandOptions
{
    private readonly Option<string> _model = new("--model") { Description = "A model of your own, a GGUF file. Without it: TinyChat.", HelpName = "file.gguf" };
    private readonly Option<string> _config = new("--config") { Description = "Policies of your own, in the section SteeredLlama of a JSON file. Without it: appsettings.json, for TinyChat's own concepts.", HelpName = "file.json" };
    private readonly Option<string> _policy = new("--policy") { Description = "The policy answers are under. Without it: the file's default.", HelpName = "name" };
    private readonly Option<string> _template = new("--template") { Description = "One of llama.cpp's chat templates, in place of the model's own.", HelpName = "name" };
    private readonly Option<int?> _context = new("--context") { Description = "Tokens one conversation may hold.", HelpName = "tokens" };
    private readonly Option<int?> _threads = new("--threads") { Description = "Processor threads. Without it: one per core, and one for TinyChat.", HelpName = "n" };
    private readonly Option<int> _gpuLayers = new("--gpu-layers") { Description = "Layers to run on a GPU, -1 for all.", HelpName = "n" };
    private readonly Option<string[]> _map = new("--map") { Description = "A map set to steer with: file, or concept=file. Repeatable.", HelpName = "file" };
    private readonly Option<string> _concept = new("--concept") { Description = "Fit a concept of your own from --source and --target.", HelpName = "name" };
    private readonly Option<string> _source = new("--source") { Description = "Texts to steer away from: .jsonl with dialogues, or .txt with one text per line.", HelpName = "file" };
    private readonly Option<string> _target = new("--target") { Description = "Texts to steer towards.", HelpName = "file" };
    private readonly Option<string> _saveMap = new("--save-map") { Description = "Keep the maps of --concept in this file.", HelpName = "file" };
    private readonly Option<string[]> _steer = new("--steer") { Description = "concept=strength, or concept for its recommended strength. Repeatable.", HelpName = "concept" };
    private readonly Option<string[]> _ask = new("--ask") { Description = "Answer this question and end. Repeatable; every question is a conversation of its own.", HelpName = "question" };
    private readonly Option<string> _askFile = new("--ask-file") { Description = "Answer every line of this file and end.", HelpName = "file" };
    private readonly Option<bool> _json = new("--json") { Description = "Write one JSON object per answer." };
    private readonly Option<int?> _seed = new("--seed") { Description = "Seed of the first answer, counted up for the next. Without it: 1 with --ask, random in chats.", HelpName = "n" };
    private readonly Option<float?> _temperature = new("--temperature") { Description = "0 for the likeliest token always. Without it: 0.8.", HelpName = "t" };
    private readonly Option<int?> _topK = new("--top-k") { Description = "Choose among this many tokens. Without it: all with --ask, 40 in chats.", HelpName = "n" };
    private readonly Option<float?> _topP = new("--top-p") { Description = "Choose among the tokens of this total probability. Without it: 1 with --ask, 0.95 in chats.", HelpName = "p" };
    private readonly Option<float?> _minP = new("--min-p") { Description = "Smallest probability, relative to the likeliest token. Without it: 0 with --ask, 0.05 in chats.", HelpName = "p" };
    private readonly Option<int?> _maxTokens = new("--max-tokens") { Description = "Most tokens of an answer. Without it: what the context has room for.", HelpName = "n" };
    private readonly Option<bool> _verbose = new("--verbose") { Description = "Show errors with all details." };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[
            _ask, _askFile, _json, _steer, _policy, _config, _map, _concept, _source, _target, _saveMap,
            _model, _template, _context, _threads, _gpuLayers,
            _seed, _temperature, _topK, _topP, _minP, _maxTokens, _verbose])
        {
            command.Add(option);
        }
    }

    public bool IsVerbose(ParseResult result) => result.GetValue(_verbose);

    /// <exception cref="UserErrorException">Options contradict each other or have impossible values.</exception>
    public ChatArguments Read(ParseResult result)
    {
        var arguments = new ChatArguments
        {
            ModelPath = result.GetValue(_model),
            ConfigPath = result.GetValue(_config),
            Policy = result.GetValue(_policy),
            ChatTemplate = result.GetValue(_template),
            ContextSize = result.GetValue(_context),
            Threads = result.GetValue(_threads),
            GpuLayers = result.GetValue(_gpuLayers),
            Maps = result.GetValue(_map) ?? [],
            OwnConcept = ReadOwnConcept(result),
            Steer = [.. (result.GetValue(_steer) ?? []).Select(WantedStrength.Parse)],
            Ask = result.GetValue(_ask) ?? [],
            AskFile = result.GetValue(_askFile),
            Json = result.GetValue(_json),
            Verbose = result.GetValue(_verbose),
        };
        Require(!arguments.Json || !arguments.IsInteractive, "--json needs --ask or --ask-file.");
        foreach (var group in arguments.Steer.GroupBy(wanted => wanted.Concept))
        {
            Require(group.Count() == 1, $"--steer names '{group.Key}' twice.");
        }

        return arguments with { Sampling = ReadSampling(result, arguments.IsInteractive) };
    }

    private OwnConcept? ReadOwnConcept(ParseResult result)
    {
        var (name, source, target, saveTo) = (result.GetValue(_concept), result.GetValue(_source), result.GetValue(_target), result.GetValue(_saveMap));
        if (name is null)
        {
            Require(source is null && target is null && saveTo is null, "--source, --target and --save-map need --concept.");
            return null;
        }

        Require(ConceptName.IsValid(name), $"'{name}' is no concept name: use up to 64 of a-z, 0-9, '.', '_' and '-'.");
        return source is not null && target is not null
            ? new OwnConcept(name, source, target, saveTo)
            : throw new UserErrorException("--concept needs both --source and --target.");
    }

    private Sampling ReadSampling(ParseResult result, bool isInteractive) => new()
    {
        Seed = result.GetValue(_seed) ?? (isInteractive ? null : 1),
        Temperature = result.GetValue(_temperature),
        TopK = result.GetValue(_topK) ?? (isInteractive ? null : 0),
        TopP = result.GetValue(_topP) ?? (isInteractive ? null : 1),
        MinP = result.GetValue(_minP) ?? (isInteractive ? null : 0),
        MaxTokens = result.GetValue(_maxTokens),
    };

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new UserErrorException(message);
        }
    }
}
