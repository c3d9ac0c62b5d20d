using Steward.Identity;
using Steward.Storage;
using Steward.Testing;

namespace Steward.Pipelines.Tests;

public sealed class WindowsOnSqliteTests() : WindowTests(Databases.Sqlite());

public sealed class WindowsOnPostgresTests() : WindowTests(Databases.Postgres());

/// <summary>The contract of tumbling windows, on either engine.</summary>
public abstract class WindowTests(Db db) : IAsyncDisposable
{
    private const string Step = "steps: [{command: {run: [append]}}]";
    private readonly Appending _append = new();
    private World? _world;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>The clock begins at 2030-01-01 00:00.</summary>
    private World World => _world ??= new(Appending.In(db), _append);

    [Fact]
    public async Task Past_windows_run_oldest_first_and_no_more_at_once_than_there_are_slots()
    {
        await World.Says($"sales: {{trigger: {{tumbling: {{every: 1h, start: \"2029-12-31T12:00Z\", max_concurrency: 3}}}}, {Step}}}");
        await World.Look();
        Assert.Equal("rrr", (await World.States())[..3]);
        Assert.DoesNotContain('r', (await World.States())[3..]);
        Assert.Equal(12, await World.Work());
        Assert.Equal("SSSSSSSSSSSS", await World.States());
        var runs = (await World.Windows()).OrderBy(window => window.StartedAt).ThenBy(window => window.StartAt).Select(window => window.StartAt);
        Assert.Equal(runs.Order(), runs);
        Assert.Equal(12, (await Appending.Rows(db)).Distinct().Count());
    }

    [Fact]
    public async Task A_window_runs_when_it_is_over_and_its_delay_has_passed()
    {
        await World.Says($"sales: {{trigger: {{tumbling: {{every: 1h, start: \"2030-01-01T00:00Z\", delay: 15m}}}}, {Step}}}");
        await Pass(TimeSpan.FromMinutes(74));
        Assert.Equal(0, await World.Work());
        await Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(1, await World.Work());
        var window = Assert.Single(await World.Windows());
        Assert.Equal((At(0), At(1), At(1).AddMinutes(15)), (window.StartAt, window.EndAt, window.DueAt));
    }

    [Fact]
    public async Task A_window_that_fails_is_tried_again_and_holds_no_slot_meanwhile()
    {
        var fails = 2;
        _append.Before = context => context.Window.StartAt == At(-2) && fails-- > 0 ? throw ProblemException.Invalid("no", "the source is away") : Task.CompletedTask;
        await World.Says($"sales: {{trigger: {{tumbling: {{every: 1h, start: \"2029-12-31T22:00Z\", retry: {{count: 2, every: 5m}}}}}}, {Step}}}");
        Assert.Equal(2, await World.Work());
        Assert.Equal("wS", await World.States());
        Assert.Contains("the source is away", (await World.Windows())[0].Why, StringComparison.Ordinal);
        await Pass(TimeSpan.FromMinutes(5));
        await World.Work();
        await Pass(TimeSpan.FromMinutes(5));
        await World.Work();
        var first = (await World.Windows())[0];
        Assert.Equal((WindowState.Succeeded, 3, 2), (first.State, first.Runs, first.Attempt));
        Assert.Equal([RunState.Failed, RunState.Failed, RunState.Succeeded], (await World.Pipelines.Window("shop", "sales", first.StartAt, Stop))!.Runs.Select(run => run.State));
    }

    [Fact]
    public async Task A_window_that_fails_for_good_says_so_once_and_alarms()
    {
        _append.Before = _ => throw ProblemException.Invalid("no", "the source is away", "Call them.");
        await World.Says($"sales: {{trigger: {{tumbling: {{every: 1h, start: \"2029-12-31T23:00Z\"}}}}, {Step}}}");
        await World.Work();
        Assert.Equal("F", await World.States());
        Assert.Equal("command: the source is away Call them.", (await World.Windows())[0].Why);
        Assert.Equal(WindowState.Failed, Assert.Single(World.Ear.Heard.OfType<WindowEnded>()).State);
        Assert.Equal("failure", Assert.Single(World.Ear.Heard.OfType<PipelineAlarm>()).Kind);
        Assert.Equal(0, await World.Work());
        _append.Before = _ => Task.CompletedTask;
        await World.Pipelines.Run(Who.Open, "shop", "sales", At(-1), null, Stop);
        await World.Work();
        Assert.Equal("S", await World.States());
        Assert.Empty((await World.Pipelines.Get("shop", "sales", Stop)).Alarms);
    }

