using Microsoft.Data.Sqlite;
using Steward.Storage;

namespace Steward.Bench;

/// <summary>Durable small writes: our one writer with group commit against a transaction per write, both synced before the answer.</summary>
internal static class Commit
{
    public static async Task<string> Run(string folder)
    {
        var rows = new List<string[]>();
        foreach (var writers in new[] { 1, 16, 256 })
        {
            var raw = await Raw(Path.Combine(folder, $"raw{writers}.db"), writers);
            await using var db = Db.Connect("sqlite:" + Path.Combine(folder, $"ours{writers}.db"));
            await db.Run("CREATE TABLE note (id text PRIMARY KEY, body text NOT NULL)");
            var ours = await Measure.LoopAsync(() => db.Run("INSERT INTO note (id, body) VALUES (@id, @body)", new { id = Names.NewId(), body = "one small row" }), writers);
            rows.Add([writers.ToString(System.Globalization.CultureInfo.InvariantCulture), Report.Number(raw.PerSecond), Report.Number(raw.P99 / 1000), Report.Number(ours.PerSecond), Report.Number(ours.P50 / 1000), Report.Number(ours.P99 / 1000), Report.Ratio(ours.PerSecond / raw.PerSecond)]);
        }

        return "SQLite, write-ahead log, `synchronous=FULL`: every write is on the disk before it is answered. Raw is one transaction per write on a connection per writer.\n\n"
            + Report.Table(["writers", "raw, writes/s", "raw p99 ms", "Db.Write, writes/s", "p50 ms", "p99 ms", "ours / raw"], rows);
    }

    private static async Task<Rate> Raw(string file, int writers)
    {
        var connect = new SqliteConnectionStringBuilder { DataSource = file, DefaultTimeout = 60 }.ConnectionString;
        using (var first = Open(connect))
            Execute(first, "CREATE TABLE note (id text PRIMARY KEY, body text NOT NULL)");
        var rate = await Measure.LoopAsync(() =>
        {
            using var connection = Open(connect);
            using var insert = connection.CreateCommand();
            insert.CommandText = "INSERT INTO note (id, body) VALUES (@id, @body)";
            insert.Parameters.AddWithValue("@id", Names.NewId());
            insert.Parameters.AddWithValue("@body", "one small row");
            insert.ExecuteNonQuery();
            return Task.CompletedTask;
        }, writers);
        SqliteConnection.ClearAllPools();
        return rate;
    }

    private static SqliteConnection Open(string connect)
    {
        var connection = new SqliteConnection(connect);
        connection.Open();
        Execute(connection, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL");
        return connection;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
