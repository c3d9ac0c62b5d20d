using Steward.Data.Tables;
using Steward.Identity;
using Steward.Testing;

namespace Steward.Pipelines.Tests;

/// <summary>From files to a star: every step of a window takes effect together, as often as it is run.</summary>
public sealed class TableStepTests : IAsyncDisposable
{
    private const string Trigger = "trigger: {tumbling: {every: 1h, start: \"2029-12-31T22:00Z\", end: \"2030-01-01T00:00Z\"}}";
    private const string Seeded = "{sql: {id: seed, query: \"SELECT * FROM (VALUES (1, 'apple', 'Apple', 1.00), (2, 'pear', 'Pear', 2.00)) t (id, code, title, price)\", writes: silver.orders}}";
    private readonly World _world = new(Databases.Sqlite());

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_window_becomes_a_star_whose_table_and_dimension_agree_and_a_second_run_changes_nothing()
    {
        await _world.Says($$$"""
            sales:
                {{{Trigger}}}
                steps:
                  - {{{Seeded}}}
                  - write: {from: silver.orders, to: silver.by_code, partition_by: [code]}
                  - table: {name: Product, in: sqldb, from: silver.orders, key: [code], columns: [title, price]}
                  - dim: {name: Product, in: dw, from: silver.orders, natural_key: [code], scd: {type1: [title], type2: [price]}, unknown_member: -1}
                  - fact: {name: Sales, in: dw, from: silver.orders, grain: [id], lookups: {product_sk: Product}}
                  - check: {same_name: [sqldb.product, dw.product], reads: [silver.orders, dw.sales], reconcile: [{left: SELECT count(DISTINCT id) FROM silver.orders, right: SELECT count(*) FROM dw.sales}]}
            """);
        Assert.Equal(2, await _world.Work());
        Assert.True(await _world.States() == "SS", string.Join(' ', (await _world.Windows()).Select(window => window.Why)));
        var before = await Tables();
        Assert.Equal(["dw.product 3", "dw.sales 2", "silver.by_code 4", "silver.orders 4", "sqldb.product 2"], before);
        await _world.Pipelines.Ask(Who.Open, "shop", "sales", new(Origin.Rerun, null, null), Stop);
        Assert.Equal(2, await _world.Work());
        Assert.Equal(before, await Tables());
        Assert.Equal("sqldb.product and dw.product agree; 1 pair of numbers agree.", (await _world.Pipelines.Window("shop", "sales", (await _world.Windows())[0].StartAt, Stop))!.Steps.Single(step => step.Step == "check").Words);
    }

    [Fact]
    public async Task A_run_that_fails_at_its_last_step_leaves_nothing_and_goes_on_where_it_was()
    {
        await _world.Says($$$"""
            sales:
                {{{Trigger.Replace("end:", "retry: {count: 1, every: 1s}, end:", StringComparison.Ordinal)}}}
                steps:
                  - {{{Seeded}}}
                  - check: {reads: [silver.orders], reconcile: [{left: SELECT count(*) FROM silver.orders, right: SELECT 3}]}
            """);
        await _world.Work(most: 2);
        Assert.Empty(await Tables());
        var first = (await _world.Windows())[0];
        Assert.Equal("Try 1 of 2 failed, the next is at 00:00:01 UTC: check: SELECT count(*) FROM silver.orders is 2, and SELECT 3 is 3: 1 apart, at most 0 is allowed.", first.Why);
        _world.Clock.Advance(TimeSpan.FromSeconds(1));
        await _world.Work();
        Assert.Equal(["check Failed", "seed Taken"], (await _world.Pipelines.Window("shop", "sales", first.StartAt, Stop))!.Steps.Select(step => $"{step.Step} {step.State}").Order());
        Assert.Empty(await Tables());
    }

