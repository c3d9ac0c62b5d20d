using System.Diagnostics;
using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Steward.Data.Connections;
using Steward.Data.Copying;
using Steward.Data.Documents;
using Steward.Host;
using Steward.Identity;
using Steward.Outside;
using Steward.Projects;
using Steward.Testing;

namespace Steward.Bench;

/// <summary>Documents by key beside plain SQL; rows into PostgreSQL beside bare binary COPY; files from folder to folder beside a copy by the system.</summary>
internal static class Documents
{
    private const int Many = 100_000;
    private const string Body = """{"offers": [{"product": "OFF-PA-10001970", "score": 0.91}, {"product": "FUR-CH-10002961", "score": 0.87}, {"product": "TEC-PH-10002033", "score": 0.61}]}""";

    public static async Task<string> Run(string folder)
    {
        var rows = new List<string[]>();
        foreach (var (engine, address) in new[] { ("SQLite", $"sqlite:{Path.Combine(folder, "records.db")}"), ("PostgreSQL", TestPostgres.NewDatabase()) })
            rows.AddRange(await PointReads(Path.Combine(folder, engine), engine, address));
        return $"{Many:N0} documents of {Body.Length} bytes in one list; each read follows the collection's pointer to its list and finds one by its key. Plain is the same row read by its primary key from a table of two columns "
            + "with the engine's own driver, an open connection from its pool for each read, in turns with ours.\n\n"
            + Report.Table(["point read", "readers", "plain, reads/s", "ours, reads/s", "ours p50 ms", "ours p99 ms", "ours / plain"], rows)
            + "\n" + await Copies(Path.Combine(folder, "copies"));
    }

    private static async Task<List<string[]>> PointReads(string folder, string engine, string address)
    {
        await using var app = await Started(folder, address, "");
        var documents = app.Services.GetRequiredService<IDocuments>();
        var list = await documents.Begin(Who.Steward, "bench", "offers", "recommender@4");
        for (var from = 0; from < Many; from += 5000)
            await documents.Add(Who.Steward, "bench", "offers", list.Number, [.. Enumerable.Range(from, 5000).Select(i => new NewDocument($"customer-{i}", Body))]);
        var began = Stopwatch.GetTimestamp();
        await documents.Swap(Who.Steward, "bench", "offers", list.Number);
        var swap = Stopwatch.GetElapsedTime(began);
        var plain = engine == "SQLite" ? PlainSqlite(Path.Combine(folder, "plain.db")) : await PlainPostgres(address);
        var found = new List<string[]>();
        foreach (var readers in new[] { 1, 8 })
        {
            var (raw, ours) = await Measure.InTurns(() => plain(Key()), async () => _ = await documents.Get("bench", "offers", Key()) ?? throw new InvalidOperationException("It is not there."), readers);
            found.Add([engine, $"{readers}", Report.Number(raw.PerSecond), Report.Number(ours.PerSecond), Report.Number(ours.P50 / 1000), Report.Number(ours.P99 / 1000), Report.Ratio(ours.PerSecond / raw.PerSecond)]);
        }

        found.Add([$"{engine}, swap of the whole list", "", "", "", Report.Number(swap.TotalMilliseconds), "", ""]);
        return found;

        static string Key() => $"customer-{Random.Shared.Next(Many)}";
    }

    private static Func<string, Task> PlainSqlite(string file)
    {
        var connect = new SqliteConnectionStringBuilder { DataSource = file }.ConnectionString;
        using var first = new SqliteConnection(connect);
        first.Open();
        first.Execute("PRAGMA journal_mode=WAL; CREATE TABLE plain (key text PRIMARY KEY, body text NOT NULL)");
        using var all = first.BeginTransaction();
        first.Execute("INSERT INTO plain VALUES (@key, @Body)", Enumerable.Range(0, Many).Select(i => new { key = $"customer-{i}", Body }), all);
        all.Commit();
        return async key =>
        {
            await using var connection = new SqliteConnection(connect);
            _ = await connection.QueryFirstAsync<string>("SELECT body FROM plain WHERE key = @key", new { key });
        };
    }

    private static async Task<Func<string, Task>> PlainPostgres(string address)
    {
        var source = NpgsqlDataSource.Create(address);
        await using var first = await source.OpenConnectionAsync();
        await first.ExecuteAsync("CREATE TABLE plain (key text PRIMARY KEY, body text NOT NULL)");
        await first.ExecuteAsync("INSERT INTO plain SELECT 'customer-' || i, @Body FROM generate_series(0, @most) i; ANALYZE", new { Body, most = Many - 1 });
        return async key =>
        {
            await using var connection = await source.OpenConnectionAsync();
            _ = await connection.QueryFirstAsync<string>("SELECT body FROM plain WHERE key = @key", new { key });
        };
    }

