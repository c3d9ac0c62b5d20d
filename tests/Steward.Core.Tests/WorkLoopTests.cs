using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Steward.Audit;
using Steward.Identity;
using Steward.Storage;
using Steward.Testing;
using Steward.Work;

namespace Steward.Core.Tests;

public sealed class WorkLoopOnSqliteTests() : WorkLoopTests(Databases.Sqlite());

public sealed class WorkLoopOnPostgresTests() : WorkLoopTests(Databases.Postgres());

/// <summary>What the workers promise on either engine.</summary>
public abstract class WorkLoopTests(Db db) : IAsyncDisposable
{
    private static readonly TimeSpan Lease = TimeSpan.FromHours(1);
    private readonly FakeClock _clock = new();
    private readonly List<IHost> _servers = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_added_task_is_done_at_once_and_its_result_is_kept()
    {
        var server = await Server(new Hand((context, _) => Task.FromResult<object?>(new { twice = context.Claim.Payload<int>() * 2 })));
        var task = await Add(server, "k", 21);
        // The clock stands still: nothing but the bell can have woken the loop.
        await Eventually.True("it is done", async () => (await Find(server, task)).State is WorkState.Done, Stop);
        Assert.Equal("""{"twice":42}""", (await Find(server, task)).Result);
    }

    [Fact]
    public async Task A_task_added_by_another_server_is_found_by_looking()
    {
        var other = await Server([], "other");
        var server = await Server(new Hand((_, _) => Task.FromResult<object?>(null)));
        var task = await Add(other, "k");
        await Until("it is done", async () => (await Find(server, task)).State is WorkState.Done);
    }

    [Fact]
    public async Task Only_a_few_tasks_run_at_once_and_all_run_in_the_end()
    {
        var (now, most) = (0, 0);
        var server = await Server(new Hand(async (_, _) =>
        {
            InterlockedMax(ref most, Interlocked.Increment(ref now));
            await Task.Yield();
            Interlocked.Decrement(ref now);
            return null;
        }), atOnce: 3);
        for (var i = 0; i < 20; i++)
            await Add(server, $"k{i}");
        await Until("all are done", async () => (await Ledger(server).Newest("home", 50, Stop)).All(task => task.State is WorkState.Done));
        Assert.InRange(most, 1, 3);
    }

    [Fact]
    public async Task A_kind_that_wants_one_at_a_time_gets_it_and_holds_up_no_other()
    {
        var (go, running) = (new TaskCompletionSource(), new ConcurrentBag<string>());
        var slow = new Hand(async (context, _) =>
        {
            running.Add(context.Claim.Task.Key);
            await go.Task;
            return null;
        }) { AtOnce = 1 };
        var quick = new Hand((_, _) => Task.FromResult<object?>(null)) { Kind = "quick" };
        var server = await Server([slow, quick]);
        await Add(server, "a");
        await Add(server, "b");
        var other = await Ledger(server).Add(new NewTask("home", "quick", "c", 1), Who.Steward, Stop);
        await Until("the other kind is done", async () => (await Find(server, other)).State is WorkState.Done);
        await Until("one of the slow ones began", () => Task.FromResult(!running.IsEmpty));
        Assert.Single(running);
        go.SetResult();
        await Until("both are done", async () => (await Ledger(server).Newest("home", 50, Stop)).All(task => task.State is WorkState.Done));
    }

    [Fact]
    public async Task A_long_task_keeps_its_lease_and_tells_how_far_it_is()
    {
        var (go, began) = (new TaskCompletionSource(), new TaskCompletionSource());
        var server = await Server(new Hand(async (context, _) =>
        {
            await context.Report(0.5, "half\nway");
            began.SetResult();
            await go.Task;
            return null;
        }));
        var task = await Add(server, "k");
        await began.Task;
        for (var renewals = 0; renewals < 4; renewals++)
        {
            var before = (await Find(server, task)).LeaseUntil!.Value;
            await Eventually.True("the lease is renewed", async () =>
            {
                // Slower towards the end of the lease, so that no busy machine makes it late.
                _clock.Advance(before - _clock.GetUtcNow() > Lease / 3 ? TimeSpan.FromSeconds(20) : TimeSpan.FromSeconds(1));
                return (await Find(server, task)).LeaseUntil > before;
            }, Stop);
        }

        Assert.True(_clock.GetUtcNow() > task.CreatedAt + Lease);
        var now = await Find(server, task);
        Assert.Equal((WorkState.Running, 1, 0.5, "halfway"), (now.State, now.Attempt, now.Progress, now.Message));
        go.SetResult();
        await Until("it is done", async () => (await Find(server, task)).State is WorkState.Done);
        Assert.Equal((1, 1.0), ((await Find(server, task)).Attempt, (await Find(server, task)).Progress));
    }

