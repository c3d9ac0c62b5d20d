using System.Globalization;
using System.Text.RegularExpressions;

namespace Steward.Data.Files;

/// <summary>How many bad rows are too many: <c>&gt; 0.5%</c> of the rows read, or <c>&gt; 20</c> rows.</summary>
internal sealed partial record BadLimit(double Most, bool IsShare)
{
    public static BadLimit? Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        var found = Plain().Match(text);
        return found.Success && double.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture) is var most && (found.Groups[2].Value == "" || most <= 100)
            ? new(found.Groups[2].Value == "%" ? most / 100 : most, found.Groups[2].Value == "%")
            : throw ProblemException.Invalid("schema_invalid", $"stop_if_bad cannot be '{Names.Shorten(text)}'.", "Write \"> 0.5%\", or \"> 20\" for a number of rows.");
    }

    public bool IsBroken(long bad, long read) => bad > (IsShare ? Most * read : Most);

    [GeneratedRegex(@"^\s*>\s*(\d{1,9}(?:\.\d{1,6})?)\s*(%?)\s*\z", RegexOptions.NonBacktracking)]
    private static partial Regex Plain();
}
