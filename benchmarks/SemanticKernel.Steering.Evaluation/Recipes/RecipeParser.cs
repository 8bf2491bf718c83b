using System.Globalization;

namespace SemanticKernel.Steering.Evaluation.Recipes;

/// <summary>
/// Reads recipes with their strengths from text: <c>honesty estimator=mean tokens=answer sites=block_output:0-2 strength=0.5,1</c>.
/// What is not said keeps its default.
/// </summary>
internal static class RecipeParser
{
    /// <summary>The concepts that come with TinyChat.</summary>
    public static IReadOnlyList<string> Concepts { get; } = ["toxicity", "honesty", "elephant"];

    /// <summary>Reads one recipe.</summary>
    /// <exception cref="FormatException">The text is none.</exception>
    public static (Recipe Recipe, IReadOnlyList<double> Strengths) Parse(string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words.Length == 0 || !Concepts.Contains(words[0]))
        {
            throw new FormatException($"A recipe begins with one of {string.Join(", ", Concepts)}.");
        }

        var options = new FitOptions();
        IReadOnlyList<double> strengths = [1];
        var usesPairs = false;
        foreach (var word in words.Skip(1))
        {
            var (name, value) = word.Split('=', 2) is [var left, var right] ? (left, right) : throw new FormatException($"'{word}' is not of the form name=value.");
            if (name == "strength")
            {
                strengths = [.. value.Split(',').Select(Number)];
                continue;
            }

            if (name == "data")
            {
                usesPairs = value == "pairs" ? true : throw new FormatException($"'{value}' is unknown; the only other data are pairs.");
                continue;
            }

            options = name switch
            {
                "calibrate" => options with { Calibration = (options.Calibration ?? new CalibrationOptions()) with { Passes = Whole(value) } },
                "texts" => options with { Calibration = (options.Calibration ?? new CalibrationOptions()) with { MaxTexts = Whole(value) } },
                "order" => options with { Order = Choice<FitOrder>(value) },
                "sides" => options with { CausalSides = Choice<CausalSides>(value) },
                "norm" => options with { PreserveNorm = value == "keep" ? true : throw new FormatException($"'{value}' is unknown; norms can be kept only.") },
                "estimator" => options with { Estimator = Choice<TransportEstimator>(value) },
                "mode" => options with { Mode = Choice<FitMode>(value) },
                "pooling" => options with { Pooling = Choice<Pooling>(value) },
                "tokens" => options with { Tokens = Choice<TokenSelection>(value) },
                "scope" => options with { Scope = Choice<SteeringScope>(value) },
                "sites" => options with { Sites = Sites(value) },
                "support" => options with { Support = Support(value) },
                _ => throw new FormatException($"'{name}' is unknown; use estimator, mode, order, sides, norm, pooling, tokens, scope, sites, support, data, calibrate, texts or strength."),
            };
        }

        return (new Recipe(words[0], options) { UsesWordPairs = usesPairs }, strengths);
    }

    private static T Choice<T>(string value)
        where T : struct, Enum =>
        Enum.GetNames<T>().Contains(value, StringComparer.OrdinalIgnoreCase) && Enum.TryParse<T>(value, ignoreCase: true, out var choice)
            ? choice
            : throw new FormatException($"'{value}' is not one of {string.Join(", ", Enum.GetNames<T>())}.");

    private static int Whole(string value) => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw new FormatException($"'{value}' is no whole number.");

    private static double Number(string value) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : throw new FormatException($"'{value}' is no finite number.");

    // block_output, block_output:2, block_output:0-2, or several of the latter two joined by +
    private static SiteSelector Sites(string value) =>
        Site.TryParse($"blk.0.{value}", out var whole)
            ? SiteSelector.Of(whole.Hook)
            : SiteSelector.Of(value.Split('+').SelectMany(Range));

    private static IEnumerable<Site> Range(string value)
    {
        var (hook, layers) = value.Split(':') is [var left, var right] ? (left, right) : throw new FormatException($"'{value}' names no layers.");
        var bounds = layers.Split('-').Select(layer => int.Parse(layer, NumberStyles.None, CultureInfo.InvariantCulture)).ToArray();
        for (var layer = bounds[0]; layer <= bounds[^1]; layer++)
        {
            yield return Site.TryParse($"blk.{layer}.{hook}", out var site) ? site : throw new FormatException($"'{hook}' is no hook point.");
        }
    }

    // unbounded, quantiles:0-100 or tokens:1-99
    private static SupportRange Support(string value)
    {
        if (value == "unbounded")
        {
            return SupportRange.Unbounded;
        }

        var parts = value.Split(':', '-');
        return parts switch
        {
            ["quantiles", var low, var high] => SupportRange.Quantiles(Number(low), Number(high)),
            ["tokens", var low, var high] => SupportRange.TokenQuantiles(Number(low), Number(high)),
            _ => throw new FormatException($"'{value}' is no support; use unbounded, quantiles:LOW-HIGH or tokens:LOW-HIGH."),
        };
    }
}
