using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Steward.Events;
using Steward.Storage;
using Steward.Testing;

namespace Steward.Core.Tests;

public sealed class EventsOnSqliteTests() : EventsTests(Databases.Sqlite());

public sealed class EventsOnPostgresTests() : EventsTests(Databases.Postgres());

/// <summary>What an outbox promises on either engine.</summary>
public abstract class EventsTests(Db db) : IAsyncDisposable
{
    private readonly FakeClock _clock = new();
    private readonly List<IHost> _servers = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_listener_hears_what_was_committed_and_nothing_else()
    {
        var diary = new Diary();
        var events = await Server(diary);
        await Tell(events, 1);
        await Assert.ThrowsAsync<InvalidOperationException>(() => db.Write(async tx =>
        {
            await events.Publish(tx, new Rang(2));
            throw new InvalidOperationException("the deed fails");
        }, Stop));
        await Tell(events, 3);
        await Until("1 and 3 are heard", () => diary.Heard.Contains(3));
        Assert.Equal([1, 3], diary.Heard);
    }

    [Fact]
    public async Task A_deed_that_commits_late_is_not_passed_by()
    {
        var diary = new Diary();
        var events = await Server(diary);
        var (published, commit) = (new TaskCompletionSource(), new TaskCompletionSource());
        var late = db.Write(async tx =>
        {
            await events.Publish(tx, new Rang(1));
            published.TrySetResult();
            await commit.Task;
        }, Stop);
        await published.Task;
        var next = Tell(events, 2);
        commit.SetResult();
        await Task.WhenAll(late, next);
        await Until("both are heard", () => diary.Heard.Count == 2);
        Assert.Equal([1, 2], diary.Heard);
    }