    [Fact]
    public async Task A_window_waits_for_every_upstream_window_its_dependency_looks_at_and_says_for_which()
    {
        await World.Says($$$"""
            up: {trigger: {tumbling: {every: 1h, start: "2029-12-31T18:00Z"}}, {{{Step}}}}
              sales: {trigger: {tumbling: {every: 2h, start: "2029-12-31T20:00Z", max_concurrency: 2, depends_on: [{pipeline: up, offset: "-1h", size: 2h}]}}, {{{Step}}}}
            """);
        await World.Look();
        Assert.Equal("dd", await World.States());
        Assert.Equal("It waits for up [2029-12-31 19:00, 2029-12-31 20:00) and 1 more.", (await World.Windows())[0].Why);
        await World.Work(most: 3);
        Assert.Equal("rd", await World.States());
        await World.Work();
        Assert.Equal("SS", await World.States());
    }

    [Fact]
    public async Task A_pipeline_that_depends_on_itself_runs_strictly_in_order_and_a_failure_holds_up_what_follows()
    {
        var broken = true;
        _append.Before = context => context.Window.StartAt == At(-3) && broken ? throw ProblemException.Invalid("no", "broken") : Task.CompletedTask;
        await World.Says($"sales: {{trigger: {{tumbling: {{every: 1h, start: \"2029-12-31T19:00Z\", max_concurrency: 50, depends_on: [{{pipeline: sales, offset: -1h}}]}}}}, {Step}}}");
        await World.Work();
        Assert.Equal("SSFdd", await World.States());
        broken = false;
        await World.Pipelines.Ask(Who.Open, "shop", "sales", new(Origin.Rerun, null, null, FailedOnly: true), Stop);
        await World.Work();
        Assert.Equal("SSSSS", await World.States());
    }

    [Fact]
    public async Task Time_that_another_pipeline_never_covers_is_never_waited_for_in_silence()
    {
        await World.Says($$$"""
            up: {trigger: {tumbling: {every: 1h, start: "2029-12-31T23:00Z"}}, {{{Step}}}}
              sales: {trigger: {tumbling: {every: 1h, start: "2029-12-31T22:00Z", depends_on: [{pipeline: up}]}}, {{{Step}}}}
            """);
        await World.Work();
        Assert.Equal("dS", await World.States());
        Assert.StartsWith("It can never run: it looks at [2029-12-31 22:00, 2029-12-31 23:00), and up has windows only from", (await World.Windows())[0].Why, StringComparison.Ordinal);
        await Pass(TimeSpan.FromDays(7));
        await World.Look();
        Assert.Equal(WindowState.Failed, (await World.Windows())[0].State);
    }

    [Fact]
    public async Task A_backfill_of_ten_thousand_windows_is_made_as_it_goes_and_cancelled_at_once()
    {
        await World.Says($"sales: {{trigger: {{tumbling: {{every: 1h, start: \"2028-11-10T08:00Z\", max_concurrency: 2}}}}, {Step}}}");
        await World.Work(most: 5);
        var before = await World.Pipelines.Get("shop", "sales", Stop);
        Assert.Equal(10_000, before.Ahead + before.Counts.Values.Sum());
        Assert.InRange(before.Counts.Values.Sum(), 5, 300);
        Assert.Equal(9_995, await World.Pipelines.Cancel(Who.Open, "shop", "sales", null, null, null, Stop));
        Assert.Equal(0, await World.Work());
        var after = await World.Pipelines.Get("shop", "sales", Stop);
        Assert.Equal((5L, 9_995L, 0L), (after.Counts["succeeded"], after.Counts["cancelled"], after.Ahead));
        // What ran while it was cancelled takes no effect.
        Assert.Equal(5, (await Appending.Rows(db)).Count);

        var range = new WindowRange(Origin.Backfill, At(-48), At(-24));
        Assert.Equal((24L, (string?)null), await World.Pipelines.Preview("shop", "sales", range, Stop) is var preview ? (preview.Windows, preview.Request) : default);
        var asked = await World.Pipelines.Ask(Who.Open, "shop", "sales", range, Stop);
        await World.Work(most: 4);
        Assert.Equal(20, await World.Pipelines.Cancel(Who.Open, "shop", "sales", null, null, asked.Request, Stop));
        Assert.Equal(9, (await Appending.Rows(db)).Count);
    }

