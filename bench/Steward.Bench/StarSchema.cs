using System.Globalization;
using DuckDB.NET.Data;
using Microsoft.Extensions.DependencyInjection;
using Steward.Data.Files;
using Steward.Data.Stars;
using Steward.Data.Tables;
using Steward.Identity;

namespace Steward.Bench;

/// <summary>
/// A CSV file of 10,000,000 rows into a star: partitioned Parquet, four dimensions of which one keeps its history, the facts
/// with the keys of the members that were valid at their time, and four tests; beside the same in plain DuckDB SQL.
/// </summary>
internal static class StarSchema
{
    private const int Rows = Tables.Rows;
    private const long Memory = Tables.Memory;
    private static readonly (string Name, string Type)[] Columns =
        [("order_id", "BIGINT"), ("sold_at", "TIMESTAMP"), ("store", "VARCHAR"), ("city", "VARCHAR"), ("product", "BIGINT"), ("title", "VARCHAR"), ("category", "VARCHAR"), ("customer", "BIGINT"), ("segment", "VARCHAR"), ("channel", "VARCHAR"), ("quantity", "BIGINT"), ("price", "DECIMAL(18,2)")];

    public static async Task<string> Run(string folder)
    {
        var (clean, bad) = (Path.Combine(folder, "clean.csv"), Path.Combine(folder, "bad.csv"));
        await Write(clean, bad);
        var table = await Tables.Compare("star-raw", "star-ours", "star-bad", "facts", clean, bad, folder);
        return $"{Rows:N0} sales of {Columns.Length} columns, {new FileInfo(clean).Length >> 20:N0} MiB of CSV, into Parquet by channel (8), dimensions of stores (400), channels (8), customers (200,000) and products (5,000, with every change of their category, about 2 versions each), facts that look up all four by their time, and four tests: order_id is there and unique, channels are known ones, every fact has its product. "
            + $"Memory of the engine {Memory >> 20} MiB for reading, 512 MiB for the rest, threads as there are cores. Plain makes the same tables in hand-written DuckDB SQL, row for row: a sum over all values of each of the five must be equal. Both have run on 1,000 rows before, as a server that is up has. Ours also checks every field, hashes what it reads and writes, keeps files among the blobs and statistics and lineage in the catalog, tests that every dimension holds together, and commits all in the end. "
            + $"The last line has one bad value in every 200th row, set aside with line, column and reason.\n\n{table}";
    }