    [Fact]
    public async Task Files_of_the_inbox_become_rows_and_bad_ones_are_set_aside_with_their_place()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_world.Get<Settings>().Data, "inbox", "shop", "sales", "2029-12-31T22")).FullName;
        await File.WriteAllLinesAsync(Path.Combine(folder, "a.csv"), ["code,price", .. Enumerable.Range(0, 19).Select(i => $"c{i},{i}.50"), "bad,much"], Stop);
        await _world.Says($$$"""
            sales:
                {{{Trigger}}}
                steps: [{csv: {read: "sales/${window.start:yyyy-MM-dd'T'HH}/*.csv", to: bronze.sales, columns: {code: VARCHAR, price: "DECIMAL(9,2)"} } }]
            """);
        await _world.Work();
        Assert.True(await _world.States() == "SS", string.Join(' ', (await _world.Windows()).Select(window => window.Why)));
        Assert.Equal(["bronze.sales 19", "quarantine.bronze__sales 1"], await Tables());
        Assert.StartsWith("20 rows of 1 file: 19 kept, 1 set aside, the first in sales/2029-12-31T22/a.csv line 21", (await _world.Pipelines.Window("shop", "sales", (await _world.Windows())[0].StartAt, Stop))!.Steps[0].Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_are_read_by_hand_and_each_time_adds_its_own()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_world.Get<Settings>().Data, "inbox", "shop")).FullName;
        await File.WriteAllLinesAsync(Path.Combine(folder, "sales.csv"), ["code,price", "apple,1.50", "pear,2.00"], Stop);
        await _world.Says("""sales: {trigger: {by_hand: yes}, steps: [{csv: {read: sales.csv, to: bronze.sales, columns: {code: VARCHAR, price: "DECIMAL(9,2)"}}}]}""");
        var first = await _world.Pipelines.Run(Who.Open, "shop", "sales", null, null, Stop);
        await _world.Work();
        _world.Clock.Advance(TimeSpan.FromMinutes(1));
        await _world.Pipelines.Run(Who.Open, "shop", "sales", null, null, Stop);
        await _world.Work();
        Assert.True(await _world.States() == "SS", string.Join(' ', (await _world.Windows()).Select(window => window.Why)));
        Assert.Equal(["bronze.sales 4"], await Tables());
        await _world.Pipelines.Run(Who.Open, "shop", "sales", first.StartAt, null, Stop); // the same once more takes the place of its own
        await _world.Work();
        Assert.Equal(["bronze.sales 4"], await Tables());
    }

    [Theory]
    [InlineData("SELECT * FROM silver.other", "silver.orders", "other")]
    [InlineData("SELECT * FROM read_csv('/etc/passwd')", "", "")]
    [InlineData("SELECT * FROM read_parquet('http://127.0.0.1/x.parquet')", "", "")]
    [InlineData("INSTALL httpfs", "", "SELECT")]
    [InlineData("SELECT 1 AS a; SELECT 2 AS b", "", "")]
    [InlineData("COPY (SELECT 1) TO '/tmp/steward-out.csv'", "", "")]
    [InlineData("ATTACH '/tmp/steward.db'", "", "")]
    [InlineData("SELECT getenv('HOME') AS home", "", "")]
    public async Task Sql_reaches_no_file_no_network_no_extension_and_no_table_it_did_not_declare(string query, string reads, string said)
    {
        foreach (var name in new[] { "silver.orders", "silver.other" })
        {
            await using var none = await _world.Get<ITables>().Open("shop", [], Stop);
            var made = await _world.Get<ITableEngine>().Make(none, new MakeOrder("SELECT 1 AS id", Ours: true), Stop);
            await _world.Get<ITables>().Commit(Who.Steward, new TableChange("shop", TableName.Parse(name), ChangeKind.Append, null, made.Files), Stop);
        }

        await _world.Says($"sales: {{{Trigger}, steps: [{{sql: {{query: \"{query}\", reads: [{reads}], writes: silver.taken}}}}]}}");
        await _world.Work(most: 1);
        var window = (await _world.Windows())[0];
        Assert.Equal(WindowState.Failed, window.State);
        Assert.Contains(said, window.Why, StringComparison.Ordinal);
        Assert.Null(await _world.Get<ITables>().Find("shop", new(TableName.Parse("silver.taken")), Stop));
    }

    [Fact]
    public async Task Rows_that_fail_a_test_are_not_kept_and_the_column_is_named()
    {
        await _world.Says($"sales: {{{Trigger}, steps: [{{sql: {{query: SELECT NULL::INT AS id, writes: silver.taken, tests: {{not_null: [id]}}}}}}]}}");
        await _world.Work(most: 1);
        Assert.Equal("sql: id has no value in 1 row; not_null wants one in each.", (await _world.Windows())[0].Why);
        Assert.Empty(await Tables());
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    private async Task<List<string>> Tables() => [.. (await _world.Get<ITables>().All("shop", Stop)).Select(table => $"{table.Table} {table.Rows}")];
}