    [Fact]
    public async Task An_end_that_moves_resets_nothing_and_stops_or_goes_on()
    {
        await World.Says($"sales: {{trigger: {{tumbling: {{every: 1h, start: \"2029-12-31T20:00Z\", end: \"2029-12-31T22:30Z\"}}}}, {Step}}}");
        await World.Work();
        Assert.Equal("SS", await World.States()); // the window that begins at 22:00 would end after it
        await World.Says($"sales: {{trigger: {{tumbling: {{every: 1h, start: \"2029-12-31T20:00Z\", end: \"2029-12-31T21:00Z\"}}}}, {Step}}}");
        await World.Work();
        Assert.Equal("SS", await World.States());
        await World.Says($"sales: {{trigger: {{tumbling: {{every: 1h, start: \"2029-12-31T20:00Z\"}}}}, {Step}}}");
        await World.Work();
        Assert.Equal("SSSS", await World.States());
        Assert.Equal(4, (await Appending.Rows(db)).Count);
    }

    [Fact]
    public async Task Where_windows_lie_cannot_change_once_there_are_some()
    {
        await World.Says($"sales: {{trigger: {{tumbling: {{every: 1h, start: \"2029-12-31T22:00Z\"}}}}, {Step}}}");
        await World.Says($"sales: {{trigger: {{tumbling: {{every: 2h, start: \"2029-12-31T22:00Z\"}}}}, {Step}}}"); // none yet: it may
        await World.Work();
        await World.Says($"sales: {{trigger: {{tumbling: {{every: 1h, start: \"2029-12-31T22:00Z\"}}}}, {Step}}}");
        await Pass(TimeSpan.FromHours(5));
        Assert.Equal(0, await World.Work());
        Assert.Contains("Its windows are 2h from 2029-12-31T22:00:00Z", (await World.Pipelines.Get("shop", "sales", Stop)).Trouble, StringComparison.Ordinal);
        await World.Says($"sales: {{trigger: {{tumbling: {{every: 2h, start: \"2029-12-31T22:00Z\"}}}}, {Step}}}");
        Assert.Equal(2, await World.Work());
    }

    [Fact]
    public async Task Run_again_an_upstream_window_makes_what_looks_at_it_stale_and_a_cascade_makes_it_again_in_order()
    {
        await World.Says($$$"""
            up: {trigger: {tumbling: {every: 1h, start: "2029-12-31T20:00Z"}}, {{{Step}}}}
              sales: {trigger: {tumbling: {every: 1h, start: "2029-12-31T20:00Z", depends_on: [{pipeline: up}]}}, {{{Step}}}}
              report: {trigger: {tumbling: {every: 2h, start: "2029-12-31T20:00Z", depends_on: [{pipeline: sales}]}}, {{{Step}}}}
            """);
        await World.Work();
        await World.Pipelines.Ask(Who.Open, "shop", "up", new(Origin.Rerun, At(-3), At(-2)), Stop);
        await World.Work();
        Assert.Equal([false, true, false, false], (await World.Windows()).Select(window => window.Stale));
        Assert.Equal([true, false], (await World.Windows("report")).Select(window => window.Stale));

        var asked = await World.Pipelines.Ask(Who.Open, "shop", "up", new(Origin.Rerun, At(-3), At(-2), Cascade: true), Stop);
        Assert.Equal([("report", 1L), ("sales", 1L)], asked.Others.OrderBy(pair => pair.Key).Select(pair => (pair.Key, pair.Value)));
        await World.Work();
        Assert.Equal("SSSS" + "SSSS" + "SS", await World.States("up") + await World.States() + await World.States("report"));
        Assert.DoesNotContain(await World.Windows("report"), window => window.Stale);
        Assert.Equal([1, 3, 1, 1], (await World.Windows("up")).Select(window => window.Runs));
        Assert.Equal([1, 2, 1, 1], (await World.Windows()).Select(window => window.Runs));
    }