    [Fact]
    public async Task Many_publishers_are_heard_completely_and_each_in_its_own_order()
    {
        var diary = new Diary();
        var events = await Server(diary);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(publisher => Task.Run(async () =>
        {
            for (var i = 0; i < 25; i++)
                await Tell(events, (publisher * 100) + i);
        }, Stop)));
        await Until("all 200 are heard", () => diary.Heard.Count == 200);
        Assert.All(diary.Heard.GroupBy(number => number / 100), own => Assert.Equal(own.Order(), own));
        Assert.Equal(200, diary.Heard.Distinct().Count());
    }

    [Fact]
    public async Task A_listener_that_fails_is_tried_again_and_keeps_nobody_waiting()
    {
        var diary = new Diary { Refuses = (listener, number, nth) => listener == "first" && number == 1 && nth <= 3 };
        var events = await Server(diary);
        await Tell(events, 1);
        await Tell(events, 2);
        await Until("the second hears both while the first still fails", () => diary.HeardBy("second").SequenceEqual([1, 2]));
        await Until("the first hears both in the end", () => diary.HeardBy("first").Count == 2);
        Assert.Equal([1, 2], diary.HeardBy("first"));
        Assert.Equal(4, diary.Tries("first", 1));
    }

    [Fact]
    public async Task After_20_tries_an_event_is_parked_and_the_next_one_is_heard()
    {
        var diary = new Diary { Refuses = (listener, number, _) => listener == "first" && number == 1 };
        var events = await Server(diary);
        await Tell(events, 1);
        await Tell(events, 2);
        await Until("the first hears the second event", () => diary.HeardBy("first").SequenceEqual([2]));
        var parked = Assert.Single(await Store().Parked(10, Stop));
        Assert.Equal((20, "core.rang", """{"number":1}"""), (parked.Tries, parked.Name, parked.Body));
        Assert.Contains("refused 1", parked.Error, StringComparison.Ordinal);
        Assert.Equal(20, diary.Tries("first", 1));
    }

    [Fact]
    public async Task Two_servers_never_tell_one_listener_at_the_same_time()
    {
        var diary = new Diary();
        var events = new[] { await Server(diary), await Server(diary) };
        for (var i = 0; i < 60; i++)
            await Tell(events[i % 2], i);
        await Until("all 60 are heard", () => diary.HeardBy("first").Count >= 60 && diary.HeardBy("second").Count >= 60);
        Assert.Equal(Enumerable.Range(0, 60), diary.HeardBy("first"));
        Assert.Equal(1, diary.MostAtOnce);
    }

    [Fact]
    public async Task A_server_that_died_while_telling_is_replaced_when_its_lease_is_over()
    {
        var diary = new Diary();
        var events = await Server(diary);
        var dead = await Store().Claim(typeof(First).FullName!, "dead", TimeSpan.FromSeconds(30), Stop);
        await Tell(events, 1);
        await Until("the second hears it", () => diary.HeardBy("second").Count == 1, move: false);
        Assert.Empty(diary.HeardBy("first"));
        await Until("the first hears it later", () => diary.HeardBy("first").Count == 1);
        Assert.False(await Store().Advance(dead!, new(1, "core.rang", ""), Stop));
    }

    [Fact]
    public async Task Old_events_go_once_every_listener_has_heard_them()
    {
        var diary = new Diary();
        var events = await Server(diary);
        await Tell(events, 1);
        await Until("it is heard", () => diary.Heard.Count == 1 && diary.HeardBy("second").Count == 1);
        while (await db.One<long>("SELECT min(position) FROM event_cursor", stop: Stop) < 1)
            await Task.Yield();
        await _servers[0].StopAsync(Stop);
        await Tell(events, 2);
        await Store().Prune(_clock.GetUtcNow() + TimeSpan.FromDays(31), Stop);
        Assert.Equal(["""{"number":2}"""], await db.All<string>("SELECT body FROM event", stop: Stop));
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

    private Task Tell(IEvents events, int number) => db.Write(tx => events.Publish(tx, new Rang(number)), Stop);

    private EventStore Store() => _servers[0].Services.GetRequiredService<EventStore>();

    private Task Until(string what, Func<bool> holds, bool move = true) => Eventually.True(what, () =>
    {
        if (holds())
            return true;
        _clock.Advance(move ? TimeSpan.FromSeconds(1) : TimeSpan.Zero);
        return false;
    }, Stop);

    private async Task<IEvents> Server(Diary diary)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(db).AddSingleton<TimeProvider>(_clock).AddSingleton(diary).AddEvents()
            .Listen<Rang, First>().Listen<Rang, Second>();
        var server = builder.Build();
        _servers.Add(server);
        await server.StartAsync(Stop);
        return server.Services.GetRequiredService<IEvents>();
    }

    private sealed record Rang(int Number) : IEvent
    {
        public static string Name => "core.rang";
    }

    /// <summary>What was heard by whom, in order.</summary>
    private sealed class Diary
    {
        private readonly ConcurrentQueue<(string Listener, int Number)> _heard = [];
        private readonly ConcurrentDictionary<(string, int), int> _tries = [];
        private int _now, _most;

        public Func<string, int, int, bool> Refuses { get; init; } = (_, _, _) => false;

        public int MostAtOnce => _most;

        public IReadOnlyList<int> Heard => HeardBy("first");

        public IReadOnlyList<int> HeardBy(string listener) => [.. _heard.Where(one => one.Listener == listener).Select(one => one.Number)];

        public int Tries(string listener, int number) => _tries[(listener, number)];

        public async Task Hear(string listener, int number)
        {
            var nth = _tries.AddOrUpdate((listener, number), 1, (_, before) => before + 1);
            if (Refuses(listener, number, nth))
                throw new InvalidOperationException($"refused {number}");
            if (listener == "first")
                _most = Math.Max(_most, Interlocked.Increment(ref _now));
            await Task.Yield();
            _heard.Enqueue((listener, number));
            if (listener == "first")
                Interlocked.Decrement(ref _now);
        }
    }

    private sealed class First(Diary diary) : IListen<Rang>
    {
        public Task Hear(Rang happened, CancellationToken stop) => diary.Hear("first", happened.Number);
    }

    private sealed class Second(Diary diary) : IListen<Rang>
    {
        public Task Hear(Rang happened, CancellationToken stop) => diary.Hear("second", happened.Number);
    }
}
