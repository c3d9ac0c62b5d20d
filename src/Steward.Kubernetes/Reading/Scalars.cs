using System.Text.RegularExpressions;

namespace Steward.Kubernetes;

/// <summary>
/// What a word without quotes means to Kubernetes, which reads YAML 1.1 as sigs.k8s.io/yaml does: <c>yes</c>, <c>on</c> and
/// <c>n</c> are booleans, <c>0644</c> is octal, times stay text.
/// </summary>
internal static partial class Scalars
{
    private static readonly HashSet<string> Nulls = ["", "~", "null", "Null", "NULL"];

    private static readonly HashSet<string> Booleans =
    [
        "y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "true", "True", "TRUE",
        "n", "N", "no", "No", "NO", "off", "Off", "OFF", "false", "False", "FALSE",
    ];

    public static ScalarKind KindOf(string plain)
        => Nulls.Contains(plain) ? ScalarKind.Null
        : Booleans.Contains(plain) ? ScalarKind.Boolean
        : Whole().IsMatch(plain) ? ScalarKind.Integer
        : Broken().IsMatch(plain) ? ScalarKind.Number
        : ScalarKind.Text;

    public static bool IsTrue(string boolean) => boolean is ['y' or 'Y' or 't' or 'T', ..] or "on" or "On" or "ON";

    /// <summary>The value of an integer in any of its spellings; null when it is none, or larger than 64 bits.</summary>
    public static long? Value(string text)
    {
        var plain = text.Replace("_", "", StringComparison.Ordinal);
        var sign = plain.StartsWith('-') ? -1 : 1;
        var digits = plain.TrimStart('+', '-');
        try
        {
            return digits switch
            {
                ['0', 'x' or 'X', .. var hex] => sign * Convert.ToInt64(hex, 16),
                ['0', 'b' or 'B', .. var bits] => sign * Convert.ToInt64(bits, 2),
                ['0', 'o' or 'O', .. var octal] => sign * Convert.ToInt64(octal, 8),
                ['0', _, ..] => sign * Convert.ToInt64(digits, 8),
                _ => long.Parse(plain, System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture),
            };
        }
        catch (Exception error) when (error is FormatException or OverflowException or ArgumentException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"^[-+]?(0x[0-9a-fA-F_]+|0b[01_]+|0o?[0-7_]+|0|[1-9][0-9_]*)\z", RegexOptions.NonBacktracking)]
    private static partial Regex Whole();

    [GeneratedRegex(@"^([-+]?(\.[0-9]+|[0-9][0-9_]*(\.[0-9_]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))\z", RegexOptions.NonBacktracking)]
    private static partial Regex Broken();
}