    [Fact]
    public async Task Two_servers_that_look_at_once_begin_every_window_once()
    {
        var other = World.Server();
        await World.Says($"sales: {{trigger: {{tumbling: {{every: 5m, start: \"2029-12-31T00:00Z\", max_concurrency: 7}}}}, {Step}}}");
        for (var round = 0; round < 5; round++)
            await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Task.Run(() => World.Look(i % 2 == 0 ? 0 : other), Stop)));
        Assert.Equal(7, (await World.States()).Count(state => state == 'r'));
        Assert.Equal(7, (await World.Ledger.Newest("shop", 50, Stop)).Count);
        var done = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(() => World.Work(i % 2 == 0 ? 0 : other), Stop)));
        await World.Work();
        Assert.Equal(288, (await Appending.Rows(db)).Count);
        Assert.Equal(288, (await Appending.Rows(db)).Distinct().Count());
    }

    [Fact]
    public async Task Paused_a_pipeline_begins_nothing_by_itself_and_still_what_is_asked_for()
    {
        await World.Says($"sales: {{trigger: {{tumbling: {{every: 1h, start: \"2029-12-31T20:00Z\"}}}}, {Step}}}");
        await World.Pipelines.Pause(Who.Open, "shop", "sales", true, Stop);
        Assert.Equal(0, await World.Work());
        await World.Pipelines.Run(Who.Open, "shop", "sales", At(-2).AddMinutes(59), null, Stop);
        Assert.Equal(1, await World.Work());
        await World.Pipelines.Pause(Who.Open, "shop", "sales", false, Stop);
        Assert.Equal(3, await World.Work());
        Assert.Equal(["pipeline.paused", "pipeline.run", "pipeline.resumed"], World.Ear.Audited.Select(one => one.Action).Where(one => one.StartsWith("pipeline.", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_window_that_runs_is_not_run_twice_at_once()
    {
        await World.Says($"sales: {{trigger: {{tumbling: {{every: 1h, start: \"2029-12-31T23:00Z\"}}}}, {Step}}}");
        await World.Look();
        Assert.Equal("window_running", (await Assert.ThrowsAsync<ProblemException>(() => World.Pipelines.Run(Who.Open, "shop", "sales", null, null, Stop))).Code);
        Assert.Equal("window_not_over", (await Assert.ThrowsAsync<ProblemException>(() => World.Pipelines.Run(Who.Open, "shop", "sales", At(0), null, Stop))).Code);
        Assert.Equal(1, await World.Work());
    }

    [Fact]
    public async Task A_clock_that_jumps_back_makes_no_window_run_again()
    {
        await World.Says($"sales: {{trigger: {{tumbling: {{every: 1h, start: \"2029-12-31T20:00Z\"}}}}, {Step}}}\n  nightly: {{trigger: {{cron: {{expression: 0 * * * *}}}}, {Step}}}");
        await World.Work();
        await Pass(TimeSpan.FromHours(2));
        await World.Work();
        await Pass(TimeSpan.FromHours(-3));
        await World.Work();
        await Pass(TimeSpan.FromHours(3));
        await World.Work();
        Assert.Equal(6 + 1, (await Appending.Rows(db)).Count);
        Assert.Equal("SSSSSS", await World.States());
    }

    [Fact]
    public async Task One_run_makes_up_for_the_times_of_the_clock_that_were_missed()
    {
        await World.Says($"sales: {{trigger: {{cron: {{expression: 0 6 * * *, zone: Europe/Berlin}}}}, {Step}}}");
        await World.Work();
        await Pass(TimeSpan.FromHours(5));
        Assert.Equal(1, await World.Work());
        await Pass(TimeSpan.FromDays(3));
        Assert.Equal(1, await World.Work());
        Assert.Equal([(At(0), At(5)), (At(5), At(5).AddDays(3))], (await World.Windows()).Select(window => (window.StartAt, window.EndAt)));
    }

    public async ValueTask DisposeAsync()
    {
        if (_world is not null)
            await _world.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private async Task Pass(TimeSpan time)
    {
        World.Clock.Advance(time);
        await Task.CompletedTask;
    }

    private static DateTimeOffset At(int hours) => new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero).AddHours(hours);
}
