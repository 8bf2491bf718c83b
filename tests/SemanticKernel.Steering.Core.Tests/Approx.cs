namespace SemanticKernel.Steering.Tests;

/// <summary>Comparisons with a tolerance, relative for large values and absolute for small ones.</summary>
internal static class Approx
{
    public static void Equal(double expected, double actual, double tolerance = 1e-5, string? what = null) =>
        Assert.True(
            actual == expected || Math.Abs(actual - expected) <= tolerance * Math.Max(1, Math.Abs(expected)),
            $"{what ?? "Value"}: expected {expected:R}, got {actual:R}, tolerance {tolerance}.");

    public static void Equal(IReadOnlyList<float> expected, IReadOnlyList<float> actual, double tolerance = 1e-5)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (var i = 0; i < expected.Count; i++)
        {
            Equal(expected[i], actual[i], tolerance, $"Value {i}");
        }
    }

    /// <summary>Relative, with no more than rounding errors around zero.</summary>
    public static void Relative(double expected, double actual, double tolerance, string what) =>
        Assert.True(
            Math.Abs(actual - expected) <= Math.Max(tolerance * Math.Abs(expected), 1e-12),
            $"{what}: expected {expected:R}, got {actual:R}, relative tolerance {tolerance}.");
}
