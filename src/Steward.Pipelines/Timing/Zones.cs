namespace Steward.Pipelines;

/// <summary>Local time of a zone and the moments it names, also where the clock jumps.</summary>
internal static class Zones
{
    /// <summary>Far enough from a jump of the clock to be before or after it, by whatever it jumps.</summary>
    private static readonly TimeSpan Wide = TimeSpan.FromHours(26);

    public static TimeZoneInfo? Find(string id) => id == "UTC" ? TimeZoneInfo.Utc : TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) ? zone : null;

    public static DateTime Local(this TimeZoneInfo zone, DateTimeOffset at) => DateTime.SpecifyKind(TimeZoneInfo.ConvertTime(at, zone).DateTime, DateTimeKind.Unspecified);

    /// <summary>The moment of a local time. One that the clock skips is the first moment after the gap; of one that comes twice it is the first.</summary>
    public static DateTimeOffset Moment(this TimeZoneInfo zone, DateTime local)
    {
        // Offsets are asked of moments: of local times the framework says nothing true where a zone changed its date (Samoa, 2011).
        var near = new DateTimeOffset(DateTime.SpecifyKind(local, DateTimeKind.Unspecified), TimeSpan.Zero);
        var (before, after) = (near - zone.GetUtcOffset(near - Wide), near - zone.GetUtcOffset(near + Wide));
        var (first, last) = before < after ? (before, after) : (after, before);
        if (zone.Local(first) == local)
            return first;
        if (zone.Local(last) == local)
            return last;
        while (last - first > TimeSpan.FromTicks(1))
        {
            var middle = first + ((last - first) / 2);
            (first, last) = zone.Local(middle) < local ? (middle, last) : (first, middle);
        }

        return last;
    }
}
