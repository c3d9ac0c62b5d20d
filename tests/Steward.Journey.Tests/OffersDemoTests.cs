using System.Text.Json;
using Microsoft.Data.Sqlite;
using Steward.Testing;

namespace Steward.Journey.Tests;

/// <summary><c>steward demo offers</c>, run once on each engine by the built program; each promise looks at what it printed, or asks its data.</summary>
public abstract class OffersDemoTests(OffersDemo demo)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void It_ends_well() => Assert.True(demo.Said.ExitCode == 0, demo.Said.ToString());

    [Fact]
    public void Every_window_took_effect_once_and_the_one_with_a_broken_file_only_when_the_file_was_right()
    {
        var pipelines = demo.Summary.GetProperty("pipelines").EnumerateArray().ToDictionary(one => one.GetProperty("pipeline").GetString()!);
        Assert.Equal([("catalog", 2, 2), ("history", 1, 1), ("sales", 24, 23)], pipelines.Select(one => (one.Key, one.Value.GetProperty("windows").GetInt32(), one.Value.GetProperty("succeeded").GetInt32())));
        Assert.Equal("2017-12-30T14:00:00+00:00", Assert.Single(pipelines["sales"].GetProperty("failed").EnumerateArray().ToList()).GetString());
        var correction = demo.Summary.GetProperty("correction");
        Assert.Contains("more than stop_if_bad allows", correction.GetProperty("why").GetString(), StringComparison.Ordinal);
        Assert.Equal(("succeeded", 2, 0), (correction.GetProperty("state").GetString(), correction.GetProperty("runs").GetInt32(), correction.GetProperty("alarms").GetInt32()));
    }

    [Fact]
    public void Counts_add_up_from_the_files_to_the_facts()
    {
        var counts = demo.Summary.GetProperty("counts");
        Assert.Equal(demo.RowsInFiles(), counts.GetProperty("read").GetInt64());
        Assert.Equal(Of("read"), Of("kept") + Of("setAside"));
        Assert.Equal((Of("kept"), 5, 1), (Of("facts"), Of("setAside"), Of("unknownCustomers")));

        long Of(string name) => counts.GetProperty(name).GetInt64();
    }

    [Fact]
    public void What_was_set_aside_says_where_and_why()
    {
        string[] reasons = [.. demo.Summary.GetProperty("quarantine").GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("reason").GetString()!)];
        Assert.Equal(["9 columns are expected, 5 found", "'two' is not a whole number", "'2017-02-30T11:40:10' is not a time as yyyy-MM-dd HH:mm:ss", "9 columns are expected, 11 found", "a value is required here"], reasons);
        Assert.All(demo.Summary.GetProperty("quarantine").GetProperty("rows").EnumerateArray(), row =>
            Assert.Equal(row.GetProperty("raw").GetString(), File.ReadLines(Path.Combine(demo.Inbox, row.GetProperty("file").GetString()!)).ElementAt(row.GetProperty("line").GetInt32() - 1)));
    }

    [Fact]
    public async Task The_table_and_the_dimension_of_one_name_say_the_same()
    {
        const string dimension = "SELECT product_id, title, category, subcategory, price FROM dw.product WHERE is_current AND NOT is_deleted AND product_sk > 0 ORDER BY product_id";
        Assert.Equal(
            (await demo.AskAll(dimension, Stop)).Concat(await demo.AskAll($"{dimension} OFFSET 1000", Stop)).Select(row => string.Join('|', row)),
            await demo.InShop("SELECT product_id || '|' || title || '|' || category || '|' || subcategory || '|' || printf('%.2f', price) FROM product ORDER BY product_id", Stop));
        var product = demo.Summary.GetProperty("product");
        Assert.Equal((product.GetProperty("table").GetInt64(), 1L), (product.GetProperty("current").GetInt64(), product.GetProperty("deleted").GetInt64()));
        Assert.Equal(["2014-01-01 00:00:00", "2017-12-30 08:00:00"], product.GetProperty("history").EnumerateArray().Select(one => one.GetProperty("validFrom").GetString()));
    }

    [Fact]
    public async Task Every_fact_has_the_product_as_it_was_when_it_was_ordered_late_ones_too()
    {
        string[] counts = await demo.Ask("""
            SELECT count(*) FILTER (WHERE s.ordered_at < p.valid_from OR s.ordered_at >= p.valid_to), count(*) FILTER (WHERE p.valid_from > TIMESTAMP '2014-01-01'), count(*) FILTER (WHERE p.product_sk IS NULL)
              FROM dw.sales s LEFT JOIN dw.product p USING (product_sk)
            """, Stop);
        Assert.Equal(("0", "0"), (counts[0], counts[2]));
        Assert.NotEqual("0", counts[1]);
        Assert.NotEqual("0", (await demo.Ask("SELECT count(*) FROM bronze.sales WHERE ordered_at < TIMESTAMP '2017-12-30 08:00' AND order_id IN (SELECT order_id FROM silver.orders WHERE ordered_at >= TIMESTAMP '2017-12-30 07:00')", Stop))[0]);
    }

    [Fact]
    public void The_recommender_beats_what_is_popular_and_chance_does_not_explain_it()
    {
        var (all, real) = (demo.Summary.GetProperty("proof").GetProperty("all"), demo.Summary.GetProperty("proof").GetProperty("real"));
        Assert.True(all.GetProperty("low").GetDouble() > 0, all.ToString());
        Assert.True(all.GetProperty("offers").GetDouble() > all.GetProperty("popular").GetDouble(), all.ToString());
        // It is said as it is: the real orders show no tastes.
        Assert.True(real.GetProperty("low").GetDouble() <= 0 && real.GetProperty("customers").GetInt32() > 100, real.ToString());
    }

    [Fact]
    public void Nothing_was_promoted_before_the_people_agreed()
        => Assert.Equal(("waiting_for_people", 5), (Assert.Single(demo.Summary.GetProperty("refusals").EnumerateArray().ToList()).GetProperty("code").GetString(), demo.Summary.GetProperty("refusals")[0].GetProperty("exitCode").GetInt32()));

    [Fact]
    public void An_application_reads_a_customers_offers_and_sees_the_version_that_made_them()
    {
        var (lists, read) = (demo.Summary.GetProperty("lists"), demo.Summary.GetProperty("application"));
        Assert.Equal(("offers@1", File.ReadLines(Path.Combine(demo.Inbox, "catalog/2017/12/29/customers.csv")).Count() - 1), (lists.GetProperty("madeBy").GetString(), lists.GetProperty("documents").GetInt32()));
        Assert.Equal(("offers@1", "offers@1", 20), (read.GetProperty("madeBy").GetString(), read.GetProperty("model").GetString(), read.GetProperty("items").GetArrayLength()));
        Assert.Equal("offers@1", demo.Summary.GetProperty("versions")[0].GetProperty("version").GetString());
        Assert.Contains(read.GetProperty("items").EnumerateArray(), item => item.GetProperty("bought").GetBoolean());
    }
}