    public static (long, long) Plain(string file, string folder)
    {
        using var duck = new DuckDBConnection("DataSource=:memory:");
        duck.Open();
        long Do(string sql)
        {
            using var command = duck.CreateCommand();
            command.CommandText = sql;
            return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
        }

        Do($"SET memory_limit = '{Memory >> 20}MiB'; SET temp_directory = '{folder}/spill'; SET preserve_insertion_order = false; COPY (SELECT * FROM read_csv('{file}', auto_detect = false, header = true, columns = {{{string.Join(", ", Columns.Select(column => $"'{column.Name}': '{column.Type}'"))}}})) TO '{folder}/sales' (FORMAT parquet, PARTITION_BY (channel), WRITE_PARTITION_COLUMNS true)");
        Do($"CREATE VIEW sales AS FROM read_parquet('{folder}/sales/*/*.parquet', hive_partitioning = false); SELECT 1");
        foreach (var (name, key, value) in ((string, string, string)[])[("store", "store", ", arg_max(city, sold_at) AS city"), ("channel", "channel", ""), ("customer", "customer", ", arg_max(segment, sold_at) AS segment")])
            Do($"""
                COPY (
                  SELECT row_number() OVER (ORDER BY {key}) AS sk, *, TIMESTAMP '0001-01-01' AS valid_from, TIMESTAMP '9999-12-31' AS valid_to, true AS is_current, false AS is_deleted
                    FROM (SELECT {key}{value}, max(sold_at) AS seen_at FROM sales GROUP BY {key})
                   UNION ALL BY NAME {Unknown}
                ) TO '{folder}/{name}.parquet' (FORMAT parquet)
                """);
        Do($"""
            COPY (
              WITH changes AS (SELECT product, category, sold_at FROM sales QUALIFY category IS DISTINCT FROM lag(category) OVER (PARTITION BY product ORDER BY sold_at)),
              titles AS (SELECT product, arg_max(title, sold_at) AS title, max(sold_at) AS seen_at FROM sales GROUP BY product)
              SELECT row_number() OVER (ORDER BY product, sold_at) AS sk, product, title, category, sold_at AS valid_from, coalesce(lead(sold_at) OVER (PARTITION BY product ORDER BY sold_at), TIMESTAMP '9999-12-31') AS valid_to, valid_to = TIMESTAMP '9999-12-31' AS is_current, false AS is_deleted, seen_at
                FROM changes JOIN titles USING (product)
              UNION ALL BY NAME {Unknown}
            ) TO '{folder}/product.parquet' (FORMAT parquet)
            """);
        Do($"""
            COPY (
              SELECT order_id, sold_at, store, sales.product, customer, channel, quantity, price, coalesce(s.sk, -1) AS store_sk, coalesce(p.sk, -1) AS product_sk, coalesce(u.sk, -1) AS customer_sk, coalesce(c.sk, -1) AS channel_sk
                FROM sales
                LEFT JOIN '{folder}/store.parquet' s USING (store) LEFT JOIN '{folder}/customer.parquet' u USING (customer) LEFT JOIN '{folder}/channel.parquet' c USING (channel)
                LEFT JOIN '{folder}/product.parquet' p ON p.product = sales.product AND sold_at >= p.valid_from AND sold_at < p.valid_to
            ) TO '{folder}/facts.parquet' (FORMAT parquet)
            """);
        var broken = Do("SELECT count(*) FROM sales WHERE order_id IS NULL")
            + Do("SELECT count(*) FROM (SELECT order_id FROM sales GROUP BY order_id HAVING count(*) > 1)")
            + Do($"SELECT count(*) FROM sales WHERE channel NOT IN ({Channels})")
            + Do($"SELECT count(*) FROM '{folder}/facts.parquet' WHERE product_sk NOT IN (SELECT sk FROM '{folder}/product.parquet')");
        return broken == 0 ? (Do($"SELECT count(*) FROM '{folder}/facts.parquet'"), 0) : throw new InvalidDataException($"{broken} rows break a test.");
    }

    private const string Unknown = "SELECT -1 AS sk, TIMESTAMP '0001-01-01' AS valid_from, TIMESTAMP '9999-12-31' AS valid_to, true AS is_current, false AS is_deleted, TIMESTAMP '0001-01-01' AS seen_at";

    private static readonly (string Name, string Columns)[] Made =
    [
        ("facts", "order_id, sold_at, store, product, customer, channel, quantity, price, store_sk, product_sk, customer_sk, channel_sk"),
        .. new[] { ("store", "store, city"), ("channel", "channel"), ("customer", "customer, segment"), ("product", "product, title, category") }.Select(one => (one.Item1, $"sk, {one.Item2}, valid_from, valid_to, is_current, is_deleted, seen_at")),
    ];

    /// <summary>What the plain way left: for each table a number that depends on every value.</summary>
    public static string Content(string folder) => Content(name => $"FROM '{folder}/{name}.parquet'");

    /// <summary>What our way left, as the same numbers.</summary>
    public static async Task<string> OurContent(string folder)
    {
        await using var services = await Tables.House(folder);
        await using var reading = await services.GetRequiredService<ITables>().Open("bench", [.. Made.Select(one => new TableReference(TableName.Parse($"dw.{one.Name}")))]);
        return Content(name => reading.Tables.First(table => table.Name.Name == name).Sql is var rows && name == "facts" ? rows : $"SELECT * RENAME ({name}_sk AS sk) FROM ({rows})");
    }

