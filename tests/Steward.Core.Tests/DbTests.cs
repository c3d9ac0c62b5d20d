using Steward.Storage;
using Steward.Testing;

namespace Steward.Core.Tests;

public class DbOnSqliteTests() : DbTests(Databases.Sqlite());

public class DbOnPostgresTests() : DbTests(Databases.Postgres());

/// <summary>The same promises, kept by both engines.</summary>
public abstract class DbTests(Db db) : IAsyncLifetime
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private enum Mood { Calm, VeryHappy }

    private sealed record Note(string Id, Mood Mood, DateTimeOffset At, bool Read, int Stars, double? Score, Digest? Picture);

    [Fact]
    public async Task A_record_is_read_back_as_it_was_written()
    {
        var note = new Note("a", Mood.VeryHappy, new(2026, 5, 12, 9, 10, 11, 12, TimeSpan.Zero), true, 5, 0.125, Digest.Of("x"));
        await Save(note);
        Assert.Equal(note, await db.One<Note>("SELECT id, mood, at, read, stars, score, picture FROM note", stop: Stop));
    }

    [Fact]
    public async Task Nothing_stays_nothing()
    {
        var note = new Note("a", Mood.Calm, DateTimeOffset.UnixEpoch, false, 0, null, null);
        await Save(note);
        Assert.Equal(note, await db.One<Note>("SELECT id, mood, at, read, stars, score, picture FROM note", stop: Stop));
    }

    [Fact]
    public async Task A_write_that_fails_leaves_nothing_and_takes_nobody_with_it()
    {
        var writes = Enumerable.Range(0, 200).Select(i => Record.ExceptionAsync(() => db.Write(async tx =>
        {
            await tx.Run("INSERT INTO note (id, mood, at, read, stars) VALUES (@id, 'calm', 0, 0, 1)", new { id = $"n{i}" });
            if (i % 3 == 0)
                throw new InvalidOperationException("changed my mind");
        }, Stop)).AsTask());
        var errors = await Task.WhenAll(writes);
        Assert.Equal(67, errors.Count(error => error is InvalidOperationException));
        Assert.Equal(133, await db.One<long>("SELECT count(*) FROM note", stop: Stop));
    }

    [Fact]
    public async Task A_name_taken_twice_is_a_conflict_in_words()
    {
        var note = new Note("a", Mood.Calm, DateTimeOffset.UnixEpoch, false, 0, null, null);
        await Save(note);
        var problem = await Assert.ThrowsAsync<ProblemException>(() => Save(note));
        Assert.Equal("already_there", problem.Code);
    }

    [Fact]
    public async Task A_write_inside_a_write_is_refused_instead_of_waiting_for_ever()
        => await Assert.ThrowsAsync<InvalidOperationException>(() => db.Write(_ => db.Run("DELETE FROM note", stop: Stop), Stop));

    [Fact]
    public async Task Many_writers_at_once_lose_nothing()
    {
        await Save(new("sum", Mood.Calm, DateTimeOffset.UnixEpoch, false, 0, null, null));
        await Parallel.ForAsync(0, 500, Stop, async (_, stop) => await db.Run("UPDATE note SET stars = stars + 1 WHERE id = 'sum'", stop: stop));
        Assert.Equal(500, await db.One<long>("SELECT stars FROM note WHERE id = 'sum'", stop: Stop));
    }

    [Fact]
    public async Task Whoever_waits_for_the_commit_is_woken_only_when_it_happened()
    {
        var woken = new List<string>();
        await db.Write(tx => { tx.AfterCommit(() => woken.Add("kept")); return tx.Run("DELETE FROM note"); }, Stop);
        await Assert.ThrowsAsync<InvalidOperationException>(() => db.Write(Task (tx) => { tx.AfterCommit(() => woken.Add("lost")); throw new InvalidOperationException(); }, Stop));
        Assert.Equal(["kept"], woken);
    }

    [Fact]
    public async Task Bringing_a_store_up_to_date_twice_changes_nothing()
    {
        await db.Migrate(Steward.Host.Platform.Assemblies, Stop);
        Assert.Equal(0, await db.One<long>("SELECT count(*) FROM project", stop: Stop));
    }

    [Fact]
    public async Task Data_of_a_newer_program_is_left_alone()
    {
        await db.Run("UPDATE steward_migration SET version = '10.999' WHERE version = '10.001'", stop: Stop);
        var problem = await Assert.ThrowsAsync<ProblemException>(() => db.Migrate(Steward.Host.Platform.Assemblies, Stop));
        Assert.Equal("data_newer", problem.Code);
    }

    public async ValueTask InitializeAsync() => await db.Run("CREATE TABLE note (id text PRIMARY KEY, mood text NOT NULL, at bigint NOT NULL, read bigint NOT NULL, stars bigint NOT NULL, score double precision, picture text)");

    public async ValueTask DisposeAsync()
    {
        await db.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private Task Save(Note note) => db.Run("INSERT INTO note (id, mood, at, read, stars, score, picture) VALUES (@Id, @Mood, @At, @Read, @Stars, @Score, @Picture)", note, Stop);
}