    [Fact]
    public async Task A_cancelled_task_stops_at_once_and_keeps_nothing()
    {
        var began = new TaskCompletionSource();
        var server = await Server(new Hand(async (_, stop) =>
        {
            began.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, stop);
            return null;
        }));
        var task = await Add(server, "k");
        await began.Task;
        await Ledger(server).Cancel(task.Id, Who.Open, Stop);
        // The clock stands still: it is the cancel that is heard, not the renewal.
        await Eventually.True("it is cancelled", async () => (await Find(server, task)).State is WorkState.Cancelled, Stop);
    }

    [Fact]
    public async Task A_mistake_is_tried_again_and_a_problem_is_final()
    {
        var tries = new ConcurrentDictionary<string, int>();
        var server = await Server(new Hand((context, _) =>
        {
            var nth = tries.AddOrUpdate(context.Claim.Task.Key, 1, (_, before) => before + 1);
            return context.Claim.Task.Key switch
            {
                "third time" when nth == 3 => Task.FromResult<object?>(nth),
                "problem" => throw ProblemException.Invalid("no_data", "There is nothing to count.", "Add some."),
                _ => throw new InvalidOperationException("secret path"),
            };
        }));
        var (luck, never, problem) = (await Add(server, "third time"), await Add(server, "never"), await Add(server, "problem"));
        await Until("all are over", async () => (await Ledger(server).Newest("home", 50, Stop)).All(task => task.IsOver));
        Assert.Equal(("3", null), await Find(server, luck) is var done ? (done.Result, done.Error) : default);
        Assert.Equal((WorkState.Failed, "our_mistake", 3), await Find(server, never) is var failed ? (failed.State, failed.ErrorCode, failed.Attempt) : default);
        Assert.DoesNotContain("secret", (await Find(server, never)).Error, StringComparison.Ordinal);
        Assert.Equal((WorkState.Failed, "no_data", 1, "There is nothing to count. Add some."), await Find(server, problem) is var final ? (final.State, final.ErrorCode, final.Attempt, final.Error) : default);
    }

    [Fact]
    public async Task A_server_that_stops_gives_its_tasks_back_and_the_next_one_goes_on_at_once()
    {
        var began = new TaskCompletionSource();
        var first = await Server(new Hand(async (_, stop) =>
        {
            began.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, stop);
            return null;
        }));
        var task = await Add(first, "k");
        await began.Task;
        await first.StopAsync(Stop);
        Assert.Equal((WorkState.Waiting, 0), await Find(first, task) is var back ? (back.State, back.Attempt) : default);
        var second = await Server(new Hand((_, _) => Task.FromResult<object?>(null)), "another");
        await Eventually.True("it is done", async () => (await Find(second, task)).State is WorkState.Done, Stop);
        Assert.Equal(1, (await Find(second, task)).Attempt);
    }

    [Fact]
    public async Task A_server_that_died_finds_its_task_again_when_it_starts()
    {
        var adding = await Server([], "other");
        var task = await Add(adding, "k");
        Assert.NotNull(await Ledger(adding).Claim(["count"], "here", TimeSpan.FromHours(1), Stop));
        var server = await Server(new Hand((_, _) => Task.FromResult<object?>(null)));
        await Eventually.True("it is done", async () => (await Find(server, task)).State is WorkState.Done, Stop);
        Assert.Equal(2, (await Find(server, task)).Attempt);
    }

    [Fact]
    public async Task A_worker_that_lost_its_task_stops_and_the_effect_happens_once()
    {
        var (go, began, effects) = (new TaskCompletionSource(), new TaskCompletionSource(), 0);
        var server = await Server(new Hand(async (_, stop) =>
        {
            began.TrySetResult();
            try
            {
                await go.Task.WaitAsync(stop);
            }
            catch (OperationCanceledException)
            {
                // goes on all the same: the fence must refuse it
            }

            Interlocked.Increment(ref effects);
            return effects;
        }) { AtOnce = 1 }); // or another worker of the same server might be the one that takes it over
        var task = await Add(server, "k");
        await began.Task;
        // Somebody took it over, and did it.
        await db.Run("UPDATE task SET due_at = 0 WHERE id = @Id", new { task.Id }, Stop);
        var other = await Ledger(server).Claim(["count"], "other", TimeSpan.FromHours(1), Stop);
        await Ledger(server).Complete(other!, _ => Task.FromResult<object?>("other"), Stop);
        _clock.Advance(Lease / 3); // its renewal is due, and tells it
        await Until("the first has stopped", () => Task.FromResult(effects == 1));
        await server.StopAsync(Stop);
        Assert.Equal("\"other\"", (await Find(server, task)).Result);
    }

    [Fact]
    public async Task Somebody_who_watches_sees_every_step_until_the_end()
    {
        var (go, began) = (new TaskCompletionSource(), new TaskCompletionSource());
        var server = await Server(new Hand(async (context, _) =>
        {
            began.SetResult();
            await go.Task;
            await context.Report(0.5, "half");
            return null;
        }));
        var task = await Add(server, "k");
        await began.Task;
        var seen = new List<WorkTask>();
        await foreach (var now in server.Services.GetRequiredService<WorkWatch>().Follow(await Find(server, task), Stop))
        {
            seen.Add(now);
            go.TrySetResult();
        }

        Assert.Equal(WorkState.Running, seen[0].State);
        Assert.Equal((WorkState.Done, "half"), (seen[^1].State, seen[^1].Message));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.StopAsync(Stop);
            server.Dispose();
        }

        await db.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private static void InterlockedMax(ref int most, int now)
    {
        for (var seen = most; now > seen; seen = most)
            Interlocked.CompareExchange(ref most, now, seen);
    }

    private static ILedger Ledger(IHost server) => server.Services.GetRequiredService<ILedger>();

    private static Task<WorkTask> Add(IHost server, string key, object? payload = null) => Ledger(server).Add(new NewTask("home", "count", key, payload ?? 1), Who.Steward, Stop);

    private static async Task<WorkTask> Find(IHost server, WorkTask task) => (await Ledger(server).Find(task.Id, Stop))!;

    private Task Until(string what, Func<Task<bool>> holds) => Eventually.True(what, async () =>
    {
        if (await holds())
            return true;
        _clock.Advance(TimeSpan.FromSeconds(1));
        return false;
    }, Stop);

    private Task<IHost> Server(Hand hand, string worker = "here", int atOnce = 2) => Server([hand], worker, atOnce);

    private async Task<IHost> Server(IReadOnlyList<Hand> hands, string worker = "here", int atOnce = 2)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(new Settings { Data = TestFolder.New() }).AddSingleton(db).AddSingleton<TimeProvider>(_clock).AddSingleton<IAudit>(new Ear()).AddSingleton(new WorkOptions(worker) { AtOnce = atOnce, Lease = Lease }).AddWork();
        foreach (var hand in hands)
            builder.Services.AddSingleton<IWorkHandler>(hand);
        var server = builder.Build();
        _servers.Add(server);
        await server.StartAsync(Stop);
        return server;
    }

    private sealed class Hand(Func<WorkContext, CancellationToken, Task<object?>> work) : IWorkHandler
    {
        public string Kind { get; init; } = "count";

        public int AtOnce { get; init; } = int.MaxValue;

        public async Task<Func<Tx, Task<object?>>> Do(WorkContext context, CancellationToken stop)
        {
            var result = await work(context, stop);
            return _ => Task.FromResult(result);
        }
    }
}
