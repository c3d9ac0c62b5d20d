using System.Diagnostics;
using Steward.Identity;
using Steward.Storage;
using Steward.Testing;
using Steward.Work;

namespace Steward.Core.Tests;

public sealed class WorkerKillOnSqliteTests() : WorkerKillTests("sqlite:" + Path.Combine(TestFolder.New(), "steward.db"), workers: 1);

public sealed class WorkerKillOnPostgresTests() : WorkerKillTests(TestPostgres.NewDatabase(), workers: 2);

/// <summary>Real workers in real processes, killed at any moment: every task is done, and its effect happens once.</summary>
public abstract class WorkerKillTests(string address, int workers) : IAsyncLifetime
{
    private readonly Db _db = Db.Connect(address);
    private readonly Random _chance = new(20);
    private readonly List<(string Folder, Process Process)> _workers = [];
    private int _added;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killed_again_and_again_and_started_again_they_do_every_task_once()
    {
        for (var kill = 1; kill <= 5; kill++)
        {
            await Add(8);
            await Eventually.True("one is running", async () => await Count("state = 'running' AND message IS NOT NULL") > 0, Stop);
            var victim = _chance.Next(workers);
            _workers[victim].Process.Kill();
            await _workers[victim].Process.WaitForExitAsync(Stop);
            _workers[victim].Process.Dispose();
            _workers[victim] = await Start(_workers[victim].Folder);
        }

        await AllAreDoneOnce(40);
        Assert.True(await Count("attempt > 1") > 0, "no kill hit a running task");
    }

    [Fact]
    public async Task What_a_killed_worker_held_is_done_by_the_one_that_is_left_or_by_the_next_one()
    {
        await Add(20);
        await Eventually.True("some are done", async () => await Effects() > 2, Stop);
        _workers[0].Process.Kill();
        if (workers == 1)
            _workers.Add(await Start(TestFolder.New())); // not the one that died: it knows nothing but the ledger
        await AllAreDoneOnce(20);
    }

    public async ValueTask InitializeAsync()
    {
        await _db.Migrate([typeof(IRoom).Assembly], Stop);
        await _db.Run("CREATE TABLE effect (key text NOT NULL, fence bigint NOT NULL)", stop: Stop);
        for (var i = 0; i < workers; i++)
            _workers.Add(await Start(TestFolder.New()));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, process) in _workers)
        {
            process.Kill();
            process.Dispose();
        }

        await _db.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private static async Task<(string, Process)> Start(string folder, string address)
    {
        var process = Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Steward.Crash"), ["work", folder, address]) { RedirectStandardOutput = true })!;
        Assert.Equal("ready", await process.StandardOutput.ReadLineAsync(Stop));
        return (folder, process);
    }

    private Task<(string, Process)> Start(string folder) => Start(folder, address);

    private async Task Add(int tasks)
    {
        var ledger = new Ledger(_db, new Ear(), new Backoff(new Random(1)), new WorkSignals(), TimeProvider.System);
        for (var i = 0; i < tasks; i++)
            await ledger.Add(new NewTask("home", "step", $"step {_added++}", i, MaxAttempts: 20), Who.Steward, Stop);
    }

    private async Task AllAreDoneOnce(int tasks)
    {
        await Eventually.True("all are done", async () => await Count("state = 'done'") == tasks, Stop);
        var effects = await _db.All<string>("SELECT key FROM effect", stop: Stop);
        Assert.Equal(Enumerable.Range(0, tasks).Select(i => $"step {i}").Order(), effects.Order());
        // The effect that is there is the one of the worker whose end was kept.
        Assert.Equal(0, await _db.One<long>("SELECT count(*) FROM effect e JOIN task t ON t.key = e.key WHERE t.fence <> e.fence", stop: Stop));
    }

    private Task<long> Effects() => _db.One<long>("SELECT count(*) FROM effect", stop: Stop);

    private Task<long> Count(string which) => _db.One<long>($"SELECT count(*) FROM task WHERE {which}", stop: Stop);
}
