using System.Globalization;

namespace Steward.Pipelines;

/// <summary>When a pipeline runs by itself. One of these; none of them: when somebody says so.</summary>
public sealed record TriggerPlan
{
    public TumblingPlan? Tumbling { get; init; }

    public CronPlan? Cron { get; init; }

    public EventPlan? Event { get; init; }

    public PromotedPlan? Promoted { get; init; }

    public bool ByHand { get; init; }

    internal TriggerKind Kind => (Tumbling, Cron, Event, Promoted) switch
    {
        ({ }, _, _, _) => TriggerKind.Tumbling,
        (_, { }, _, _) => TriggerKind.Cron,
        (_, _, { }, _) => TriggerKind.Event,
        (_, _, _, { }) => TriggerKind.Promoted,
        _ => TriggerKind.ByHand,
    };

    /// <summary>How many windows run at once.</summary>
    internal int AtOnce => Tumbling?.MaxConcurrency ?? 1;

    internal RetryPlan Retry => Tumbling?.Retry ?? Cron?.Retry ?? Event?.Retry ?? new();

    internal IEnumerable<(string Path, string Why)> Complaints(string pipeline)
    {
        if (new object?[] { Tumbling, Cron, Event, Promoted }.Count(one => one is not null) + (ByHand ? 1 : 0) > 1)
            yield return ("trigger", "a pipeline has one trigger; choose one.");
        foreach (var (path, why) in Tumbling?.Complaints(pipeline) ?? Cron?.Complaints() ?? Event?.Complaints() ?? Promoted?.Complaints() ?? [])
            yield return ($"trigger.{path}", why);
    }
}

public enum TriggerKind { Tumbling, Cron, Event, Promoted, ByHand }

/// <summary>One run for each window of time.</summary>
public sealed record TumblingPlan
{
    private const int MostDependencies = 5, MostUpstream = 10_000;
    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(5);

    /// <summary>The size of a window: <c>15m</c>, <c>1h</c>, <c>1d</c>, <c>1w</c>, <c>1mo</c>; at least 5m.</summary>
    public string Every { get; init; } = "";

    /// <summary>Where the first window begins, <c>2026-01-01T00:00Z</c>; without a zone of its own, a time of <see cref="Zone"/>.</summary>
    public string Start { get; init; } = "";

    /// <summary>No window ends after it.</summary>
    public string? End { get; init; }

    /// <summary>A window runs so long after its end; its borders do not move.</summary>
    public TimeSpan Delay { get; init; }

    public int MaxConcurrency { get; init; } = 1;

    public RetryPlan Retry { get; init; } = new();

    public IReadOnlyList<DependencyPlan> DependsOn { get; init; } = [];

    /// <summary>Whose calendar the days, weeks and months are of.</summary>
    public string? Zone { get; init; }

    /// <summary>Days, weeks and months of the calendar instead of so many hours.</summary>
    public bool Calendar { get; init; }

    /// <summary>The windows; null when the settings are not in order.</summary>
    internal Grid? Grid
    {
        get
        {
            if (Stride.TryParse(Every) is not { IsZero: false } every || (Calendar && !every.IsOfCalendar) || Zones.Find(Zone ?? "UTC") is not { } zone || Moment(Start, zone) is not { } start)
                return null;
            return End is not null && Moment(End, zone) is null ? null : new(every, start, Moment(End, zone), Calendar || every.Unit is StrideUnit.Month ? zone : null);
        }
    }

