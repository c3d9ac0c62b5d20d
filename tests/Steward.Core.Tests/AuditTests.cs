using Microsoft.Extensions.Logging.Abstractions;
using Steward.Audit;
using Steward.Identity;
using Steward.Storage;
using Steward.Testing;

namespace Steward.Core.Tests;

public abstract class AuditTests : IAsyncDisposable
{
    private static readonly Who Ada = new("ada", "Ada", Who.Nobody.Roles);
    private readonly Settings _settings = new() { Data = TestFolder.New() };
    private readonly Db _db;
    private readonly AuditLog _log;
    private readonly AuditSeal _seal;

    protected AuditTests(Db db)
    {
        _db = db;
        _log = new(db, TimeProvider.System);
        _seal = new(_settings, _log, TimeProvider.System, NullLogger<AuditSeal>.Instance);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_record_that_nobody_touched_is_whole()
    {
        await Write(5);
        await _seal.Sign(Stop);
        await Write(2);
        var check = await Check();
        Assert.True(check.Whole, check.Why);
        Assert.Equal(7, check.Entries);
    }

    [Fact]
    public Task A_changed_entry_is_named() => Broken("UPDATE audit_entry SET subject = 'other' WHERE number = 3", 3);

    [Fact]
    public Task A_changed_time_is_named() => Broken("UPDATE audit_entry SET at = at + 1 WHERE number = 2", 2);

    [Fact]
    public Task A_deleted_entry_is_named() => Broken("DELETE FROM audit_entry WHERE number = 3", 3);

    [Fact]
    public Task Swapped_entries_are_named() => Broken("UPDATE audit_entry SET number = 2 WHERE number = 3; UPDATE audit_entry SET number = 3 WHERE number = -1", 2,
        before: "UPDATE audit_entry SET number = -1 WHERE number = 2");

    [Fact]
    public Task A_cut_off_end_is_found() => Broken("DELETE FROM audit_entry WHERE number > 3", 4);

    [Fact]
    public Task An_entry_put_in_by_hand_is_found() => Broken("""
        INSERT INTO audit_entry (number, at, by_id, by_name, action, project, subject, detail, previous, hash)
        SELECT 6, at, by_id, by_name, action, project, subject, detail, hash, hash FROM audit_entry WHERE number = 5
        """, 6);

    [Fact]
    public async Task An_end_cut_off_together_with_its_head_is_found_by_the_signature()
    {
        await Write(5);
        await _seal.Sign(Stop);
        await _db.Run("DELETE FROM audit_entry WHERE number > 3", stop: Stop);
        await _db.Run("UPDATE audit_head SET number = 3, hash = (SELECT hash FROM audit_entry WHERE number = 3)", stop: Stop);
        Assert.Equal(4, (await Check()).BrokenAt);
    }

    [Fact]
    public async Task A_history_written_anew_is_found_by_the_signature()
    {
        await Write(3);
        await _seal.Sign(Stop);
        await _db.Run("DELETE FROM audit_entry", stop: Stop);
        await _db.Run("UPDATE audit_head SET number = 0, hash = @zeros", new { zeros = new string('0', 64) }, Stop);
        await Write(4);
        Assert.Equal(3, (await Check()).BrokenAt);
    }

    [Fact]
    public async Task A_forged_head_is_refused()
    {
        await Write(2);
        await _seal.Sign(Stop);
        var file = Path.Combine(_settings.Data, "audit-head.json");
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file, Stop)).Replace("\"number\":2", "\"number\":1", StringComparison.Ordinal), Stop);
        var problem = await Assert.ThrowsAsync<ProblemException>(Check);
        Assert.Equal("audit_head_forged", problem.Code);
    }

    [Fact]
    public async Task A_deed_that_fails_leaves_no_entry()
    {
        await Write(1);
        await Assert.ThrowsAsync<InvalidOperationException>(() => _db.Write(async tx =>
        {
            await _log.Write(tx, Ada, "thing.done", "shop", "x");
            throw new InvalidOperationException();
        }, Stop));
        await Write(1);
        Assert.Equal([2L, 1L], (await _log.Newest(new(), 10, null, Stop)).Select(entry => entry.Number));
        Assert.True((await Check()).Whole);
    }

    [Fact]
    public async Task A_thousand_writes_at_once_make_one_chain()
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, 1000), new ParallelOptions { MaxDegreeOfParallelism = 12, CancellationToken = Stop }, async (n, _) => await Write(1, $"thing {n}"));
        var check = await Check();
        Assert.True(check.Whole, check.Why);
        Assert.Equal(1000, check.Entries);
        Assert.Equal(1000, await _db.One<long>("SELECT count(DISTINCT subject) FROM audit_entry", stop: Stop));
    }

    [Fact]
    public async Task A_filter_shows_only_what_fits()
    {
        await Write(2);
        await _db.Write(tx => _log.Write(tx, Ada, "model.registered", "shop", "fruit@1", new { f1 = 0.9 }), Stop);
        var entry = Assert.Single(await _log.Newest(new(Action: "model.registered", Project: "shop"), 10, null, Stop));
        Assert.Equal("{\"f1\":0.9}", entry.Detail);
        Assert.Empty(await _log.Newest(new(By: "bob"), 10, null, Stop));
    }

    public async ValueTask DisposeAsync()
    {
        _seal.Dispose();
        await _db.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private async Task Write(int count, string subject = "thing")
    {
        for (var n = 0; n < count; n++)
            await _db.Write(tx => _log.Write(tx, Ada, "thing.done", null, subject), Stop);
    }

    private async Task Broken(string tamper, long at, string? before = null)
    {
        await Write(5);
        if (before is not null)
            await _db.Run(before, stop: Stop);
        await _db.Run(tamper, stop: Stop);
        var check = await Check();
        Assert.False(check.Whole);
        Assert.Equal(at, check.BrokenAt);
    }

    private Task<AuditCheck> Check() => new AuditVerifier(_log, _seal).Check(Stop);
}

public class AuditOnSqliteTests() : AuditTests(Databases.Sqlite());

public class AuditOnPostgresTests() : AuditTests(Databases.Postgres());