    private static async Task<string> Copies(string folder)
    {
        var address = TestPostgres.NewDatabase();
        var parts = address.Split(';').Select(part => part.Split('=')).ToDictionary(part => part[0], part => part[1]);
        var (from, to, bare) = (Directory.CreateDirectory(Path.Combine(folder, "from")).FullName, Directory.CreateDirectory(Path.Combine(folder, "to")).FullName, Path.Combine(folder, "bare.bin"));
        await using var app = await Started(Path.Combine(folder, "data"), $"sqlite:{Path.Combine(folder, "records.db")}",
            $"connections:\n  from: {{ kind: folder, path: \"{from}\" }}\n  to: {{ kind: folder, path: \"{to}\" }}\n  db: {{ kind: postgres, host: {parts["Host"]}, port: {parts["Port"]}, user: {parts["Username"]}, database: {parts["Database"]}, tls: off }}\n");
        var big = Path.Combine(from, "big.bin");
        var noise = new byte[1 << 20];
        new Random(1).NextBytes(noise);
        await using (var file = File.Create(big))
            for (var i = 0; i < 1024; i++)
                await file.WriteAsync(noise);

        var (plain, ours) = (TimeSpan.MaxValue, TimeSpan.MaxValue);
        for (var round = 0; round < 3; round++)
        {
            plain = Least(plain, await Took(async () =>
            {
                await using var source = File.OpenRead(big);
                await using var target = File.Create(bare);
                await source.CopyToAsync(target, 1 << 20);
                target.Flush(flushToDisk: true);
            }));
            File.SetLastWriteTimeUtc(big, DateTime.UtcNow);
            ours = Least(ours, await Took(() => app.Services.GetRequiredService<ICopies>().Copy("bench", new("from:big.bin", "to:"))));
        }

        var (raw, write) = (TimeSpan.MaxValue, TimeSpan.MaxValue);
        await using var tables = await app.Services.GetRequiredService<IConnections>().Tables("bench", "db");
        await using var db = NpgsqlDataSource.Create(address);
        for (var round = 0; round < 3; round++)
        {
            await using (var made = db.CreateCommand("DROP TABLE IF EXISTS bare, ours; CREATE TABLE bare (id bigint, name text, price double precision, at timestamptz)"))
                await made.ExecuteNonQueryAsync();
            raw = Least(raw, await Took(() => Bare(db)));
            write = Least(write, await Took(() => tables.Write("ours", Columns, Batches(), new TableWrite.Append())));
        }

        return Report.Table(["moved", "plain s", "ours s", "ours, per second", "speed of ours / plain"],
        [
            ["1 GiB from folder to folder, hashed twice, synced; plain is a copied stream, synced", Report.Number(plain.TotalSeconds), Report.Number(ours.TotalSeconds), Say.Bytes((long)((1 << 30) / ours.TotalSeconds)), Report.Ratio(plain / ours)],
            [$"{Rows:N0} rows of 4 columns into PostgreSQL; plain is bare binary COPY", Report.Number(raw.TotalSeconds), Report.Number(write.TotalSeconds), Report.Number(Rows / write.TotalSeconds) + " rows", Report.Ratio(raw / write)],
        ]);
    }

    private const int Rows = 1_000_000;

    private static SourceColumn[] Columns { get; } = [new("id", ColumnType.Int), new("name", ColumnType.Text), new("price", ColumnType.Double), new("at", ColumnType.Time)];

    private static async Task Bare(NpgsqlDataSource db)
    {
        await using var connection = await db.OpenConnectionAsync();
        await using var copy = await connection.BeginBinaryImportAsync("COPY bare FROM STDIN (FORMAT BINARY)");
        for (var i = 0; i < Rows; i++)
        {
            await copy.StartRowAsync();
            await copy.WriteAsync((long)i, NpgsqlTypes.NpgsqlDbType.Bigint);
            await copy.WriteAsync("a product", NpgsqlTypes.NpgsqlDbType.Text);
            await copy.WriteAsync(i / 7.0, NpgsqlTypes.NpgsqlDbType.Double);
            await copy.WriteAsync(DateTime.UnixEpoch.AddSeconds(i), NpgsqlTypes.NpgsqlDbType.TimestampTz);
        }

        await copy.CompleteAsync();
    }

    private static async IAsyncEnumerable<RowBatch> Batches()
    {
        for (var from = 0; from < Rows; from += 10_000)
        {
            var batch = new RowBatch(Columns, 10_000);
            for (var i = from; i < from + 10_000; i++)
            {
                batch.Set(0, (long)i);
                batch.Set(1, "a product");
                batch.Set(2, i / 7.0);
                batch.Set(3, DateTime.UnixEpoch.AddSeconds(i));
                batch.EndRow();
            }

            yield return batch;
            await Task.Yield();
        }
    }

    private static async Task<Microsoft.AspNetCore.Builder.WebApplication> Started(string folder, string address, string sections)
    {
        Directory.CreateDirectory(folder);
        var app = await Platform.Build(new Settings { Data = Path.Combine(folder, "steward"), Db = address, Port = 0 }, services => services.AddSingleton(new Allowed { PrivateAddresses = true, Folders = null }));
        await app.Services.GetRequiredService<IProjects>().Put($"steward: 1\nproject: bench\n{sections}", Who.Steward);
        return app;
    }

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static async Task<TimeSpan> Took(Func<Task> work)
    {
        var began = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(began);
    }
}