    internal IEnumerable<(string Path, string Why)> Complaints(string pipeline)
    {
        if (Stride.TryParse(Every) is not { IsZero: false } every)
            yield return ("tumbling.every", $"'{Names.Shorten(Every)}' is no size of a window; write 15m, 1h, 1d, 1w or 1mo.");
        else if (every.Length < Shortest)
            yield return ("tumbling.every", "a window has at least 5m.");
        else if (Calendar && !every.IsOfCalendar)
            yield return ("tumbling.calendar", $"a calendar has days, weeks and months, not {every}.");
        else if (Zone is not null && !Calendar && every.Unit is not StrideUnit.Month)
            yield return ("tumbling.zone", "a zone counts only with calendar: yes; windows by the clock are in UTC.");
        if (Zones.Find(Zone ?? "UTC") is not { } zone)
        {
            yield return ("tumbling.zone", $"the zone '{Names.Shorten(Zone)}' is not known; write one such as Europe/Berlin.");
            yield break;
        }

        if (Moment(Start, zone) is null)
            yield return ("tumbling.start", $"'{Names.Shorten(Start)}' is no time from 1970 to 2200; write one such as 2026-01-01T00:00Z.");
        if (End is not null && Moment(End, zone) is null)
            yield return ("tumbling.end", $"'{Names.Shorten(End)}' is no time from 1970 to 2200; write one such as 2026-12-31T00:00Z.");
        if (MaxConcurrency is < 1 or > 50)
            yield return ("tumbling.max_concurrency", "1 to 50 windows run at once.");
        if (Delay > TimeSpan.FromDays(366))
            yield return ("tumbling.delay", "a window waits at most 366 days after its end.");
        foreach (var complaint in Retry.Complaints("tumbling.retry"))
            yield return complaint;
        if (DependsOn.Count > MostDependencies)
            yield return ("tumbling.depends_on", "a pipeline depends on at most 5 others.");
        foreach (var (one, i) in DependsOn.Select((one, i) => (one, i)))
            if (one.Complaint(pipeline, Grid, MostUpstream) is { } why)
                yield return ($"tumbling.depends_on[{i}]", why);
    }

    private static DateTimeOffset? Moment(string? text, TimeZoneInfo zone)
    {
        if (text is null || !DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var read))
            return null;
        var moment = read.Kind is DateTimeKind.Utc ? new DateTimeOffset(read) : zone.Moment(read);
        return moment.Year is >= 1970 and <= 2200 ? moment : null;
    }
}

/// <summary>How often a window that failed is tried again by itself, with the same inputs.</summary>
public sealed record RetryPlan
{
    public int Count { get; init; }

    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(30);

    internal IEnumerable<(string Path, string Why)> Complaints(string path)
    {
        if (Count is < 0 or > 100)
            yield return (path, "a window is tried again 0 to 100 times.");
        if (Every > TimeSpan.FromDays(1))
            yield return (path, "at most a day lies between two tries.");
    }
}

/// <summary>A window waits until windows of another pipeline have succeeded, or earlier ones of its own.</summary>
public sealed record DependencyPlan
{
    public string Pipeline { get; init; } = "";

    /// <summary>How far from the window's start it looks: <c>-1h</c> is an hour before. Always before for a pipeline that depends on itself.</summary>
    public string Offset { get; init; } = "0h";

    /// <summary>How much time it looks at; the window's own size when not said.</summary>
    public string? Size { get; init; }

    internal Dependency? Read() => Stride.TryParse(Offset, withSign: true) is not { } offset || (Size is not null && Stride.TryParse(Size) is not { IsZero: false })
        ? null
        : new(Pipeline, offset, Stride.TryParse(Size));

    internal string? Complaint(string pipeline, Grid? own, int mostUpstream)
    {
        if (Stride.TryParse(Offset, withSign: true) is null)
            return $"'{Names.Shorten(Offset)}' is no offset; write 0h, -1h or -1d.";
        if (Read() is not { } on)
            return $"'{Names.Shorten(Size)}' is no size; write 1h or 1d.";
        if (own is null)
            return null;
        if ((on.Size ?? own.Every).Length / own.Every.Length > mostUpstream)
            return $"it looks at more than {mostUpstream:N0} windows.";
        if (pipeline != Pipeline)
            return null;
        if (on.Offset.Count >= 0)
            return "a pipeline that depends on itself looks back: write offset: -1h or earlier.";
        return Wanted.Stretch(own, own.At(1), on).End > own.Border(1)
            ? $"looking from {Offset} over {(Size is null ? "a whole window" : Size)}, each window would wait for itself; look further back or at less."
            : null;
    }
}
