using System.Globalization;

namespace Steward.Kubernetes;

/// <summary>A schedule of a CronJob: five fields, or a word such as <c>@daily</c>.</summary>
internal static class Cron
{
    private static readonly string[] Words = ["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"];
    private static readonly string[] Months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    private static readonly string[] Days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    private static readonly (string Name, int Least, int Most, string[] Names)[] Fields =
    [
        ("minute", 0, 59, []), ("hour", 0, 23, []), ("day of the month", 1, 31, []), ("month", 1, 12, Months), ("day of the week", 0, 6, Days),
    ];

    /// <summary>What is wrong with it; null for a schedule that Kubernetes takes.</summary>
    public static string? Wrong(string schedule)
    {
        if (schedule.Contains("TZ=", StringComparison.Ordinal))
            return "a time zone belongs under timeZone";
        if (schedule.StartsWith('@'))
            return Words.Contains(schedule) || schedule.StartsWith("@every ", StringComparison.Ordinal) ? null : $"'{Finding.Shown(schedule)}' is no word for a schedule";
        var parts = schedule.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length != Fields.Length)
            return $"it has {parts.Length} field{(parts.Length == 1 ? "" : "s")} and needs 5: minute, hour, day of the month, month, day of the week";
        return parts.Select((part, i) => part.Split(',').All(one => IsRange(one, Fields[i])) ? null : $"'{Finding.Shown(part)}' is no {Fields[i].Name}").FirstOrDefault(wrong => wrong is not null);
    }

    private static bool IsRange(string text, (string Name, int Least, int Most, string[] Names) field)
    {
        var step = text.Split('/');
        if (step.Length > 2 || (step.Length == 2 && !(int.TryParse(step[1], NumberStyles.None, CultureInfo.InvariantCulture, out var by) && by > 0)))
            return false;
        if (step[0] is "*" or "?")
            return true;
        var ends = step[0].Split('-').Select(end => Number(end, field)).ToList();
        return ends is [not null] || (ends is [{ } from, { } to] && from <= to);
    }

    private static int? Number(string text, (string Name, int Least, int Most, string[] Names) field)
    {
        var named = Array.IndexOf(field.Names, text.ToLowerInvariant());
        if (named >= 0)
            return named + field.Least;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= field.Least && number <= field.Most ? number : null;
    }
}
