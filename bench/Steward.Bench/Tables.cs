using System.Diagnostics;
using System.Globalization;
using DuckDB.NET.Data;
using Microsoft.Extensions.DependencyInjection;
using Steward.Audit;
using Steward.Data;
using Steward.Data.Files;
using Steward.Data.Tables;
using Steward.Events;
using Steward.Identity;
using Steward.Storage;
using Steward.Work;

namespace Steward.Bench;

/// <summary>
/// A CSV file of 10,000,000 rows into a partitioned Parquet table, beside the same in plain DuckDB SQL. Each way runs in a
/// process of its own, in turns, first with 1,000 rows (a server that is up has run before), and says its processor time and its
/// peak of memory itself.
/// </summary>
internal static class Tables
{
    internal const int Rows = 10_000_000;
    internal const long Memory = 768L << 20;
    private const int Rounds = 3, WarmRounds = 5, WarmRows = 1000;
    private static readonly (string Name, string Type)[] Columns =
        [("id", "BIGINT"), ("at", "TIMESTAMP"), ("day", "DATE"), ("store", "VARCHAR"), ("product", "BIGINT"), ("customer", "BIGINT"), ("quantity", "BIGINT"), ("price", "DECIMAL(18,2)"), ("discount", "DOUBLE"), ("channel", "VARCHAR"), ("note", "VARCHAR")];

    public static async Task<string> Run(string folder)
    {
        var (clean, bad) = (Path.Combine(folder, "clean.csv"), Path.Combine(folder, "bad.csv"));
        await Write(clean, bad);
        var table = await Compare("raw", "ours", "bad", "rows", clean, bad, folder);
        return $"{Rows:N0} rows of {Columns.Length} columns, {new FileInfo(clean).Length >> 20:N0} MiB of CSV, into one Parquet file for each of 8 channels; memory of the engine {Memory >> 20} MiB, threads as there are cores. "
            + "Plain is one `COPY (SELECT … FROM read_csv(…)) TO … (PARTITION_BY …)` with the same types. Ours checks every field, hashes what it reads and writes, keeps the files among the blobs, the statistics in the catalog, and commits. Both have run on 1,000 rows before, as a server that is up has. "
            + $"The last line has one bad value in every 200th row: they are set aside with line, column and reason.\n\n{table}";
    }

    /// <summary>Plain, ours, and ours on the file with bad rows, in turns: the round of each that cost least. All made as many rows as the file has good ones, or this fails.</summary>
    internal static async Task<string> Compare(string plain, string ours, string bad, string what, string clean, string broken, string folder)
    {
        var best = new Dictionary<string, Cost>();
        for (var round = 0; round < Rounds; round++)
            foreach (var way in (string[])[plain, ours, bad])
                if (await Child(way, way == bad ? broken : clean, folder) is var cost && (!best.TryGetValue(way, out var before) || cost.Cpu < before.Cpu))
                    best[way] = cost;
        var (raw, own, set) = (best[plain], best[ours], best[bad]);
        if (raw.Rows != own.Rows || own.Rows != set.Rows + set.Aside || raw.Content != own.Content)
            throw new InvalidDataException($"Plain made {raw.Rows} {what} ({raw.Content}), ours {own.Rows} ({own.Content}), and {set.Rows} beside {set.Aside} set aside.");
        return Report.Table(["way", "CPU s", "CPU / plain", "seconds", "peak MiB", what, "set aside"], [Line("plain DuckDB SQL", raw, raw), Line("ours", own, raw), Line("ours, 0.5 % bad rows", set, raw)])
            + $"\nSetting rows aside costs {(set.Cpu / own.Cpu - 1) * 100:0.0} % more CPU than the same file without bad rows.";
    }

    /// <summary>What runs in the child; prints its cost as one line of JSON.</summary>
    public static async Task<int> Part(string[] words)
    {
        var (way, file, folder) = (words[0], words[1], words[2]);
        var small = Path.Combine(folder, "small.csv");
        await File.WriteAllLinesAsync(small, File.ReadLines(file).Take(1 + WarmRows));
        for (var round = 0; round < WarmRounds; round++)
            await Way(way, small, Directory.CreateDirectory(Path.Combine(folder, $"warm-{round}")).FullName);
        // The runtime compiles what is called often a moment later.
        await Task.Delay(TimeSpan.FromSeconds(2));
        using var us = Process.GetCurrentProcess();
        var (began, before) = (Stopwatch.GetTimestamp(), us.TotalProcessorTime);
        var (rows, aside) = await Way(way, file, folder);
        us.Refresh();
        var (cpu, seconds) = (us.TotalProcessorTime - before, Stopwatch.GetElapsedTime(began));
        var peak = long.Parse(File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) >> 10;
        var content = way switch { "star-raw" => StarSchema.Content(folder), "star-ours" => await StarSchema.OurContent(folder), _ => null };
        Console.WriteLine(Json.Write(new Cost(cpu.TotalSeconds, seconds.TotalSeconds, peak, rows, aside, content)));
        return 0;
    }

