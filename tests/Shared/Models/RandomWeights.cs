using System.Text;

namespace SemanticKernel.Steering.TestModels;

/// <summary>Random numbers for one tensor, the same on every machine and independent of other tensors.</summary>
internal sealed class RandomWeights
{
    private ulong _state;

    public RandomWeights(int seed, string tensorName)
    {
        // FNV-1a over the name, then the seed.
        _state = 14695981039346656037;
        foreach (var b in Encoding.UTF8.GetBytes(tensorName))
        {
            _state = (_state ^ b) * 1099511628211;
        }

        _state ^= (ulong)seed * 0x9E3779B97F4A7C15;
    }

    /// <summary>Fills with values that are close to normally distributed.</summary>
    /// <remarks>The sum of four uniform values needs no library function whose last bit varies between machines.</remarks>
    public void FillNormal(Span<float> values, double mean, double deviation)
    {
        var scale = deviation * Math.Sqrt(3);
        foreach (ref var value in values)
        {
            var sum = NextUniform() + NextUniform() + NextUniform() + NextUniform() - 2;
            value = (float)(mean + (sum * scale));
        }
    }

    private double NextUniform()
    {
        // SplitMix64
        _state += 0x9E3779B97F4A7C15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}
