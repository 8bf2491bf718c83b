using System.Globalization;
using SemanticKernel.Steering;
using SemanticKernel.Steering.LlamaCpp;

namespace SteeredChat;

/// <summary>What there is to know about the model, its concepts and the conversation.</summary>
internal static class InfoView
{
    public static void Show(Screen screen, SteeredModel model, Strengths strengths, Conversation conversation)
    {
        var engine = model.Engine;
        var native = engine.Model.NativeLibrary;
        var rows = new List<(string Name, string Value)>
        {
            ("model", $"{engine.Model.Name} ({Banner.Describe(engine.Model)}, width {engine.Model.Width})"),
            ("file", engine.Model.Path),
            ("llama.cpp", $"{native.Version} from {native.Path}"),
            ("devices", string.Join("; ", native.Devices)),
            ("hook points", Describe(engine.Model.HookPoints)),
        };
        var report = model.ReportFor(strengths.Values);
        rows.Add(("policy", report.Policy ?? "none"));
        rows.AddRange(engine.Concepts.Select(concept => ("concept", Describe(concept, report))));
        rows.Add(("context", $"{conversation.Tokens} of {engine.ContextSize} tokens in {conversation.Turns} {(conversation.Turns == 1 ? "turn" : "turns")}"));
        rows.Add(("fingerprint", report.Fingerprint));
        screen.Table(rows);
    }

    private static string Describe(ConceptInfo concept, SteeringReport report)
    {
        var strength = report.Concepts.GetValueOrDefault(concept.Name);
        var advice = concept.RecommendedStrength is { } recommended ? $" (recommended: {Number(recommended)})" : string.Empty;
        return $"{concept.Name}: {(strength == 0 ? "off" : Number(strength))}{advice}";
    }

    private static string Describe(IReadOnlyList<HookPointInfo> hooks)
    {
        var byPoint = hooks.GroupBy(hook => hook.Site.Hook).OrderBy(group => group.Key);
        return $"{hooks.Count}: {string.Join(", ", byPoint.Select(group => $"{group.Key.ToName()} in {group.Count()} layers"))}";
    }

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);
}
