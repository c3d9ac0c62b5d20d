using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Steward.Audit;
using Steward.Data;
using Steward.Data.Tables;
using Steward.Events;
using Steward.Identity;
using Steward.Outside;
using Steward.Projects;
using Steward.Storage;
using Steward.Testing;
using Steward.Work;

namespace Steward.Bench;

/// <summary>
/// 10,000 append windows on one table while servers are killed (kill -9) and started again and a reader looks all the
/// time: once on PostgreSQL with two servers of two workers each, once on SQLite with one server.
/// </summary>
internal static class AppendWindows
{
    private const int All = 10_000, RowsOfWindow = 10, SecondsBetweenKills = 5;

    public static async Task<string> Run(string folder) => "Every window is a task of the ledger: its ten rows are written to a Parquet file, and the transaction that ends the task appends it. A server is killed every "
        + $"{SecondsBetweenKills} seconds and started again. The reader opens the newest snapshot again and again and counts the rows of the parts against what the snapshot says it has; every now and then it reads all rows.\n\n"
        + Report.Table(["store", "servers x workers", "windows", "seconds", "windows/s", "kills", "attempts that were lost", "looks of the reader", "half windows seen", "windows lost", "windows twice"],
            [await On("PostgreSQL", TestPostgres.NewDatabase(), Path.Combine(folder, "pg"), 2), await On("SQLite", "sqlite:" + Path.Combine(folder, "steward.db"), Path.Combine(folder, "sqlite"), 1)]);

    private static async Task<string[]> On(string store, string address, string folder, int count)
    {
        var shelf = Directory.CreateDirectory(Path.Combine(folder, "shelf")).FullName;
        var settings = new Settings { Data = shelf, Db = address };
        var furnish = new ServiceCollection().AddLogging().AddSingleton(settings).AddStorage(settings).AddAudit().AddEvents().AddWork().AddProjects([]).AddOutside(settings);
        new DataRoom().Furnish(furnish);
        await using var services = furnish.BuildServiceProvider();
        var (db, tables, engine, ledger) = (services.GetRequiredService<Db>(), services.GetRequiredService<ITables>(), services.GetRequiredService<ITableEngine>(), services.GetRequiredService<ILedger>());
        await db.Migrate([typeof(IRoom).Assembly, typeof(DataRoom).Assembly]);
        for (var window = 0; window < All; window++)
            await ledger.Add(new NewTask("shop", "window", $"hour {window}", new { window, pause = 0 }, MaxAttempts: 50), Who.Steward);
        var servers = Enumerable.Range(0, count).Select(i => Start(Path.Combine(folder, $"{i}"), address, shelf)).ToList();
        var (began, kills, looks, half, chance) = (Stopwatch.GetTimestamp(), 0, 0, 0, new Random(3));
        var killed = began;
        while (await db.One<long>("SELECT count(*) FROM task WHERE state = 'done'") is var done && done < All)
        {
            if (await tables.Find("shop", TableReference.Parse("silver.windows")) is not null)
            {
                await using var reading = await tables.Open("shop", [TableReference.Parse("silver.windows")]);
                var one = reading.Tables[0];
                looks++;
                if (one.Snapshot.Rows != one.Files.Sum(file => file.Parts.Sum(part => part.Rows)) || one.Snapshot.Rows % RowsOfWindow != 0)
                    half++;
                if (looks % 20 == 0 && (await engine.Query(reading, $"SELECT count(*) FROM (SELECT hour FROM silver.windows GROUP BY hour HAVING count(*) <> {RowsOfWindow})", new QueryLimits { Ours = true })).Rows[0][0] != "0")
                    half++;
            }

            if (Stopwatch.GetElapsedTime(killed).TotalSeconds > SecondsBetweenKills)
            {
                var victim = chance.Next(count);
                servers[victim].Kill();
                await servers[victim].WaitForExitAsync();
                servers[victim].Dispose();
                servers[victim] = Start(Path.Combine(folder, $"{victim}"), address, shelf);
                (killed, kills) = (Stopwatch.GetTimestamp(), kills + 1);
            }

            await Task.Delay(100);
        }

        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        foreach (var server in servers)
        {
            server.Kill();
            server.Dispose();
        }

        await using var last = await tables.Open("shop", [TableReference.Parse("silver.windows")]);
        var counts = (await engine.Query(last, "SELECT count(*), count(DISTINCT hour) FROM silver.windows", new QueryLimits { Ours = true })).Rows[0];
        var (rows, hours) = (long.Parse(counts[0]!, null), long.Parse(counts[1]!, null));
        var lost = await db.One<long>("SELECT sum(attempt - 1) FROM task");
        return [store, $"{count} x 2", $"{All:N0}", Report.Number(seconds), Report.Number(All / seconds), $"{kills}", $"{lost}", $"{looks}", $"{half}", $"{All - hours}", $"{(rows - (hours * RowsOfWindow)) / RowsOfWindow}"];
    }

    private static Process Start(string folder, string address, string shelf)
    {
        var process = Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Steward.Crash"), ["windows", folder, address, shelf, "2"]) { RedirectStandardOutput = true })!;
        return process.StandardOutput.ReadLine() == "ready" ? process : throw new InvalidOperationException("A server did not start.");
    }
}
