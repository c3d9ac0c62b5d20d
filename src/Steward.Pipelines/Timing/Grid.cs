namespace Steward.Pipelines;

/// <summary>
/// The windows of a pipeline: contiguous and half-open from a start, numbered from 0. By the clock they are all of one
/// length; in a calendar they are the days, weeks or months of a zone, and a day there may have 23 or 25 hours. A window
/// belongs to the pipeline when it ends no later than <paramref name="End"/>.
/// </summary>
/// <param name="Zone">Of the calendar; null by the clock, in UTC.</param>
public sealed record Grid(Stride Every, DateTimeOffset Start, DateTimeOffset? End = null, TimeZoneInfo? Zone = null)
{
    /// <summary>How many windows there are; null when there is no end.</summary>
    public long? Count => End is { } end ? Math.Max(0, NumberAt(end)) : null;

    /// <summary>What may not change once windows exist.</summary>
    public string Frozen => $"{Every} from {Start.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}{(Zone is null ? "" : $" in {Zone.Id}")}";

    /// <summary>Where window <paramref name="number"/> begins and the one before it ends.</summary>
    public DateTimeOffset Border(long number) => Zone is null ? Start + (Every.Length * number) : Zone.Moment(Every.After(Zone.Local(Start), number));

    public Slice At(long number) => new(Border(number), Border(number + 1));

    /// <summary>The number of the window a moment lies in; below 0 before the start.</summary>
    public long NumberAt(DateTimeOffset moment)
    {
        var number = (long)Math.Floor((moment - Start) / Every.Length);
        if (Zone is null)
            return number;
        while (Border(number) > moment)
            number--;
        while (Border(number + 1) <= moment)
            number++;
        return number;
    }

    /// <summary>The windows that share time with a stretch, oldest first; a calendar day that a zone never had is left out.</summary>
    public IEnumerable<Slice> Within(Slice stretch)
    {
        var count = Count ?? long.MaxValue;
        for (var number = stretch.Start <= Start ? 0 : NumberAt(stretch.Start); number < count; number++)
        {
            var window = At(number);
            if (window.Start >= stretch.End)
                yield break;
            if (window.Length > TimeSpan.Zero)
                yield return window;
        }
    }

    /// <summary>The windows from the one that begins at a border on, oldest first.</summary>
    public IEnumerable<Slice> From(DateTimeOffset border) => Within(new(border, DateTimeOffset.MaxValue));

    /// <summary>All the time that windows cover; null when there are none.</summary>
    public Slice? Covered => Count switch
    {
        null => new(Start, DateTimeOffset.MaxValue),
        0 => null,
        { } count => new(Start, Border(count)),
    };

    /// <summary>A moment moved by a stride: in a calendar, days, weeks and months are those of the zone.</summary>
    public DateTimeOffset Move(DateTimeOffset moment, Stride by) => Zone is null || !by.IsOfCalendar
        ? by.Unit is StrideUnit.Month ? TimeZoneInfo.Utc.Moment(by.After(TimeZoneInfo.Utc.Local(moment))) : moment + by.Length
        : Zone.Moment(by.After(Zone.Local(moment)));
}
