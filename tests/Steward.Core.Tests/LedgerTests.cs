using Steward.Identity;
using Steward.Storage;
using Steward.Testing;
using Steward.Work;

namespace Steward.Core.Tests;

public sealed class LedgerOnSqliteTests() : LedgerTests(Databases.Sqlite());

public sealed class LedgerOnPostgresTests() : LedgerTests(Databases.Postgres());

/// <summary>What the ledger promises on either engine.</summary>
public abstract class LedgerTests : IAsyncDisposable
{
    private static readonly string[] Kinds = ["count"];
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    private readonly FakeClock _clock = new();
    private readonly Ear _ear = new();
    private readonly Db _db;
    private readonly ILedger _ledger;

    protected LedgerTests(Db db)
    {
        _db = db;
        _ledger = new Ledger(db, _ear, new Backoff(new Random(1)), new WorkSignals(), _clock);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sixteen_who_add_one_key_at_once_get_one_task()
    {
        var added = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() => Add("same", payload: i), Stop)));
        Assert.Single(added.Select(task => task.Id).Distinct());
        Assert.Single(await _ledger.Newest("home", 50, Stop));
    }

    [Fact]
    public async Task A_key_belongs_to_its_project_and_kind()
    {
        var here = await Add("same");
        Assert.NotEqual(here.Id, (await _ledger.Add(new NewTask("abroad", "count", "same", 1), Who.Steward, Stop)).Id);
        Assert.NotEqual(here.Id, (await _ledger.Add(new NewTask("home", "train", "same", 1), Who.Steward, Stop)).Id);
    }

    [Fact]
    public async Task A_key_that_is_done_never_runs_again()
    {
        var first = await Add("once");
        await _ledger.Complete(await Claimed(), _ => Task.FromResult<object?>(new { counted = 3 }), Stop);
        var again = await Add("once");
        Assert.Equal((first.Id, WorkState.Done, """{"counted":3}"""), (again.Id, again.State, again.Result));
        Assert.Null(await Claim());
    }

    [Fact]
    public async Task A_task_added_by_a_deed_that_failed_is_not_there()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => _db.Write(async tx =>
        {
            await _ledger.Add(tx, new NewTask("home", "count", "never", 1), Who.Steward);
            throw new InvalidOperationException("the deed fails");
        }, Stop));
        Assert.Empty(await _ledger.Newest("home", 50, Stop));
    }

    [Fact]
    public async Task Two_workers_never_hold_the_same_task()
    {
        for (var i = 0; i < 40; i++)
            await Add($"k{i}");
        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            var own = new List<string>();
            while (await Claim($"worker {worker}") is { } claim)
                own.Add(claim.Task.Key);
            return own;
        }, Stop)));
        var all = taken.SelectMany(own => own).ToList();
        Assert.Equal(40, all.Count);
        Assert.Equal(40, all.Distinct().Count());
    }

    [Fact]
    public async Task The_task_that_is_due_longest_comes_first_and_only_of_the_kinds_asked_for()
    {
        await Add("second", notBefore: _clock.GetUtcNow().AddSeconds(-1));
        await Add("first", notBefore: _clock.GetUtcNow().AddSeconds(-2));
        Assert.Null(await _ledger.Claim(["other"], "a", Lease, Stop));
        Assert.Null(await _ledger.Claim([], "a", Lease, Stop));
        Assert.Equal("first", (await Claimed()).Task.Key);
        Assert.Equal("second", (await Claimed()).Task.Key);
    }

    [Fact]
    public async Task A_task_for_later_waits_for_its_time()
    {
        await Add("later", notBefore: _clock.GetUtcNow().AddHours(1));
        Assert.Null(await Claim());
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.NotNull(await Claim());
    }

    [Fact]
    public async Task A_worker_that_is_not_heard_of_is_replaced_and_what_it_makes_is_refused()
    {
        await Add("k");
        var old = await Claimed("old");
        _clock.Advance(Lease - TimeSpan.FromMilliseconds(1));
        Assert.Null(await Claim("new"));
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        var now = await Claimed("new");
        Assert.Equal((old.Task.Id, old.Fence + 1, 2), (now.Task.Id, now.Fence, now.Task.Attempt));

        Assert.False(await _ledger.Renew(old, Lease, 0.9, "late", Stop));
        await _ledger.Fail(old, "late", again: false, stop: Stop);
        await _ledger.GiveBack(old, Stop);
        var effects = 0;
        var refused = await Assert.ThrowsAsync<ProblemException>(() => _ledger.Complete(old, _ => Task.FromResult<object?>(++effects), Stop));
        Assert.Equal(("lease_lost", 0), (refused.Code, effects));
        Assert.Equal((WorkState.Running, "new"), await StateAndWorker(now));

        await _ledger.Complete(now, _ => Task.FromResult<object?>(null), Stop);
        Assert.Equal(WorkState.Done, (await Find(now)).State);
        Assert.Equal("lease_lost", (await Assert.ThrowsAsync<ProblemException>(() => _ledger.Complete(now, _ => Task.FromResult<object?>(null), Stop))).Code);
    }

    [Fact]
    public async Task A_renewed_lease_holds_and_tells_progress()
    {
        await Add("k");
        var claim = await Claimed();
        for (var i = 1; i <= 3; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(20));
            Assert.True(await _ledger.Renew(claim, Lease, i / 4.0, i == 2 ? "half" : null, Stop));
        }

        Assert.Null(await Claim("other"));
        var task = await Find(claim);
        Assert.Equal((0.75, "half", _clock.GetUtcNow() + Lease), (task.Progress, task.Message, task.LeaseUntil));
    }

    [Fact]
    public async Task An_effect_that_fails_leaves_nothing_and_the_task_undone()
    {
        await Add("k");
        var claim = await Claimed();
        await Assert.ThrowsAsync<InvalidOperationException>(() => _ledger.Complete(claim, async tx =>
        {
            await _ledger.Add(tx, new NewTask("home", "count", "follows", 1), Who.Steward);
            throw new InvalidOperationException("the effect fails");
        }, Stop));
        Assert.Equal("k", Assert.Single(await _ledger.Newest("home", 50, Stop)).Key);
        Assert.Equal(WorkState.Running, (await Find(claim)).State);
        await _ledger.Complete(claim, async tx => (await _ledger.Add(tx, new NewTask("home", "count", "follows", 1), Who.Steward)).Key, Stop);
        Assert.Equal((WorkState.Done, "\"follows\""), ((await Find(claim)).State, (await Find(claim)).Result));
        Assert.Equal(2, (await _ledger.Newest("home", 50, Stop)).Count);
    }

    [Fact]
    public async Task Work_that_came_to_its_end_and_failed_keeps_what_it_wrote_and_is_not_tried_again()
    {
        await Add("k");
        var claim = await Claimed();
        await _ledger.Complete(claim, async tx =>
        {
            await _ledger.Add(tx, new NewTask("home", "count", "follows", 1), Who.Steward);
            return new WorkFailed("Two rows are too many.", "rows_many");
        }, Stop);
        var task = await Find(claim);
        Assert.Equal((WorkState.Failed, "Two rows are too many.", "rows_many", null), (task.State, task.Error, task.ErrorCode, task.Result));
        Assert.Equal("follows", (await Claim())!.Task.Key);
        Assert.Null(await Claim());
    }

    [Fact]
    public async Task A_failed_task_is_tried_again_later_each_time_until_its_attempts_are_used_up()
    {
        await Add("k");
        foreach (var seconds in (int[])[1, 2])
        {
            await _ledger.Fail(await Claimed(), "it broke", again: true, "broken", Stop);
            Assert.Null(await Claim());
            _clock.Advance(TimeSpan.FromSeconds(seconds));
        }

        var last = await Claimed();
        await _ledger.Fail(last, "it broke", again: true, "broken", Stop);
        _clock.Advance(TimeSpan.FromDays(1));
        Assert.Null(await Claim());
        var task = await Find(last);
        Assert.Equal((WorkState.Failed, "it broke", "broken", 3), (task.State, task.Error, task.ErrorCode, task.Attempt));
    }

    [Fact]
    public async Task A_final_failure_is_not_tried_again()
    {
        await Add("k");
        var claim = await Claimed();
        await _ledger.Fail(claim, "no such data", again: false, stop: Stop);
        _clock.Advance(TimeSpan.FromDays(1));
        Assert.Null(await Claim());
        Assert.Equal(WorkState.Failed, (await Find(claim)).State);
    }

    [Fact]
    public async Task A_task_that_takes_every_worker_down_with_it_ends()
    {
        await Add("poison");
        Claim? last = null;
        while (await Claim() is { } claim)
        {
            last = claim;
            _clock.Advance(Lease);
        }

        var task = await Find(last!);
        Assert.Equal((WorkState.Failed, "worker_lost", 3), (task.State, task.ErrorCode, task.Attempt));
        Assert.NotNull(task.EndedAt);
    }

    [Fact]
    public async Task A_waiting_task_is_cancelled_at_once_and_that_is_on_the_record()
    {
        var task = await Add("k");
        var after = await _ledger.Cancel(task.Id, Who.Open, Stop);
        Assert.Equal(WorkState.Cancelled, after.State);
        Assert.Null(await Claim());
        Assert.Equal(after, await _ledger.Cancel(task.Id, Who.Open, Stop));
        Assert.Equal(("task.cancelled", "count k"), Assert.Single(_ear.Audited));
    }

    [Fact]
    public async Task A_running_task_hears_of_its_cancel_at_the_next_renewal_and_its_effect_is_refused()
    {
        await Add("k");
        var claim = await Claimed();
        Assert.Equal((WorkState.Running, true), (await _ledger.Cancel(claim.Task.Id, Who.Open, Stop)) is var asked ? (asked.State, asked.CancelAsked) : default);
        Assert.False(await _ledger.Renew(claim, Lease, stop: Stop));
        Assert.Equal("task_cancelled", (await Assert.ThrowsAsync<ProblemException>(() => _ledger.Complete(claim, _ => Task.FromResult<object?>(1), Stop))).Code);
        await _ledger.Fail(claim, "cancelled", again: true, stop: Stop);
        Assert.Equal(WorkState.Cancelled, (await Find(claim)).State);
        Assert.Null(await Claim());
    }

    [Fact]
    public async Task A_task_cancelled_while_its_worker_died_is_not_done_by_another_one()
    {
        await Add("k");
        var claim = await Claimed();
        await _ledger.Cancel(claim.Task.Id, Who.Open, Stop);
        _clock.Advance(Lease);
        Assert.Null(await Claim("other"));
        Assert.Equal((WorkState.Cancelled, 1), ((await Find(claim)).State, (await Find(claim)).Attempt));
    }

    [Fact]
    public async Task What_is_over_cannot_be_cancelled_and_what_is_not_there_neither()
    {
        await Add("k");
        var claim = await Claimed();
        await _ledger.Complete(claim, _ => Task.FromResult<object?>(null), Stop);
        Assert.Equal("task_over", (await Assert.ThrowsAsync<ProblemException>(() => _ledger.Cancel(claim.Task.Id, Who.Open, Stop))).Code);
        Assert.Equal("task_not_found", (await Assert.ThrowsAsync<ProblemException>(() => _ledger.Cancel("none", Who.Open, Stop))).Code);
        Assert.Null(await _ledger.Find("none", Stop));
    }

    [Fact]
    public async Task A_task_given_back_is_due_at_once_and_the_attempt_does_not_count()
    {
        await Add("k");
        await _ledger.GiveBack(await Claimed("old"), Stop);
        Assert.Equal(1, (await Claimed("new")).Task.Attempt);
    }

    [Fact]
    public async Task A_worker_that_starts_again_takes_back_what_it_held_and_nothing_else()
    {
        await Add("a");
        await Add("b");
        var (own, other) = (await Claimed("own"), await Claimed("other"));
        Assert.Equal(1, await ((Ledger)_ledger).TakeBack("own", Stop));
        Assert.Equal((own.Task.Id, 2), await Claimed("own") is var back ? (back.Task.Id, back.Task.Attempt) : default);
        Assert.True(await _ledger.Renew(other, Lease, stop: Stop));
    }

    [Fact]
    public async Task The_newest_tasks_of_a_project_are_listed_newest_first()
    {
        foreach (var key in (string[])["a", "b", "c"])
        {
            await Add(key);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        await _ledger.Add(new NewTask("abroad", "count", "foreign", 1), Who.Steward, Stop);
        Assert.Equal(["c", "b"], (await _ledger.Newest("home", 2, Stop)).Select(task => task.Key));
    }

    public async ValueTask DisposeAsync()
    {
        await _db.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private Task<WorkTask> Add(string key, object? payload = null, DateTimeOffset? notBefore = null)
        => _ledger.Add(new NewTask("home", "count", key, payload ?? new { to = 3 }, NotBefore: notBefore), Who.Steward, Stop);

    private Task<Claim?> Claim(string worker = "worker") => _ledger.Claim(Kinds, worker, Lease, Stop);

    private async Task<Claim> Claimed(string worker = "worker")
    {
        var claim = await Claim(worker);
        Assert.NotNull(claim);
        return claim;
    }

    private async Task<WorkTask> Find(Claim claim) => (await _ledger.Find(claim.Task.Id, Stop))!;

    private async Task<(WorkState, string?)> StateAndWorker(Claim claim) => await Find(claim) is var task ? (task.State, task.Worker) : default;
}
