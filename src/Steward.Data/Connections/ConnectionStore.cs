using Steward.Storage;

namespace Steward.Data.Connections;

/// <summary>All SQL about tests of connections: the last result of each, as the connection was then.</summary>
internal sealed class ConnectionStore(Db db)
{
    /// <summary>What a connection is made of: another address makes another connection, whose test says nothing of this one.</summary>
    public static string PrintOf(ConnectionPlan plan) => Digest.Of(Json.Write(plan)).Hex;

    public async Task<IReadOnlyDictionary<(string Name, string Print), ConnectionResult>> Results(string project, CancellationToken stop)
        => (await db.All<Row>("SELECT name, print, ok, words, code, try_this, micros, tested_by, tested_at FROM connection_test WHERE project = @project", new { project }, stop))
            .ToDictionary(row => (row.Name, row.Print), row => new ConnectionResult(row.Ok, row.Words, row.Code, row.TryThis, row.Micros, row.TestedBy, row.TestedAt));

    public Task Keep(string project, string name, ConnectionPlan plan, ConnectionResult result, Func<Tx, Task> also, CancellationToken stop) => db.Write(async tx =>
    {
        await tx.Run("""
            INSERT INTO connection_test (project, name, print, ok, words, code, try_this, micros, tested_by, tested_at)
            VALUES (@project, @name, @print, @Ok, @Words, @Code, @Try, @Micros, @By, @At)
            ON CONFLICT (project, name) DO UPDATE
               SET print = excluded.print, ok = excluded.ok, words = excluded.words, code = excluded.code, try_this = excluded.try_this,
                   micros = excluded.micros, tested_by = excluded.tested_by, tested_at = excluded.tested_at
            """, new { project, name, print = PrintOf(plan), result.Ok, result.Words, result.Code, result.Try, result.Micros, result.By, result.At });
        await also(tx);
    }, stop);

    private sealed record Row(string Name, string Print, bool Ok, string Words, string? Code, string? TryThis, long Micros, string TestedBy, DateTimeOffset TestedAt);
}
