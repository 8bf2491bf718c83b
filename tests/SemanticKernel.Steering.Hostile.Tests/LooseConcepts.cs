using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace SemanticKernel.Steering.Hostile.Tests;

/// <summary>Values of all kinds of types that mean, or might be taken to mean, less than the floor.</summary>
internal static class LooseConcepts
{
    internal static IEnumerable<object> All() =>
    [
        0, 0L, 0f, 0d, 0m, (short)0, (byte)0, (sbyte)0, 0u, 0ul, (Half)0, (Int128)0, BigInteger.Zero, Complex.Zero, '0', "0", " 0 ", "0.0", "0,0", "٠", "-1", "NaN", "", "off",
        1.4f, 1.4m, -1, double.NaN, float.NaN, float.NegativeInfinity, decimal.MinValue, long.MinValue, true, false, Guid.Empty, DateTime.UnixEpoch, TimeSpan.Zero,
        DayOfWeek.Sunday, new object(), Array.Empty<object>(), new double[] { 0 }, JsonSerializer.SerializeToElement(0), JsonSerializer.SerializeToElement("0"),
        JsonSerializer.SerializeToElement(new { toxicity = 0 }), JsonDocument.Parse("{}"), new Hashtable { ["toxicity"] = 0 }, new Hashtable { [1] = 0 },
        new Dictionary<string, int> { ["toxicity"] = 0 }, new Dictionary<string, string> { ["toxicity"] = "0" }, new Dictionary<object, object> { ["toxicity"] = 0.5.ToString(CultureInfo.InvariantCulture) },
        new SortedList<string, double> { ["toxicity"] = 0 }, new Dictionary<string, object?> { ["toxicity"] = null }, new List<KeyValuePair<string, double>> { new("toxicity", 1.5), new("toxicity", 0) },
        new { toxicity = 0 }, new SteeringRequest { Policy = Fortress.Weaker },
    ];
}
