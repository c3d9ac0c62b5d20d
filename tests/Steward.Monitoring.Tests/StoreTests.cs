using Steward.Projects;
using Steward.Storage;
using Steward.Testing;

namespace Steward.Monitoring.Tests;

public class StoreOnSqliteTests() : StoreTests(Databases.Sqlite());
public class StoreOnPostgresTests() : StoreTests(Databases.Postgres());

/// <summary>The same promises on both engines.</summary>
public abstract class StoreTests(Db db) : IAsyncDisposable
{
    private static readonly DateTimeOffset At = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly WindowStore _windows = new(db);
    private readonly IncidentStore _incidents = new(db);
    private readonly DeedStore _deeds = new(db);
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_window_is_found_again_as_it_was()
    {
        var one = Sample(1) with { Drift = new(3.5, 2, 1e-6, 398, Against.NewNormal, 4), Alarms = [LoopWhen.LowConfidence, LoopWhen.Drift], State = WindowState.Alarm, Incident = 7, Note = "why", Before = new(At, "before"), Kinds = new("kiwi", 40, 100, true, 33, 30, 240, 1e-9, 1e-6, Against.NewNormal, 2), Telling = [new("p1", LoopWhen.Drift), new("p2", LoopWhen.ClassShare)] };
        await Keep(one);
        var found = Assert.Single(await _windows.Newest("fruit", 10, Stop));
        Assert.Equal(one.Alarms, found.Alarms);
        Assert.Equal(one.Telling, found.Telling);
        Assert.Equal(one with { Alarms = [], Telling = [] }, found with { Alarms = [], Telling = [] });
        Assert.Equal(found.Number, Assert.Single(await _windows.OfIncident("shop", 7, 10, Stop)).Number);
    }

    [Fact]
    public async Task A_batch_of_feedback_is_kept_once_and_found_again_as_it_was()
    {
        var store = new MistakeStore(db);
        var one = new Mistakes("shop", "fruit", 2, 1, At, At.AddHours(1), 20, 7, 2, 12, 40, 11, 20, 240, 1e-5, ["p1", "p2"], null, At.AddHours(2)) { LastId = "last" };
        Assert.True(await db.Write(tx => MistakeStore.Add(tx, one), Stop));
        Assert.False(await db.Write(tx => MistakeStore.Add(tx, one with { Wrong = 0 }), Stop));
        Assert.True(await db.Write(tx => MistakeStore.Add(tx, one with { Number = 2, Limit = null, To = At.AddHours(3) }), Stop));
        await db.Write(tx => MistakeStore.Belongs(tx, one, 4), Stop);
        var found = Assert.Single(await store.OfIncident("shop", 4, Stop));
        Assert.Equal(one.Telling, found.Telling);
        Assert.Equal(one with { Telling = [], Incident = 4 }, found with { Telling = [] });
        Assert.Equal([2, 1], (await store.Last("fruit", 2, 9, Stop)).Select(batch => batch.Number));
        Assert.Equal([null, 11], (await store.Newest("fruit", 9, Stop)).Select(batch => batch.Limit));
        Assert.Empty(await store.Last("fruit", 3, 9, Stop));
    }

    [Fact]
    public async Task A_window_is_passed_once_and_in_order()
    {
        Assert.True(await Keep(Sample(1)));
        Assert.False(await Keep(Sample(1)));
        Assert.False(await Keep(Sample(3)));
        Assert.True(await Keep(Sample(2)));
        var watch = await _windows.Watch("fruit", 2, Stop);
        Assert.Equal((2, "last2"), (watch.Windows, watch.Last!.Id));
        Assert.Equal([1, 2], (await _windows.Last("fruit", 2, 5, Stop)).Select(window => window.Number));
    }

    [Fact]
    public async Task What_became_normal_stays_with_the_version()
    {
        await Keep(Sample(1));
        await db.Write(tx => WindowStore.SetNormal(tx, "fruit", 2, Digest.Of("n")), Stop);
        await Keep(Sample(2));
        Assert.Equal(Digest.Of("n"), (await _windows.Watch("fruit", 2, Stop)).Normal);
    }