    private static async Task<(long, long)> Way(string way, string file, string folder) => way switch
    {
        "raw" => Plain(file, folder),
        "star-raw" => StarSchema.Plain(file, folder),
        "star-ours" or "star-bad" => await StarSchema.Ours(file, folder),
        _ => await Ours(file, folder),
    };

    private static (long, long) Plain(string file, string folder)
    {
        using var duck = new DuckDBConnection("DataSource=:memory:");
        duck.Open();
        using var command = duck.CreateCommand();
        command.CommandText = $"SET memory_limit = '{Memory >> 20}MiB'; SET temp_directory = '{folder}/spill'; COPY (SELECT * FROM read_csv('{file}', auto_detect = false, header = true, columns = {{{string.Join(", ", Columns.Select(column => $"'{column.Name}': '{column.Type}'"))}}})) TO '{folder}/plain' (FORMAT parquet, PARTITION_BY (channel), WRITE_PARTITION_COLUMNS true)";
        return (Convert.ToInt64(command.ExecuteNonQuery(), CultureInfo.InvariantCulture), 0);
    }

    private static async Task<(long, long)> Ours(string file, string folder)
    {
        await using var services = await House(folder);
        var schema = new FileSchema { Columns = [.. Columns.Select(column => new FileColumn(column.Name, column.Type))] };
        var read = await services.GetRequiredService<IFiles>().Read("bench", TableName.Parse("silver.sales"), [new(file, "sales.csv")], schema, new ReadOrder { PartitionBy = ["channel"], Memory = Memory });
        await services.GetRequiredService<ITables>().Commit(Who.Steward, read.Change);
        if (read.QuarantineChange is { } bad)
            await services.GetRequiredService<ITables>().Commit(Who.Steward, bad);
        return (read.Written, read.Quarantined);
    }

    /// <summary>The Data room and what it stands on.</summary>
    internal static async Task<ServiceProvider> House(string folder)
    {
        var settings = new Settings { Data = folder };
        var furnish = new ServiceCollection().AddLogging().AddSingleton(settings).AddStorage(settings).AddAudit().AddEvents().AddWork();
        new DataRoom().Furnish(furnish);
        var services = furnish.BuildServiceProvider();
        await services.GetRequiredService<Db>().Migrate([typeof(IRoom).Assembly, typeof(DataRoom).Assembly]);
        return services;
    }

    private static async Task<Cost> Child(string way, string file, string folder)
    {
        var own = Directory.CreateDirectory(Path.Combine(folder, way)).FullName;
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        foreach (var word in (string[])[.. Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? (string[])[Environment.GetCommandLineArgs()[0]] : [], "part", way, file, own])
            start.ArgumentList.Add(word);
        using var child = Process.Start(start)!;
        var said = await child.StandardOutput.ReadToEndAsync();
        await child.WaitForExitAsync();
        Directory.Delete(own, recursive: true);
        return Json.Read<Cost>(said.Trim().Split('\n')[^1]);
    }

    private static Task Write(string clean, string bad)
    {
        var (chance, at) = (new Random(11), new DateTime(2024, 1, 1));
        return Write(clean, bad, Columns, i =>
        {
            at = at.AddSeconds(chance.Next(1, 6));
            return string.Create(CultureInfo.InvariantCulture, $"{i},{at:yyyy-MM-dd HH:mm:ss},{at:yyyy-MM-dd},store {chance.Next(400):000},{chance.Next(5000)},{chance.Next(800_000)},{{0}},{chance.Next(1, 99999) / 100m:0.00},{chance.NextDouble() / 2:0.0000},channel {chance.Next(8)},a note about {chance.Next(100_000)} things");
        });
    }

    /// <summary>A file without and one with a bad value in every 200th row.</summary>
    /// <param name="row">A row by its number, with a place for a quantity.</param>
    internal static async Task Write(string clean, string bad, IEnumerable<(string Name, string Type)> columns, Func<int, string> row)
    {
        await using var one = new StreamWriter(clean, append: false, System.Text.Encoding.ASCII, 1 << 20);
        await using var other = new StreamWriter(bad, append: false, System.Text.Encoding.ASCII, 1 << 20);
        var head = string.Join(',', columns.Select(column => column.Name));
        await one.WriteLineAsync(head);
        await other.WriteLineAsync(head);
        for (var i = 0; i < Rows; i++)
        {
            var text = row(i);
            var good = string.Format(CultureInfo.InvariantCulture, text, 1 + (i % 9));
            await one.WriteLineAsync(good);
            await other.WriteLineAsync(i % 200 == 7 ? string.Format(CultureInfo.InvariantCulture, text, "some") : good);
        }
    }

    private static string[] Line(string way, Cost cost, Cost plain)
        => [way, Report.Number(cost.Cpu), Report.Ratio(cost.Cpu / plain.Cpu), Report.Number(cost.Seconds), $"{cost.PeakMiB:N0}", $"{cost.Rows:N0}", $"{cost.Aside:N0}"];

    internal sealed record Cost(double Cpu, double Seconds, long PeakMiB, long Rows, long Aside, string? Content);
}
