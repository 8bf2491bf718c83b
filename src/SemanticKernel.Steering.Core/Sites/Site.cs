using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace SemanticKernel.Steering;

/// <summary>One hook point in one layer. Sorts in graph order: by layer, then by hook point.</summary>
/// <param name="Layer">The block, counted from 0.</param>
/// <param name="Hook">The place within the block.</param>
public readonly record struct Site(int Layer, HookPoint Hook) : IComparable<Site>
{
    private const string Prefix = "blk.";

    /// <summary>The block, counted from 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The layer given to the constructor is negative.</exception>
    public int Layer { get; } = Layer >= 0
        ? Layer
        : throw new ArgumentOutOfRangeException(nameof(Layer), Layer, "Layers are counted from 0.");

    /// <summary>The place within the block.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The hook point given to the constructor is not a defined one.</exception>
    public HookPoint Hook { get; } = Enum.IsDefined(Hook)
        ? Hook
        : throw new ArgumentOutOfRangeException(nameof(Hook), Hook, "This is no hook point.");

    /// <summary>Reads what <see cref="ToString"/> writes, and nothing else: no signs, spaces or leading zeros.</summary>
    /// <param name="text">The text, for example <c>blk.3.block_output</c>.</param>
    /// <param name="site">The site, when the text is one.</param>
    /// <returns>Whether the text is a site.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out Site site)
    {
        site = default;
        if (text is null || !text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        var dot = text.IndexOf('.', Prefix.Length);
        if (dot < 0 || !TryParseLayer(text.AsSpan(Prefix.Length, dot - Prefix.Length), out var layer)
            || !HookPointNames.TryParse(text[(dot + 1)..], out var hook))
        {
            return false;
        }

        site = new Site(layer, hook);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(Site other)
    {
        var byLayer = Layer.CompareTo(other.Layer);
        return byLayer != 0 ? byLayer : Hook.CompareTo(other.Hook);
    }

    /// <summary>Gives the name under which the site stands in map files.</summary>
    /// <returns><c>blk.{layer}.{hook}</c>, for example <c>blk.3.block_output</c>.</returns>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Layer}.{Hook.ToName()}");

    /// <summary>Whether the left site is computed before the right one.</summary>
    public static bool operator <(Site left, Site right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left site is computed after the right one.</summary>
    public static bool operator >(Site left, Site right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left site is the right one or computed before it.</summary>
    public static bool operator <=(Site left, Site right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the left site is the right one or computed after it.</summary>
    public static bool operator >=(Site left, Site right) => left.CompareTo(right) >= 0;

    private static bool TryParseLayer(ReadOnlySpan<char> digits, out int layer)
    {
        layer = 0;
        return digits.Length > 0
            && (digits[0] != '0' || digits.Length == 1)
            && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out layer);
    }
}
