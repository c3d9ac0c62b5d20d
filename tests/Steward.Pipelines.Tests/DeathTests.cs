using Steward.Identity;
using Steward.Storage;
using Steward.Testing;
using Steward.Work;

namespace Steward.Pipelines.Tests;

public sealed class DeathOnSqliteTests() : DeathTests(Databases.Sqlite());

public sealed class DeathOnPostgresTests() : DeathTests(Databases.Postgres());

/// <summary>Workers that die, and dead ones that wake: every window takes effect once, and every slot comes back.</summary>
public abstract class DeathTests(Db db) : IAsyncDisposable
{
    /// <summary>STEWARD_WINDOWS asks for more than is quick.</summary>
    private static readonly int Windows = int.TryParse(Environment.GetEnvironmentVariable("STEWARD_WINDOWS"), out var many) ? many : 300;
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    private readonly World _world = new(Appending.In(db), new Appending());

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whatever_dies_and_whoever_wakes_every_window_takes_effect_once()
    {
        var other = _world.Server();
        var random = new Random(11);
        await _world.Says($"sales: {{trigger: {{tumbling: {{every: 5m, start: \"{_world.Clock.GetUtcNow().AddMinutes(-5 * Windows):yyyy-MM-ddTHH:mmZ}\", end: \"{_world.Clock.GetUtcNow():yyyy-MM-ddTHH:mmZ}\", max_concurrency: 8, retry: {{count: 5, every: 1s}}}}}}, steps: [{{command: {{run: [append]}}}}]}}");
        List<(Claim Claim, Func<Tx, Task<object?>> Effect)> zombies = [];
        var (deaths, fenced) = (0, 0);
        while ((await _world.Pipelines.Get("shop", "sales", Stop)).Counts is var states && states.GetValueOrDefault("succeeded") < Windows)
        {
            Assert.InRange(states.GetValueOrDefault("running"), 0, 8);
            var server = random.Next(2) * other;
            await _world.Look(server);
            while (await _world.Claim($"w{random.Next(5)}", Lease, server) is { } claim)
                switch (random.Next(10))
                {
                    case 0: // dies before it did anything
                        deaths++;
                        break;
                    case 1: // dies after all the work, or sleeps and wakes later
                        zombies.Add((claim, await _world.Do(claim, server)));
                        break;
                    default:
                        await _world.Ledger.Complete(claim, await _world.Do(claim, server), Stop);
                        break;
                }

            _world.Clock.Advance(Lease * random.NextDouble() * 1.5);
            foreach (var woken in zombies.Where(_ => random.Next(3) == 0).ToList())
            {
                zombies.Remove(woken);
                try
                {
                    await _world.Ledger.Complete(woken.Claim, woken.Effect, Stop);
                }
                catch (ProblemException late) when (late.Code is "lease_lost" or "window_taken")
                {
                    fenced++;
                }
            }
        }

        Assert.True(deaths > 20 && fenced > 5, $"{deaths} died, {fenced} woke too late: too few to prove anything.");
        var rows = await Appending.Rows(db);
        Assert.Equal(Windows, rows.Distinct().Count(row => row.Pipeline == "sales"));
        Assert.Equal(rows.Distinct().Count(), rows.Count);
    }

    [Fact]
    public async Task A_window_whose_workers_always_die_fails_and_gives_its_slot_back()
    {
        await _world.Says($"sales: {{trigger: {{tumbling: {{every: 1h, start: \"2029-12-31T22:00Z\"}}}}, steps: [{{command: {{run: [append]}}}}]}}");
        await _world.Look();
        for (var deaths = 0; deaths < 10; deaths++)
        {
            Assert.NotNull(await _world.Claim());
            _world.Clock.Advance(Lease);
        }

        Assert.Null(await _world.Claim());
        _world.Clock.Advance(TimeSpan.FromSeconds(1));
        await _world.Look();
        Assert.Equal("Fr", await _world.States());
        Assert.Contains("worker was lost", (await _world.Windows())[0].Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_runs_while_it_is_cancelled_takes_no_effect_and_its_slot_is_free_at_once()
    {
        await _world.Says($"sales: {{trigger: {{tumbling: {{every: 1h, start: \"2029-12-31T22:00Z\"}}}}, steps: [{{command: {{run: [append]}}}}]}}");
        await _world.Look();
        var claim = (await _world.Claim())!;
        var effect = await _world.Do(claim);
        await _world.Pipelines.Cancel(Who.Open, "shop", "sales", claim.Payload<WindowOrder>().Start, claim.Payload<WindowOrder>().Start.AddHours(1), null, Stop);
        Assert.Equal("task_cancelled", (await Assert.ThrowsAsync<ProblemException>(() => _world.Ledger.Complete(claim, effect, Stop))).Code);
        Assert.Equal(1, await _world.Work());
        Assert.Equal("CS", await _world.States());
        Assert.Single(await Appending.Rows(db));
    }

    [Fact]
    public async Task A_task_that_somebody_cancels_cancels_its_window()
    {
        await _world.Says($"sales: {{trigger: {{tumbling: {{every: 1h, start: \"2029-12-31T23:00Z\"}}}}, steps: [{{command: {{run: [append]}}}}]}}");
        await _world.Look();
        await _world.Ledger.Cancel((await _world.Windows())[0].Task!, Who.Open, Stop);
        _world.Clock.Advance(TimeSpan.FromSeconds(1));
        await _world.Look();
        Assert.Equal("C", await _world.States());
        Assert.Equal(0, await _world.Work());
    }

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
