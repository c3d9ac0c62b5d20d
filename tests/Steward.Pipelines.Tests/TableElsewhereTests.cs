using Steward.Data.Connections;
using Steward.Data.Tables;
using Steward.Identity;
using Steward.Outside;
using Steward.Testing;

namespace Steward.Pipelines.Tests;

public sealed class TableInPostgresTests() : TableElsewhereTests(CopyStepTests.Postgres(TestPostgres.NewDatabase()));

public sealed class TableInSqliteTests() : TableElsewhereTests("kind: sqlite, path: shop.db");

/// <summary>The same table in an operational database: written once for each run of a window, and compared with its dimension there.</summary>
public abstract class TableElsewhereTests(string sqldb) : IAsyncDisposable
{
    private const string Check = "- check: {same_name: [sqldb.Product, dw.Product]}";
    private readonly World _world = new(Databases.Sqlite(), new FakeClock(), new Allowed { PrivateAddresses = true });

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private FakeClock Clock => (FakeClock)_world.Time;

    [Fact]
    public async Task The_table_is_there_with_its_types_and_agrees_with_the_dimension_of_its_name()
    {
        await Orders("(1, 'apple', 'Äpfel', 1.25, DATE '2026-03-01', true), (2, 'pear', NULL, 2.00, NULL, false), (3, 'apple', 'Äpfel', 1.25, DATE '2026-03-01', true)");
        await Says($"- table: {{name: Product, from: silver.orders, in: sqldb, mode: upsert, key: [code], columns: [title, price, since, fresh]}}\n      {Dim}\n      {Check}");
        Assert.Equal(1, await _world.Work());
        await Succeeded();
        Assert.Equal("2 rows into product of sqldb.", await Words("table"));
        Assert.Equal("sqldb.product and dw.product agree.", await Words("check"));
        Assert.Equal(["apple Äpfel 1.25 01.03.2026 True", "pear - 2.00 - False"], await There("SELECT code, title, price, since, fresh FROM product ORDER BY code"));
        // Nothing of it is a table of ours.
        Assert.Null(await _world.Get<ITables>().Find("shop", new(TableName.Parse("sqldb.product")), Stop));
        await using (var there = await Tables())
            await there.Write("product", [new("code", ColumnType.Text), new("price", ColumnType.Decimal)], CopyStepTests.One(RowBatch.Of([new("code", ColumnType.Text), new("price", ColumnType.Decimal)], ["pear", 9m])), new TableWrite.Upsert(["code"]), Stop);
        await Says($"{Dim}\n      {Check}");
        await Again();
        Assert.Equal("check: sqldb.product and dw.product differ: 1 with other values.", (await _world.Windows())[0].Why);
    }

    [Fact]
    public async Task A_run_that_dies_after_it_wrote_is_not_written_again_and_wakes_too_late()
    {
        await Orders("(1, 'apple', 'A', 1.25, NULL, true)");
        await Says("- table: {name: Product, from: silver.orders, in: sqldb, key: [code], columns: [price], cache: no}");
        await _world.Look();
        var zombie = (await _world.Claim("one", TimeSpan.FromSeconds(30)))!;
        var late = await _world.Do(zombie);
        Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, await _world.Work());
        await Succeeded();
        Assert.Equal("The same rows are in product of sqldb already.", await Words("table"));
        Assert.Equal("lease_lost", (await Assert.ThrowsAsync<ProblemException>(() => _world.Ledger.Complete(zombie, late, Stop))).Code);
        Assert.Equal(["1"], await There("SELECT run FROM steward_written"));
        // Another round writes again, and a run of the round before that wakes now writes nothing.
        await Orders("(1, 'apple', 'A', 7.25, NULL, true)");
        await Again();
        Assert.Equal(["apple 7.25"], await There("SELECT code, price FROM product"));
        await using var there = await Tables();
        var old = new WriteOnce("shop/sales/table product", "2029-12-31T23:00:00.0000000Z", 1, "old");
        Assert.Equal("window_taken", (await Assert.ThrowsAsync<ProblemException>(() => there.Write("product", [new("code", ColumnType.Text)], CopyStepTests.One(RowBatch.Of([new("code", ColumnType.Text)], ["x"])), new TableWrite.Replace(), old, Stop))).Code);
        Assert.Equal(["apple 7.25"], await There("SELECT code, price FROM product"));
    }

    [Fact]
    public async Task Replacing_leaves_only_what_the_table_holds_and_an_older_row_does_not_take_the_place_of_a_newer()
    {
        await Orders("(1, 'apple', 'A', 1.00, DATE '2026-03-01', true), (2, 'pear', 'P', 2.00, DATE '2026-03-01', true)");
        await Says("- table: {name: Product, from: silver.orders, in: sqldb, mode: replace, key: [code], columns: [price, since]}");
        Assert.Equal(1, await _world.Work());
        await Orders("(1, 'apple', 'A', 3.00, DATE '2026-03-05', true)");
        await Again();
        Assert.Equal(["apple 3.00"], await There("SELECT code, price FROM product"));
        await Says("- table: {name: Stock, from: silver.orders, in: sqldb, key: [code], columns: [price], at: since}");
        await Again();
        await Orders("(1, 'apple', 'A', 1.00, DATE '2026-03-04', true), (2, 'plum', 'P', 5.00, DATE '2026-03-04', true), (3, 'plum', 'P', 4.00, DATE '2026-03-03', true)");
        await Again();
        Assert.Equal(["apple 3.00", "plum 5.00"], await There("SELECT code, price FROM stock ORDER BY code"));
    }

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private const string Dim = "- dim: {name: Product, in: dw, from: silver.orders, natural_key: [code], scd: {type1: [title], type2: [price]}}";

    private Task Orders(string values) => _world.Table("silver.orders", $"SELECT * FROM (VALUES {values}) t (id, code, title, price, since, fresh)");

    private Task Says(string steps) => _world.Says($"sales:\n    trigger: {{tumbling: {{every: 1h, start: \"2029-12-31T23:00Z\", end: \"2030-01-01T00:00Z\"}}}}\n    steps:\n      {steps}", $"connections: {{sqldb: {{{sqldb}}}}}");

    private async Task Again()
    {
        await _world.Pipelines.Ask(Who.Open, "shop", "sales", new(Origin.Rerun, null, null), Stop);
        Assert.Equal(1, await _world.Work());
    }

    private async Task Succeeded() => Assert.True((await _world.States()).All(state => state == 'S'), string.Join(' ', (await _world.Windows()).Select(window => window.Why)));

    private async Task<string?> Words(string step) => (await _world.Pipelines.Window("shop", "sales", (await _world.Windows())[0].StartAt, Stop))!.Steps.Single(one => one.Step == step).Words;

    private Task<ITableSource> Tables() => _world.Get<IConnections>().Tables("shop", "sqldb", Stop);

    private async Task<List<string>> There(string sql)
    {
        await using var source = await Tables();
        var found = new List<string>();
        await foreach (var batch in source.Read(new(sql), Stop))
            for (var row = 0; row < batch.Rows; row++)
                found.Add(string.Join(' ', batch.Columns.Select((_, i) => batch.Value(i, row) switch { null => "-", DateOnly day => day.ToString("dd.MM.yyyy", null), IFormattable value => value.ToString(null, System.Globalization.CultureInfo.InvariantCulture), var value => $"{value}" })));
        return found;
    }
}