    private static string Content(Func<string, string> rows)
    {
        using var duck = new DuckDBConnection("DataSource=:memory:");
        duck.Open();
        using var command = duck.CreateCommand();
        command.CommandText = $"SELECT concat_ws(' ', {string.Join(", ", Made.Select(one => $"(SELECT sum(hash({one.Columns})) FROM ({rows(one.Name)}))"))})";
        return (string)command.ExecuteScalar()!;
    }

    public static async Task<(long, long)> Ours(string file, string folder)
    {
        await using var services = await Tables.House(folder);
        var (files, stars, tables, engine) = (services.GetRequiredService<IFiles>(), services.GetRequiredService<IStars>(), services.GetRequiredService<ITables>(), services.GetRequiredService<ITableEngine>());
        TableName sales = TableName.Parse("silver.sales"), facts = TableName.Parse("dw.facts");
        var read = await files.Read("bench", sales, [new(file, "sales.csv")], new FileSchema { Columns = [.. Columns.Select(column => new FileColumn(column.Name, column.Type))] }, new ReadOrder { PartitionBy = ["channel"], Memory = Memory });
        List<TableChange> staged = [read.Change];
        List<Lookup> lookups = [];
        StarSource Source() => new(sales, null, DateTimeOffset.UnixEpoch, staged);
        foreach (var (name, type1, type2) in ((string, string[], string[])[])[("store", ["city"], []), ("channel", [], []), ("customer", ["segment"], []), ("product", ["title"], ["category"])])
        {
            var table = TableName.Parse($"dw.{name}");
            staged.Add((await stars.Dimension("bench", new(table, $"{name}_sk", [name], type1, type2, "sold_at", HardDeletes.Ignore, -1), Source())).Change);
            lookups.Add(new($"{name}_sk", table, $"{name}_sk", [name], [name], -1));
        }

        // The grain is the first two tests: order_id is there, and unique.
        var fact = await stars.Fact("bench", new(facts, ["order_id"], ["quantity", "price"], "sold_at", lookups), Source());
        staged.Add(fact.Change);
        await using (var reading = await tables.Open("bench", [new(sales), new(facts), new(TableName.Parse("dw.product"))], staged))
            foreach (var test in (string[])[$"SELECT count(*) FROM silver.sales WHERE channel NOT IN ({Channels})", "SELECT count(*) FROM dw.facts WHERE product_sk NOT IN (SELECT product_sk FROM dw.product)"])
                if ((await engine.Query(reading, test, new() { Ours = true })).Rows[0][0] is not "0" and var broken)
                    throw new InvalidDataException($"{broken} rows break a test.");
        foreach (var change in staged)
            await tables.Commit(Who.Steward, change);
        if (read.QuarantineChange is { } bad)
            await tables.Commit(Who.Steward, bad);
        return (fact.Figures["written"], read.Quarantined);
    }

    private static string Channels => string.Join(", ", Enumerable.Range(0, 8).Select(i => $"'channel {i}'"));

    private static Task Write(string clean, string bad)
    {
        var (chance, at) = (new Random(11), new DateTime(2024, 1, 1));
        return Tables.Write(clean, bad, Columns, i =>
        {
            at = at.AddSeconds(chance.Next(1, 6));
            var (store, product, customer) = (chance.Next(400), chance.Next(5000), chance.Next(200_000));
            // Each product changes its category once, at a time of its own.
            var category = (product + (i > product * (Rows / 5000) ? 1 : 0)) % 40;
            return string.Create(CultureInfo.InvariantCulture, $"{i},{at:yyyy-MM-dd HH:mm:ss},store {store:000},city {store % 90},{product},product number {product},category {category},{customer},segment {customer % 12},channel {chance.Next(8)},{{0}},{chance.Next(1, 99999) / 100m:0.00}");
        });
    }
}
