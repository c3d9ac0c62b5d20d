using System.Globalization;
using System.Text.RegularExpressions;
using Cronos;

namespace Steward.Pipelines;

/// <summary>Runs at times of the clock on the wall of a zone.</summary>
public sealed partial record CronPlan
{
    /// <summary>Five fields, minute to day of week: <c>30 2 * * *</c>.</summary>
    public string Expression { get; init; } = "";

    public string Zone { get; init; } = "UTC";

    public RetryPlan Retry { get; init; } = new();

    internal IEnumerable<(string Path, string Why)> Complaints()
    {
        if (Zones.Find(Zone) is null)
            yield return ("cron.zone", $"the zone '{Names.Shorten(Zone)}' is not known; write one such as Europe/Berlin.");
        if (Why() is { } why)
            yield return ("cron.expression", why);
        foreach (var complaint in Retry.Complaints("cron.retry"))
            yield return complaint;
    }

    /// <summary>The next times after a moment. A time that the clock skips comes at the end of the gap; one that comes twice comes once, unless the expression repeats within the hour.</summary>
    internal IEnumerable<DateTimeOffset> After(DateTimeOffset moment, DateTimeOffset until)
    {
        var (cron, zone) = (CronExpression.Parse(Expression), Zones.Find(Zone)!);
        for (var next = cron.GetNextOccurrence(moment.ToUniversalTime(), zone); next <= until; next = cron.GetNextOccurrence(next.Value, zone))
            yield return next.Value.ToUniversalTime();
    }

    /// <summary>What happens when the clock is set next, forward and back; nothing where a zone never sets it.</summary>
    public IEnumerable<string> InWords(DateTimeOffset now)
    {
        if (Why() is not null || Zones.Find(Zone) is not { } zone)
            yield break;
        for (var (day, told) = (now, 0); day < now.AddDays(400) && told < 2; day = day.AddDays(1))
            if (zone.GetUtcOffset(day) is var before && zone.GetUtcOffset(day.AddDays(1)) is var after && before != after)
            {
                told++;
                yield return Said(zone, Jump(zone, day, before), before, after);
            }
    }

    private string Said(TimeZoneInfo zone, DateTimeOffset jump, TimeSpan before, TimeSpan after)
    {
        // Forward, what is skipped comes at the jump; back, the times before it come again after it.
        var twice = before > after ? before - after : TimeSpan.Zero;
        var runs = After(jump - twice - TimeSpan.FromSeconds(1), jump + twice).Where(at => at == jump || at < jump + twice).Select(at => TimeZoneInfo.ConvertTime(at, zone)).ToList();
        var said = runs.Count == 0 ? "nothing is due then" : $"then it runs at {string.Join(", ", runs.Take(4).Select(at => at.ToString("HH:mm '(UTC'zzz')'", CultureInfo.InvariantCulture)))}{(runs.Count > 4 ? $" and {runs.Count - 4} times more" : "")}";
        return string.Create(CultureInfo.InvariantCulture, $"On {jump.ToOffset(before):yyyy-MM-dd} the clock of {zone.Id} goes {(twice > TimeSpan.Zero ? "back" : "forward")} from {jump.ToOffset(before):HH:mm} to {jump.ToOffset(after):HH:mm}; {said}.");
    }

    /// <summary>The minute at which the offset changes within a day.</summary>
    private static DateTimeOffset Jump(TimeZoneInfo zone, DateTimeOffset day, TimeSpan before)
    {
        var (low, high) = (0, 24 * 60);
        while (high - low > 1)
            if (zone.GetUtcOffset(day.AddMinutes((low + high) / 2)) == before)
                low = (low + high) / 2;
            else
                high = (low + high) / 2;
        var at = day.AddMinutes(high).ToUniversalTime();
        return at.AddTicks(-(at.Ticks % TimeSpan.TicksPerMinute));
    }

    private string? Why()
    {
        try
        {
            return Five().IsMatch(Expression) && CronExpression.Parse(Expression) is not null ? null : "a time table has five fields: minute, hour, day, month, day of week.";
        }
        catch (CronFormatException error)
        {
            return $"'{Names.Shorten(Expression)}' is no time table: {error.Message}";
        }
    }

    [GeneratedRegex(@"^\S{1,60}( +\S{1,60}){4}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Five();
}