    [Fact]
    public async Task An_endpoint_has_one_open_incident_and_as_many_closed_ones_as_it_had()
    {
        var first = await Open();
        Assert.Equal("already_there", (await Assert.ThrowsAsync<ProblemException>(Open)).Code);
        await db.Write(tx => IncidentStore.Change(tx, first with { State = IncidentState.Closed, ClosedAt = At, Cause = "light", ClosedBy = "mia" }), Stop);
        var second = await Open();
        Assert.Equal((1, 2), (first.Number, second.Number));
        Assert.Equal([2, 1], (await _incidents.All("shop", 10, Stop)).Select(one => one.Number));
        Assert.Equal(1, await _incidents.Waiting("shop", Stop));
        Assert.Equal(2, (await _incidents.Last("fruit", Stop))!.Number);
        Assert.Equal("light", (await _incidents.Find("shop", 1, Stop))!.Cause);
    }

    [Fact]
    public async Task The_timeline_keeps_its_order_and_tells_a_thing_once()
    {
        var on = await Open();
        foreach (var key in new[] { "b", "a", "b", "c" })
            await db.Write(tx => IncidentStore.Tell(tx, on, key, "note", key, "steward", At, new { key }), Stop);
        var told = await _incidents.Timeline("shop", on.Number, Stop);
        Assert.Equal(["b", "a", "c"], told.Select(entry => entry.Text));
        Assert.Equal("b", told[0].Detail!.Value.GetProperty("key").GetString());
    }

    [Fact]
    public async Task A_deed_is_wanted_decided_and_done_once()
    {
        var deed = Deed.Wanted(await Open(), DeedKind.BackOrAbstain, 2, At);
        Assert.True(await db.Write(tx => DeedStore.Want(tx, deed), Stop));
        Assert.False(await db.Write(tx => DeedStore.Want(tx, deed), Stop));
        Assert.Empty(await _deeds.Due(At.AddSeconds(-1), Stop));
        Assert.Equal(deed, Assert.Single(await _deeds.Due(At, Stop)));
        Assert.True(await _deeds.Decide(deed.Id, "{}", Stop));
        Assert.False(await _deeds.Decide(deed.Id, "[]", Stop));
        await _deeds.Later(deed.Id, At.AddMinutes(1), Stop);
        Assert.Empty(await _deeds.Due(At, Stop));
        Assert.True(await db.Write(tx => DeedStore.Done(tx, deed.Id, At), Stop));
        Assert.False(await db.Write(tx => DeedStore.Done(tx, deed.Id, At), Stop));
        var done = (await _deeds.LastDone("fruit", DeedKind.BackOrAbstain, Stop))!;
        Assert.Equal(("{}", DeedState.Done, 1), (done.Decision, done.State, done.Tries));
        Assert.Empty(await _deeds.Due(At.AddDays(1), Stop));
    }

    [Fact]
    public async Task Labels_asked_for_a_version_count_for_older_ones_in_the_same_round()
    {
        var on = await Open();
        await db.Write(tx => DeedStore.Want(tx, Deed.Wanted(on, DeedKind.AskForLabels, 2, At, 40)), Stop);
        foreach (var (version, round, asked) in new[] { (1, 1, true), (2, 1, true), (3, 1, false), (2, 2, false) })
            Assert.Equal(asked, await db.Write(tx => DeedStore.Asked(tx, on with { Round = round }, version), Stop));
    }

    public async ValueTask DisposeAsync()
    {
        await db.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private Task<bool> Keep(Window window) => db.Write(async tx =>
    {
        if (!await WindowStore.Advance(tx, window))
            return false;
        await WindowStore.Add(tx, window);
        return true;
    }, Stop);

    private Task<Incident> Open() => db.Write(async tx =>
    {
        var made = new Incident("shop", await IncidentStore.NextNumber(tx, "shop"), "fruit", "fruit", 2, IncidentState.Open, [LoopWhen.Drift], "It looks unfamiliar.", At, At, At, 1, 100, 1, 0, null, null, null, null);
        await IncidentStore.Add(tx, made);
        return made;
    }, Stop);

    private static Window Sample(int number) => new("shop", "fruit", 2, number, At.AddSeconds(number), At.AddSeconds(number + 1), 100, WindowState.Quiet, [], new(3, 200, 0.6, 9, 2, 240, 0.1, 2), null, null, null, At)
    {
        Last = new(At.AddSeconds(number + 1), $"last{number}"),
    };
}
