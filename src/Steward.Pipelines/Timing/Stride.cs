using System.Globalization;
using System.Text.RegularExpressions;

namespace Steward.Pipelines;

public enum StrideUnit { Minute, Hour, Day, Week, Month }

/// <summary>
/// A length of time as people write it: <c>15m</c>, <c>1h</c>, <c>1d</c>, <c>1w</c>, <c>1mo</c>, for offsets also <c>-1h</c>.
/// In a calendar, days, weeks and months are those of the calendar; elsewhere a day is 24 hours.
/// </summary>
public readonly partial record struct Stride(int Count, StrideUnit Unit)
{
    private const int Most = 100_000;

    public bool IsOfCalendar => Unit is StrideUnit.Day or StrideUnit.Week or StrideUnit.Month;

    public bool IsZero => Count == 0;

    /// <summary>By the clock. A month has none: 30 days are taken where only the size counts.</summary>
    public TimeSpan Length => Unit switch
    {
        StrideUnit.Minute => TimeSpan.FromMinutes(Count),
        StrideUnit.Hour => TimeSpan.FromHours(Count),
        StrideUnit.Day => TimeSpan.FromDays(Count),
        StrideUnit.Week => TimeSpan.FromDays(7L * Count),
        _ => TimeSpan.FromDays(30L * Count),
    };

    /// <summary>Null when the text is no length; a sign is read only where an offset is meant.</summary>
    public static Stride? TryParse(string? text, bool withSign = false)
    {
        if (text is null || Written().Match(text) is not { Success: true } found || (found.Groups[1].Length > 0 && !withSign))
            return null;
        if (!int.TryParse(found.Groups[2].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count > Most)
            return null;
        return new(found.Groups[1].Value == "-" ? -count : count, found.Groups[3].Value switch
        {
            "m" => StrideUnit.Minute,
            "h" => StrideUnit.Hour,
            "d" => StrideUnit.Day,
            "w" => StrideUnit.Week,
            _ => StrideUnit.Month,
        });
    }

    /// <summary>The local time so many strides on; a day that a month does not have is its last.</summary>
    public DateTime After(DateTime local, long times = 1) => Unit is StrideUnit.Month ? local.AddMonths(checked((int)(times * Count))) : local + (Length * times);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Count}{Unit switch { StrideUnit.Minute => "m", StrideUnit.Hour => "h", StrideUnit.Day => "d", StrideUnit.Week => "w", _ => "mo" }}");

    [GeneratedRegex(@"^([+-]?)([0-9]{1,6})(mo|m|h|d|w)\z", RegexOptions.NonBacktracking)]
    private static partial Regex Written();
}
