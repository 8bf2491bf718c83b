using System.CommandLine;
using System.Globalization;

namespace SemanticKernel.Steering.Cli;

/// <summary><c>steer describe file</c>: what a map set file holds.</summary>
internal static class DescribeCommand
{
    internal static Command Create()
    {
        var file = new Argument<string>("file") { Description = "The map set file." };
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
        Write("file", $"{path} ({new FileInfo(path).Length:N0} bytes)");
        Write("concept", maps.Concept);
        Write("model", metadata.Model.ToString());
        Write("estimator", $"{metadata.Estimator}, {metadata.Mode}");
        Write("samples", $"{metadata.SourceCount} source, {metadata.TargetCount} target; {metadata.Pooling} over {metadata.Tokens}");
        Write("scope", metadata.Scope.ToString());
        Write("strength", metadata.RecommendedStrength?.ToString(CultureInfo.InvariantCulture) ?? "none recommended");
        Write("sha256", maps.ContentHash);
        foreach (var (site, map) in maps.Operations)
        {
            Write(site.ToString(), $"{map.Width} neurons{(map.IsUnbounded ? "" : ", bounded")}{(map.IsIdentity ? ", does nothing" : "")}");
        }
    }

    private static void Write(string name, string value) => Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-26} {value}"));
}