[CollectionDefinition(nameof(OffersDemos))]
public sealed class OffersDemos : ICollectionFixture<OffersDemoOnSqlite>, ICollectionFixture<OffersDemoOnPostgres>;

[Collection(nameof(OffersDemos))]
public sealed class OffersDemoOnSqliteTests(OffersDemoOnSqlite demo) : OffersDemoTests(demo);

[Collection(nameof(OffersDemos))]
public sealed class OffersDemoOnPostgresTests(OffersDemoOnPostgres demo, OffersDemoOnSqlite other) : OffersDemoTests(demo)
{
    [Fact]
    public void The_same_seed_tells_the_same_on_both_engines()
    {
        foreach (var part in (string[])["pipelines", "correction", "quarantine", "counts", "product", "proof", "lists", "application"])
            Assert.Equal(other.Summary.GetProperty(part).ToString(), demo.Summary.GetProperty(part).ToString());
    }
}

/// <summary>One run of the demo.</summary>
public abstract class OffersDemo(string? db) : IAsyncLifetime
{
    private readonly string _here = TestFolder.New(), _home = TestFolder.New();

    internal Said Said { get; private set; } = null!;

    internal JsonElement Summary => JsonDocument.Parse(Said.Out).RootElement;

    internal string Inbox => Path.Combine(_here, "data", "inbox", "offers");

    private IReadOnlyDictionary<string, string> Settings => db is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["STEWARD_DB"] = db };

    public async ValueTask InitializeAsync()
        => Said = await Program.Run(_here, _home, Settings, ["demo", "offers", "--exit", "--json", "--data", Path.Combine(_here, "data"), "--port", "0", "--seed", "3"], TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    internal long RowsInFiles() => new[] { "history", "sales" }.Sum(folder => Directory.EnumerateFiles(Path.Combine(Inbox, folder), "*.csv", SearchOption.AllDirectories).Sum(file => File.ReadLines(file).LongCount() - 1));

    /// <summary>The first row of an answer about the tables it left.</summary>
    internal async Task<string[]> Ask(string sql, CancellationToken stop) => (await AskAll(sql, stop))[0];

    internal async Task<List<string[]>> AskAll(string sql, CancellationToken stop)
    {
        var said = await Program.Run(_here, _home, Settings, ["table", "query", sql, "--project", "offers", "--data", Path.Combine(_here, "data"), "--limit", "1000", "--json"], stop);
        Assert.True(said.ExitCode == 0, said.ToString());
        return [.. JsonDocument.Parse(said.Out).RootElement.GetProperty("rows").EnumerateArray().Select(row => row.EnumerateArray().Select(value => value.GetString()!).ToArray())];
    }

    /// <summary>The first column, as a program of the shop reads it from its own database.</summary>
    internal async Task<List<string>> InShop(string sql, CancellationToken stop)
    {
        await using var shop = new SqliteConnection($"Data Source={Path.Combine(_here, "data", "files", "offers", "shop.db")};Mode=ReadOnly;Pooling=False");
        await shop.OpenAsync(stop);
        await using var command = shop.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync(stop);
        var found = new List<string>();
        while (await reader.ReadAsync(stop))
            found.Add(reader.GetString(0));
        return found;
    }
}

public sealed class OffersDemoOnSqlite() : OffersDemo(null);

public sealed class OffersDemoOnPostgres() : OffersDemo(TestPostgres.NewDatabase());
