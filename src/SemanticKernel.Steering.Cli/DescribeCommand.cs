using System.CommandLine;
using System.Globalization;

namespace SemanticKernel.Steering.Cli;

/// <summary><c>steer describe file</c>: what a map set file holds.</summary>
internal static class DescribeCommand
{
    internal static Command Create()
    {
        var file = MapFiles.CreateInput();
        var command = new Command("describe", "Checks a map set file and says what it holds.") { file };
        command.SetAction(result => ErrorReport.Run(() =>
        {
            var path = result.GetRequiredValue(file);
            Write(MapSet.Load(path), path);
            return Task.CompletedTask;
        }));
        return command;
    }

    internal static void Write(MapSet maps, string path)
    {
        var metadata = maps.Metadata;
        var description = maps.Describe();
        Write("file", $"{path} ({new FileInfo(path).Length:N0} bytes)");
        Write("concept", description.Concept);
        Write("model", description.Model.ToString());
        Write("made by", metadata.Tool is { } tool ? Printable(tool) : "not stated");
        Write("estimator", description.Estimator is null ? "not stated" : $"{description.Estimator}, {metadata.Mode}");
        Write("samples", metadata.SourceCount is null ? "not stated" : $"{metadata.SourceCount} source, {metadata.TargetCount} target; {metadata.Pooling} over {metadata.Tokens}");
        Write("scope", metadata.Scope.ToString());
        Write("strength", metadata.RecommendedStrength?.ToString(CultureInfo.InvariantCulture) ?? "none recommended");
        Write("sha256", maps.ContentHash);
        Write("all sites", Figures(description.MeanAbsoluteIntercept, description.Slopes, description.NearIdentityShare));
        foreach (var site in description.Sites)
        {
            Write(site.Site.ToString(), $"{site.Operation}, {site.Width} neurons{(site.IsBounded ? ", bounded" : "")}{(site.IsIdentity ? ", does nothing" : "")}; "
                + Figures(site.MeanAbsoluteIntercept, site.Slopes, site.NearIdentityShare));
        }
    }

    private static string Figures(double? intercept, SlopeQuantiles? slopes, double? nearIdentity)
    {
        string?[] figures =
        [
            intercept is null ? null : Invariant($"mean |β| {intercept:G4}"),
            slopes is null ? null : Invariant($"ω {slopes.Minimum:G4} | 5 % {slopes.Percent5:G4} | median {slopes.Median:G4} | 95 % {slopes.Percent95:G4} | {slopes.Maximum:G4}"),
            nearIdentity is null ? null : Invariant($"{100 * nearIdentity:F1} % of neurons nearly left alone"),
        ];
        return figures.OfType<string>().DefaultIfEmpty("no figures per neuron").Aggregate((all, next) => $"{all}; {next}");
    }

    /// <summary>A file can hold anything, and a terminal obeys control characters.</summary>
    private static string Printable(string text) => string.Concat(text.Select(character => char.IsControl(character) ? '?' : character));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static void Write(string name, string value) => Console.Out.WriteLine(Invariant($"{name,-26} {value}"));
}
