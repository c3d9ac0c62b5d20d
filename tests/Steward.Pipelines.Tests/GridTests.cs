using CsCheck;

namespace Steward.Pipelines.Tests;

/// <summary>The arithmetic of windows: by the clock and by calendars whose days have 23 or 25 hours.</summary>
public class GridTests
{
    private static readonly TimeZoneInfo Berlin = Zones.Find("Europe/Berlin")!;

    private static readonly Gen<Grid> Grids = Gen.Select(
        Gen.OneOf<string>("5m", "15m", "1h", "6h", "1d", "1w", "1mo", "3mo"), Gen.Long[0, 2_000_000_000], Gen.OneOf<string>("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"), Gen.Bool,
        (every, seconds, zone, calendar) => Stride.TryParse(every)!.Value is var stride && (calendar && stride.IsOfCalendar) || stride.Unit is StrideUnit.Month
            ? new Grid(stride, DateTimeOffset.FromUnixTimeSeconds(seconds), Zone: Zones.Find(zone))
            : new Grid(stride, DateTimeOffset.FromUnixTimeSeconds(seconds)));

    [Fact]
    public void Windows_follow_each_other_without_gap_or_overlap() => Gen.Select(Grids, Gen.Long[0, 5000]).Sample((grid, number) =>
        grid.At(number).End == grid.At(number + 1).Start && grid.At(number).Length > TimeSpan.Zero);

    [Fact]
    public void Every_moment_from_the_start_on_lies_in_exactly_one_window_and_a_border_in_the_later() => Gen.Select(Grids, Gen.Long[0, 400L * 24 * 3600 * 1000]).Sample((grid, after) =>
    {
        var moment = grid.Start.AddMilliseconds(after);
        var window = grid.At(grid.NumberAt(moment));
        return window.Start <= moment && moment < window.End && grid.NumberAt(window.Start) == grid.NumberAt(moment) && grid.NumberAt(window.End) == grid.NumberAt(moment) + 1;
    });

    [Fact]
    public void A_window_belongs_when_it_ends_no_later_than_the_end() => Gen.Select(Grids, Gen.Int[0, 40], Gen.Int[-1, 1]).Sample((grid, count, more) =>
    {
        var ending = grid with { End = grid.Border(count).AddSeconds(more) };
        return ending.Count == Math.Max(0, more < 0 ? count - 1 : count) && ending.Within(new(DateTimeOffset.MinValue.AddYears(1), DateTimeOffset.MaxValue)).Count() == ending.Count;
    });

    [Fact]
    public void The_windows_of_a_stretch_are_those_that_share_time_with_it() => Gen.Select(Grids, Gen.Int[0, 60], Gen.Int[1, 30], Gen.Int[-200, 200]).Sample((grid, first, many, minutes) =>
    {
        var stretch = new Slice(grid.Border(first).AddMinutes(minutes), grid.Border(first + many).AddMinutes(minutes + 1));
        return grid.Within(stretch).SequenceEqual(Enumerable.Range(0, 130).Select(n => grid.At(n)).Where(window => window.Intersects(stretch)).TakeWhile(window => window.Start < stretch.End));
    });

    [Theory]
    [InlineData("2026-03-29", 23)]
    [InlineData("2026-10-25", 25)]
    [InlineData("2026-06-01", 24)]
    public void A_day_of_the_calendar_has_the_hours_the_zone_gives_it(string day, int hours)
    {
        var grid = Tumbling("every: 1d, start: 2026-01-01, zone: Europe/Berlin, calendar: yes");
        var window = grid.At(grid.NumberAt(Berlin.Moment(DateTime.Parse(day, null).AddHours(12))));
        Assert.Equal((TimeSpan.FromHours(hours), 0), (window.Length, Berlin.Local(window.Start).Hour));
    }

    [Fact]
    public void Without_a_calendar_a_day_is_24_hours_also_where_the_clock_jumps()
        => Assert.All(Enumerable.Range(0, 400), n => Assert.Equal(TimeSpan.FromHours(24), Tumbling("every: 1d, start: \"2026-01-01T00:00Z\"").At(n).Length));

    [Fact]
    public void A_month_that_lacks_the_day_begins_on_its_last()
        => Assert.Equal(["01-31", "02-28", "03-31", "04-30"], Enumerable.Range(0, 4).Select(n => Tumbling("every: 1mo, start: \"2026-01-31T00:00Z\"").At(n).Start.ToString("MM-dd", null)));

    [Fact]
    public void Borders_keep_the_seconds_of_the_start()
        => Assert.Equal("[10:10:10, 11:10:10)", Tumbling("every: 1h, start: \"2026-01-01T10:10:10Z\"").At(0) is var first ? $"[{first.Start:HH:mm:ss}, {first.End:HH:mm:ss})" : "");

    [Fact]
    public void A_day_that_a_zone_never_had_is_no_window()
    {
        // Samoa went from the 29th to the 31st of December 2011.
        var grid = new Grid(new(1, StrideUnit.Day), Zones.Find("Pacific/Apia")!.Moment(new(2011, 12, 28)), Zone: Zones.Find("Pacific/Apia"));
        Assert.Equal(["28", "29", "31", "01"], grid.From(grid.Start).Take(4).Select(window => Zones.Find("Pacific/Apia")!.Local(window.Start).ToString("dd", null)));
    }

    [Fact]
    public void What_looks_at_a_window_is_exactly_what_would_look_at_it()
        => Gen.Select(Grids, Grids, Gen.Int[-5, 5], Gen.OneOf<string>("m", "h", "d"), Gen.OneOf<string?>(null, "1h", "2d"), Gen.Int[0, 50]).Sample((own, upstream, offset, unit, size, number) =>
        {
            var on = new Dependency("up", Stride.TryParse($"{offset}{unit}", withSign: true)!.Value, Stride.TryParse(size));
            own = own with { Start = upstream.Start };
            var window = upstream.At(number % 20);
            var near = own.Within(new(window.Start.AddDays(-200), window.End.AddDays(200))).Take(300_000).Where(one => Wanted.Stretch(own, one, on).Intersects(window));
            return own.Every.Length < TimeSpan.FromHours(1) || Wanted.LookingAt(own, window, on).SequenceEqual(near);
        }, iter: 300);

    internal static Grid Tumbling(string settings)
    {
        var (file, complaints) = new Projects.ProjectFileReader([PipelineSection.Of()]).Read($"steward: 1\nproject: shop\npipelines: {{sales: {{trigger: {{tumbling: {{{settings}}}}}}}}}");
        Assert.Empty(complaints);
        return file!.Pipelines()["sales"].Trigger.Tumbling!.Grid!;
    }
}
