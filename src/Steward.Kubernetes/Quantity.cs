using System.Numerics;
using System.Text.RegularExpressions;

namespace Steward.Kubernetes;

/// <summary>An amount as Kubernetes writes it: <c>500m</c>, <c>0.5</c>, <c>512Mi</c>, <c>1e3</c>. Equal amounts are equal, however they are written.</summary>
public readonly partial record struct Quantity : IComparable<Quantity>
{
    private const int Nano = 9, LargestExponent = 30;
    private static readonly string[] Binary = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

    /// <summary>In billionths; what is finer is rounded up, as Kubernetes does.</summary>
    private BigInteger Nanos { get; init; }

    /// <summary>The amount as a floating number: bytes, cores.</summary>
    public double Value => (double)Nanos / 1e9;

    public bool IsWhole => Nanos % BigInteger.Pow(10, Nano) == 0;

    public static Quantity? Parse(string? text)
    {
        if (text is null || Form().Match(text) is not { Success: true } match)
            return null;
        var (whole, part, unit) = (match.Groups["whole"].Value, match.Groups["part"].Value, match.Groups["unit"].Value);
        if (whole.Length + part.Length == 0 || Exponent(unit) is not { } exponent || Math.Abs(exponent) > LargestExponent)
            return null;
        var (value, below) = (BigInteger.Parse("0" + whole + part, System.Globalization.CultureInfo.InvariantCulture), part.Length - Nano - exponent);
        var twos = BigInteger.Pow(1024, Array.IndexOf(Binary, unit) + 1);
        var nanos = below <= 0 ? value * twos * BigInteger.Pow(10, -below) : RoundedUp(value * twos, BigInteger.Pow(10, below));
        return new Quantity { Nanos = match.Groups["sign"].Value == "-" ? -nanos : nanos };
    }

    public int CompareTo(Quantity other) => Nanos.CompareTo(other.Nanos);

    public static bool operator <(Quantity left, Quantity right) => left.CompareTo(right) < 0;

    public static bool operator >(Quantity left, Quantity right) => left.CompareTo(right) > 0;

    public static bool operator <=(Quantity left, Quantity right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Quantity left, Quantity right) => left.CompareTo(right) >= 0;

    private static BigInteger RoundedUp(BigInteger value, BigInteger by) => (value + by - 1) / by;

    /// <summary>The power of ten of a unit; 0 for the binary ones, whose factor is another.</summary>
    private static int? Exponent(string unit) => unit switch
    {
        "n" => -9, "u" => -6, "m" => -3, "" => 0, "k" => 3, "M" => 6, "G" => 9, "T" => 12, "P" => 15, "E" => 18,
        _ when Binary.Contains(unit) => 0,
        ['e' or 'E', .. var power] when int.TryParse(power, System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out var exponent) => exponent,
        _ => null,
    };

    [GeneratedRegex(@"^(?<sign>[-+]?)(?<whole>[0-9]{0,30})(\.(?<part>[0-9]{0,30}))?(?<unit>[a-zA-Z]{0,2}|[eE][-+]?[0-9]{1,3})\z", RegexOptions.NonBacktracking)]
    private static partial Regex Form();
}
