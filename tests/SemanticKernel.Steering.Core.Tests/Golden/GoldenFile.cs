using System.Text.Json;

namespace SemanticKernel.Steering.Tests;

/// <summary>The reference values: computed independently in double precision, checked against the reference implementation.</summary>
internal static class GoldenFile
{
    public static readonly JsonElement Root = Load();

    public static IEnumerable<JsonElement> Cases => Root.GetProperty("cases").EnumerateArray();

    public static JsonElement Case(string name) => Cases.Single(entry => entry.GetProperty("name").GetString() == name);

    public static TheoryData<string> CaseNames => new(Cases.Select(entry => entry.GetProperty("name").GetString()!));

    public static float[] Floats(this JsonElement array) => array.EnumerateArray().Select(value => (float)value.GetDouble()).ToArray();

    public static double[] Doubles(this JsonElement array) => array.EnumerateArray().Select(value => value.GetDouble()).ToArray();

    public static double Number(this JsonElement entry, string name) => entry.GetProperty(name).GetDouble();

    public static double Tolerance(this JsonElement entry) => entry.Number("tolerance_rel_vs_reference");

    private static JsonElement Load()
    {
        using var stream = typeof(GoldenFile).Assembly.GetManifestResourceStream("act-golden.json")!;
        return JsonDocument.Parse(stream).RootElement;
    }
}
