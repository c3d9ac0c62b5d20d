namespace Steward.Pipelines;

/// <summary>Local time of a zone and the moments it names, also where the clock jumps.</summary>
internal static class Zone
{
    public static TimeZoneInfo? Find(string id) => id == "UTC" ? TimeZoneInfo.Utc : TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) ? zone : null;

    public static DateTime Local(this TimeZoneInfo zone, DateTimeOffset at) => DateTime.SpecifyKind(TimeZoneInfo.ConvertTime(at, zone).DateTime, DateTimeKind.Unspecified);

    /// <summary>The moment of a local time. One that the clock skips is the first moment after the gap; of one that comes twice it is the first.</summary>
    public static DateTimeOffset Moment(this TimeZoneInfo zone, DateTime local)
    {
        if (zone.IsInvalidTime(local))
        {
            local = new DateTime(local.Ticks - (local.Ticks % TimeSpan.TicksPerMinute));
            while (zone.IsInvalidTime(local))
                local = local.AddMinutes(1);
        }

        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }
}
