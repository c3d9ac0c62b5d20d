using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Steward.Storage;

namespace Steward.Bench;

/// <summary>Durable small writes: our one writer with group commit against a synced transaction per write, and against the most the file can take.</summary>
internal static class Commit
{
    private const string Table = "CREATE TABLE note (id text PRIMARY KEY, body text NOT NULL)", Insert = "INSERT INTO note (id, body) VALUES (@id, @body)";

    public static async Task<string> Run(string folder)
    {
        var most = Ceiling(Path.Combine(folder, "ceiling.db"));
        var rows = new List<string[]>();
        foreach (var writers in new[] { 1, 16, 64 })
        {
            await using var db = Db.Connect("sqlite:" + Path.Combine(folder, $"ours{writers}.db"));
            await db.Run(Table);
            var (raw, ours) = await InTurns(Path.Combine(folder, $"raw{writers}.db"), () => db.Run(Insert, new { id = Names.NewId(), body = "one small row" }), writers);
            rows.Add([writers.ToString(CultureInfo.InvariantCulture), Report.Number(raw.PerSecond), Report.Number(raw.P99 / 1000), Report.Number(ours.PerSecond), Report.Number(ours.P50 / 1000), Report.Number(ours.P99 / 1000), Report.Ratio(ours.PerSecond / raw.PerSecond), Report.Ratio(ours.PerSecond / most)]);
        }

        return "SQLite, write-ahead log, `synchronous=FULL`: every write is on the disk before it is answered. Raw is Microsoft.Data.Sqlite with an open connection and a prepared statement per writer, "
            + $"one transaction per write. The ceiling is one connection that inserts the same rows in one transaction and syncs once, answering nobody: {Report.Number(most)} rows/s.\n\n"
            + Report.Table(["writers", "raw, writes/s", "raw p99 ms", "Db.Write, writes/s", "p50 ms", "p99 ms", "ours / raw", "ours / ceiling"], rows);
    }

    private static double Ceiling(string file)
    {
        using var writer = new Writer(file);
        writer.Execute(Table);
        const int Rows = 20_000;
        var rate = Measure.Loop(() =>
        {
            writer.Execute("BEGIN");
            for (var i = 0; i < Rows; i++)
                writer.Write();
            writer.Execute("COMMIT");
        });
        return rate.PerSecond * Rows;
    }

    private static async Task<(Rate Raw, Rate Ours)> InTurns(string file, Func<Task> ours, int writers)
    {
        var idle = new ConcurrentBag<Writer>();
        using (var first = new Writer(file))
            first.Execute(Table);
        for (var i = 0; i < writers; i++)
            idle.Add(new Writer(file));
        try
        {
            return await Measure.InTurns(() =>
            {
                if (!idle.TryTake(out var writer))
                    throw new InvalidOperationException("More lanes than writers.");
                writer.Write();
                idle.Add(writer);
                return Task.CompletedTask;
            }, ours, writers);
        }
        finally
        {
            foreach (var writer in idle)
                writer.Dispose();
            SqliteConnection.ClearAllPools();
        }
    }

    private sealed class Writer : IDisposable
    {
        private readonly SqliteConnection _connection;
        private SqliteCommand? _insert;

        public Writer(string file)
        {
            _connection = new(new SqliteConnectionStringBuilder { DataSource = file, DefaultTimeout = 60 }.ConnectionString);
            _connection.Open();
            Execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL");
        }

        public void Write()
        {
            var insert = _insert ??= Prepared();
            insert.Parameters[0].Value = Names.NewId();
            insert.ExecuteNonQuery();
        }

        public void Execute(string sql)
        {
            using var command = _connection.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }

        public void Dispose()
        {
            _insert?.Dispose();
            _connection.Dispose();
        }

        private SqliteCommand Prepared()
        {
            var insert = _connection.CreateCommand();
            insert.CommandText = Insert;
            insert.Parameters.AddWithValue("@id", "");
            insert.Parameters.AddWithValue("@body", "one small row");
            insert.Prepare();
            return insert;
        }
    }
}
