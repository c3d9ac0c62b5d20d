using Steward.Data.Stars;
using Steward.Data.Tables;
using Steward.Data.Tests.Tables;
using Steward.Identity;
using Steward.Storage;
using Steward.Testing;

namespace Steward.Data.Tests.Stars;

public sealed class GainedColumnsOnSqliteTests() : GainedColumnTests(Databases.Sqlite());

public sealed class GainedColumnsOnPostgresTests() : GainedColumnTests(Databases.Postgres());

/// <summary>The project file takes more columns than it did: they appear, and what was there before holds nothing in them.</summary>
public abstract class GainedColumnTests(Db db) : IAsyncDisposable
{
    private static readonly TableName Source = TableName.Parse("silver.orders"), Product = TableName.Parse("dw.product"), Sales = TableName.Parse("dw.sales");
    private static readonly Lookup ByCode = new("product_sk", Product, "product_sk", ["code"], ["code"], -1);
    private static readonly DimensionOrder Products = new(Product, "product_sk", ["code"], ["title"], [], null, HardDeletes.Ignore, -1);
    private readonly Lake _lake = new(db);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private IStars Stars => new StarsDoor(_lake).Door;

    [Fact]
    public async Task Facts_gain_a_column_and_old_ones_hold_nothing_in_it()
    {
        await Rows(0, "(1, 'apple', 'Apple', 'north', 5.00)");
        await Dimension(0, Products);
        await Fact(0, ["amount"], [ByCode]);
        await Rows(1, "(2, 'pear', 'Pear', 'south', 7.00)");
        await Fact(1, ["amount", "region"], [ByCode]);
        Assert.Equal(["1 5.00 1 -", "2 7.00 -1 south"], await Ask("SELECT id, amount, product_sk, region FROM dw.sales ORDER BY id"));
        // A late member: the fact that waited for it is looked up again, and keeps its new column.
        await Dimension(1, Products);
        await Rows(2, "(3, 'apple', 'Apple', 'west', 1.00)");
        await Fact(2, ["amount", "region"], [ByCode]);
        Assert.Equal(["1 5.00 1 -", "2 7.00 2 south", "3 1.00 1 west"], await Ask("SELECT id, amount, product_sk, region FROM dw.sales ORDER BY id"));
    }

    [Fact]
    public async Task Facts_gain_a_lookup_and_every_old_one_has_a_member_in_it()
    {
        await Rows(0, "(1, 'apple', 'Apple', 'north', 5.00), (2, 'pear', 'Pear', 'south', 7.00)");
        await Dimension(0, Products);
        await Fact(0, ["code", "amount"], []);
        await Rows(1, "(3, 'apple', 'Apple', 'west', 1.00)");
        await Fact(1, ["code", "amount"], [ByCode]);
        Assert.Equal(["1 1", "2 2", "3 1"], await Ask("SELECT id, product_sk FROM dw.sales ORDER BY id"));
    }

    [Fact]
    public async Task A_dimension_gains_an_attribute_of_either_type()
    {
        await Rows(0, "(1, 'apple', 'Apple', 'north', 5.00), (2, 'pear', 'Pear', 'south', 7.00)");
        await Dimension(0, Products);
        await Rows(1, "(3, 'apple', 'Apple', 'west', 1.00)");
        await Dimension(1, Products with { Type1 = ["title", "region"], Type2 = ["amount"], HardDeletes = HardDeletes.Ignore });
        Assert.Equal(["1 apple Apple west - false", "2 pear Pear - - true", "3 apple Apple west 1.00 true"], await Ask("SELECT product_sk, code, title, region, amount, is_current FROM dw.product WHERE product_sk > 0 ORDER BY 1", "dw.product"));
    }

    [Fact]
    public async Task A_table_of_newest_rows_gains_a_column()
    {
        await Rows(0, "(1, 'apple', 'Apple', 'north', 5.00), (2, 'pear', 'Pear', 'south', 7.00)");
        await Newest(0, ["title"]);
        await Rows(1, "(3, 'apple', 'Big apple', 'west', 1.00)");
        await Newest(1, ["title", "region"]);
        Assert.Equal(["apple Big apple west", "pear Pear -"], await Ask("SELECT code, title, region FROM dw.sales ORDER BY code"));
    }

    [Fact]
    public async Task What_tells_facts_apart_cannot_be_gained()
    {
        await Rows(0, "(1, 'apple', 'Apple', 'north', 5.00)");
        await Fact(0, ["amount"], []);
        var refused = await Assert.ThrowsAsync<ProblemException>(() => Stars.Fact(Lake.Project, new(Sales, ["id", "region"], ["amount"], null, []), From(0), Stop));
        Assert.Equal(("key_changed", "dw.sales is there without the column 'region', by which its rows would be told apart now."), (refused.Code, refused.Message));
    }

    public async ValueTask DisposeAsync()
    {
        await _lake.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private static StarSource From(int hour) => new(Source, Lake.Hour(hour), Lake.Hour(hour).Start, []);

    private async Task Rows(int hour, string values) => await _lake.Tables.Commit(Who.Steward, new TableChange(Lake.Project, Source, ChangeKind.ReplaceWindow, (await _lake.Tables.Find(Lake.Project, new(Source), Stop))?.Version ?? 0,
        await _lake.Rows($"SELECT id::BIGINT AS id, code::VARCHAR AS code, title::VARCHAR AS title, region::VARCHAR AS region, amount::DECIMAL(9,2) AS amount FROM (VALUES {values}) t (id, code, title, region, amount)", Lake.Hour(hour))) { Window = Lake.Hour(hour) }, Stop);

    private async Task Dimension(int hour, DimensionOrder order) => await Keep(await Stars.Dimension(Lake.Project, order, From(hour), Stop));

    private async Task Fact(int hour, IReadOnlyList<string> columns, IReadOnlyList<Lookup> lookups) => await Keep(await Stars.Fact(Lake.Project, new(Sales, ["id"], columns, null, lookups), From(hour), Stop));

    private async Task Newest(int hour, IReadOnlyList<string> columns) => await Keep(await Stars.Newest(Lake.Project, new(Sales, ["code"], columns, null), From(hour), Stop));

    private Task Keep(StarMade made) => _lake.Tables.Commit(Who.Steward, made.Change, Stop);

    private Task<IReadOnlyList<string>> Ask(string sql, string table = "dw.sales") => _lake.Ask(sql, table);
}
