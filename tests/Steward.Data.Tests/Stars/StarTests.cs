using CsCheck;
using Steward.Data.Stars;
using Steward.Data.Tables;
using Steward.Data.Tests.Tables;
using Steward.Identity;
using Steward.Testing;

namespace Steward.Data.Tests.Stars;

/// <summary>Dimensions and facts as people know them from warehouses.</summary>
public sealed class StarTests : IAsyncDisposable
{
    private static readonly TableName Source = TableName.Parse("silver.orders"), Product = TableName.Parse("dw.product"), Sales = TableName.Parse("dw.sales"), Operational = TableName.Parse("sqldb.product");
    private static readonly DimensionOrder Type2 = new(Product, "product_sk", ["code"], ["title"], ["price"], "at", HardDeletes.Ignore, -1);
    private static readonly FactOrder Facts = new(Sales, ["id"], [], "at", [new("product_sk", Product, "product_sk", ["code"], ["code"], -1)]);
    private readonly Lake _lake = new(Databases.Sqlite());

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private StarsDoor Stars => new(_lake);

    [Fact]
    public async Task A_dimension_of_type_2_keeps_its_history_half_open_with_an_unknown_member()
    {
        await Load(Type2, Hour(0), "('apple', 'Apple', 1.00, TIMESTAMP '2026-03-01 00:10:00'), ('pear', 'Pear', 2.00, TIMESTAMP '2026-03-01 00:20:00')");
        await Load(Type2, Hour(1), "('apple', 'Apple', 1.50, TIMESTAMP '2026-03-01 01:10:00'), ('pear', 'Big pear', 2.00, TIMESTAMP '2026-03-01 01:20:00')");
        Assert.Equal([
            "-1 - - - 0001-01-01 00:00:00 9999-12-31 00:00:00 true",
            "1 apple Apple 1.00 2026-03-01 00:10:00 2026-03-01 01:10:00 false",
            "2 pear Big pear 2.00 2026-03-01 00:20:00 9999-12-31 00:00:00 true",
            "3 apple Apple 1.50 2026-03-01 01:10:00 9999-12-31 00:00:00 true"], await Rows());
    }

    [Fact]
    public async Task A_late_row_comes_where_it_belongs_and_no_version_changes_its_key()
    {
        await Load(Type2, Hour(1), "('apple', 'Apple', 1.00, TIMESTAMP '2026-03-01 01:00:00'), ('apple', 'Apple', 3.00, TIMESTAMP '2026-03-01 01:30:00')");
        await Load(Type2, Hour(2), "('apple', 'Old name', 2.00, TIMESTAMP '2026-03-01 01:15:00'), ('apple', 'Older name', 0.50, TIMESTAMP '2026-03-01 00:15:00')");
        Assert.Equal([
            "-1 - - - 0001-01-01 00:00:00 9999-12-31 00:00:00 true",
            "1 apple Apple 1.00 2026-03-01 01:00:00 2026-03-01 01:15:00 false",
            "2 apple Apple 3.00 2026-03-01 01:30:00 9999-12-31 00:00:00 true",
            "3 apple Apple 0.50 2026-03-01 00:15:00 2026-03-01 01:00:00 false",
            "4 apple Apple 2.00 2026-03-01 01:15:00 2026-03-01 01:30:00 false"], await Rows());
    }

    [Theory]
    [InlineData(HardDeletes.Ignore, "1 apple 1.00 00:00 9999 true false")]
    [InlineData(HardDeletes.Invalidate, "1 apple 1.00 00:00 01:00 false false", "3 apple 1.00 02:00 9999 true false")]
    [InlineData(HardDeletes.NewRecord, "1 apple 1.00 00:00 01:00 false false", "3 apple 1.00 01:00 02:00 false true", "4 apple 1.00 02:00 9999 true false")]
    public async Task A_member_that_is_gone_is_treated_as_the_plan_says_and_may_come_back(HardDeletes mode, params string[] apple)
    {
        var order = Type2 with { HardDeletes = mode, At = null };
        await Load(order, Hour(0), "('apple', 'Apple', 1.00, NULL), ('pear', 'Pear', 2.00, NULL)");
        await Load(order, Hour(1), "('pear', 'Pear', 2.00, NULL)");
        await Load(order, Hour(2), "('apple', 'Apple', 1.00, NULL), ('pear', 'Pear', 2.00, NULL)");
        Assert.Equal(apple, await _lake.Ask("""
            SELECT product_sk, code, price, strftime(valid_from, '%H:%M'), CASE WHEN year(valid_to) = 9999 THEN '9999' ELSE strftime(valid_to, '%H:%M') END, is_current, is_deleted
              FROM dw.product WHERE code = 'apple' ORDER BY 1
            """, "dw.product"));
    }

    [Fact]
    public async Task A_dimension_of_type_1_has_one_row_a_member_and_the_newest_values()
    {
        var order = Type2 with { Type1 = ["title", "price"], Type2 = [] };
        await Load(order, Hour(1), "('apple', 'Apple', 1.00, TIMESTAMP '2026-03-01 01:00:00'), ('apple', 'Apple', 3.00, TIMESTAMP '2026-03-01 01:30:00')");
        var made = await Load(order, Hour(2), "('apple', 'Late', 2.00, TIMESTAMP '2026-03-01 01:15:00'), (NULL, 'Nobody', 2.00, NULL)");
        Assert.Equal((2L, 1L), (made.Figures["read"], made.Figures["withoutKey"]));
        Assert.Equal(["-1 - - -", "1 apple Apple 3.00"], await _lake.Ask("SELECT product_sk, code, title, price FROM dw.product ORDER BY 1", "dw.product"));
    }

    [Fact]
    public async Task Rows_without_a_key_are_counted_wherever_in_a_large_file_they_lie()
    {
        await Put(_lake, Hour(1), "SELECT CASE WHEN i % 100000 = 7 THEN NULL ELSE 'c' || i % 50 END AS code, 'T' AS title, 1::DECIMAL(9,2) AS price, NULL::TIMESTAMP AS \"at\", i AS id FROM range(400000) t (i)");
        var figures = (await Stars.Door.Dimension(Lake.Project, Type2, Of(Hour(1)), Stop)).Figures;
        Assert.Equal((400_000, 4), (figures["read"], figures["withoutKey"]));
        await Put(_lake, Hour(2), "SELECT NULL::VARCHAR AS code, 'T' AS title, 1::DECIMAL(9,2) AS price, NULL::TIMESTAMP AS \"at\", i AS id FROM range(3) t (i)");
        Assert.Equal(3, (await Stars.Door.Dimension(Lake.Project, Type2, Of(Hour(2)), Stop)).Figures["withoutKey"]);
    }

    [Fact]
    public void Whatever_order_rows_come_in_and_however_often_the_dimension_is_what_was_said()
    {
        var change = Gen.Select(Gen.Int[0, 2], Gen.Int[0, 11], (code, minute) => (Code: $"p{code}", Minute: minute));
        Gen.Select(change.List[1, 12], Gen.Int[0, 3], Gen.Int[0, 1000]).Sample((all, repeats, seed) =>
        {
            // One price for one moment, and each a change: what is said twice alike leaves no trace of the second time.
            var said = all.Distinct().Select((one, i) => (one.Code, one.Minute, Price: i)).ToList();
            using var lake = new Owned();
            var random = new Random(seed);
            var sent = said.Concat(said.OrderBy(_ => random.Next()).Take(repeats)).OrderBy(_ => random.Next()).ToList();
            foreach (var (batch, i) in sent.Chunk(4).Select((batch, i) => (batch, i)))
                Into(lake.Lake, Type2, Hour(i), string.Join(", ", batch.Select(one => $"('{one.Code}', 'T', {one.Price}.00, TIMESTAMP '2026-03-01 00:{one.Minute:00}:00')"))).GetAwaiter().GetResult();
            // Each holds from its moment to the next.
            var history = said.OrderBy(one => one.Code, StringComparer.Ordinal).ThenBy(one => one.Minute)
                .Select(one => (one, next: said.Where(other => other.Code == one.Code && other.Minute > one.Minute).Select(other => (int?)other.Minute).Min()))
                .Select(pair => $"{pair.one.Code} {pair.one.Price}.00 {pair.one.Minute} {pair.next?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "-"}");
            return history.SequenceEqual(lake.Lake.Ask("SELECT code, price, minute(valid_from), CASE WHEN is_current THEN NULL ELSE minute(valid_to) END FROM dw.product WHERE product_sk > 0 ORDER BY code, valid_from", "dw.product").GetAwaiter().GetResult());
        }, iter: 8, threads: 1);
    }

    [Fact]
    public async Task A_fact_has_the_member_that_was_valid_at_its_time_and_an_early_one_the_first()
    {
        await Load(Type2, Hour(0), "('apple', 'Apple', 1.00, TIMESTAMP '2026-03-01 00:10:00')");
        await Load(Type2, Hour(1), "('apple', 'Apple', 1.50, TIMESTAMP '2026-03-01 01:00:00')");
        await Sell(Hour(1), "(1, 'apple', TIMESTAMP '2026-03-01 00:59:59'), (2, 'apple', TIMESTAMP '2026-03-01 01:00:00'), (3, 'apple', TIMESTAMP '2026-02-01 00:00:00'), (4, 'kiwi', TIMESTAMP '2026-03-01 01:30:00'), (5, NULL, TIMESTAMP '2026-03-01 01:30:00')");
        Assert.Equal(["1 1", "2 2", "3 1", "4 -1", "5 -1"], await _lake.Ask("SELECT id, product_sk FROM dw.sales ORDER BY id", "dw.sales"));
    }

    [Theory]
    [InlineData(false, "1 1", "2 1", "3 -1")]
    [InlineData(true, "1 1", "2 2", "3 -1")]
    public async Task Facts_of_the_beginning_and_the_end_of_time_have_their_member_with_versions_and_without(bool versions, params string[] facts)
    {
        await Load(Type2, Hour(0), "('apple', 'Apple', 1.00, TIMESTAMP '2026-03-01 00:10:00')");
        if (versions)
            await Load(Type2, Hour(1), "('apple', 'Apple', 1.50, TIMESTAMP '2026-03-01 01:00:00')");
        await Sell(Hour(1), "(1, 'apple', TIMESTAMP '0044-03-15 (BC) 12:00:00'), (2, 'apple', TIMESTAMP '9999-12-31 00:00:00'), (3, 'kiwi', TIMESTAMP '9999-12-31 00:00:00')");
        Assert.Equal(facts, await _lake.Ask("SELECT id, product_sk FROM dw.sales ORDER BY id", "dw.sales"));
    }

    [Fact]
    public async Task A_fact_that_came_before_its_member_is_looked_up_again_with_the_next_facts()
    {
        await Load(Type2, Hour(0), "('apple', 'Apple', 1.00, TIMESTAMP '2026-03-01 00:10:00')");
        await Sell(Hour(0), "(1, 'kiwi', TIMESTAMP '2026-03-01 00:30:00'), (2, 'plum', TIMESTAMP '2026-03-01 00:30:00')");
        await Load(Type2, Hour(1), "('kiwi', 'Kiwi', 0.50, TIMESTAMP '2026-03-01 00:20:00')");
        var made = await Sell(Hour(1), "(3, 'apple', TIMESTAMP '2026-03-01 01:30:00')");
        Assert.Equal((1L, 1L), (made.Figures["lookedUpAgain"], made.Figures["unknown"]));
        Assert.Equal(["1 2", "2 -1", "3 1"], await _lake.Ask("SELECT id, product_sk FROM dw.sales ORDER BY id", "dw.sales"));
    }

    [Fact]
    public async Task Facts_that_share_their_grain_are_refused_with_one_of_them()
    {
        await Load(Type2, Hour(0), "('apple', 'Apple', 1.00, TIMESTAMP '2026-03-01 00:10:00')");
        var refused = await Assert.ThrowsAsync<ProblemException>(() => Sell(Hour(0), "(17, 'apple', NULL), (17, 'apple', NULL), (18, 'apple', NULL)"));
        Assert.Equal("grain_broken", refused.Code);
        Assert.Contains("such as 17", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_rows_again_change_no_fact()
    {
        await Load(Type2, Hour(0), "('apple', 'Apple', 1.00, TIMESTAMP '2026-03-01 00:10:00')");
        for (var i = 0; i < 3; i++)
            await Sell(Hour(0), "(1, 'apple', TIMESTAMP '2026-03-01 00:30:00'), (2, 'apple', TIMESTAMP '2026-03-01 00:40:00')");
        Assert.Equal(["2 2"], await _lake.Ask("SELECT count(*), count(DISTINCT id) FROM dw.sales", "dw.sales"));
    }

    [Fact]
    public async Task A_table_and_a_dimension_of_one_name_have_the_same_members_and_it_is_said_when_not()
    {
        foreach (var (hour, rows) in new[] { (0, "('apple', 'Apple', 1.00, TIMESTAMP '2026-03-01 00:10:00'), ('pear', 'Pear', 2.00, NULL)"), (1, "('apple', 'Apple!', 1.50, TIMESTAMP '2026-03-01 01:10:00')"), (2, "('apple', 'Late', 1.20, TIMESTAMP '2026-03-01 00:40:00')") })
        {
            await Load(Type2, Hour(hour), rows);
            await _lake.Tables.Commit(Who.Steward, (await Stars.Door.Newest(Lake.Project, new(Operational, ["code"], ["title", "price"], "at"), Of(Hour(hour)), Stop)).Change, Stop);
        }

        Assert.Equal(["apple Apple! 1.50", "pear Pear 2.00"], await _lake.Ask("SELECT code, title, price FROM sqldb.product ORDER BY 1", "sqldb.product"));
        Assert.Null(await Differ());
        await Load(Type2, Hour(3), "('kiwi', 'Kiwi', 9.00, NULL), ('apple', 'Apple', 7.00, NULL)");
        Assert.Equal("sqldb.product and dw.product differ: 1 only in dw.product, 1 with other values.", await Differ());
    }

    public ValueTask DisposeAsync() => _lake.DisposeAsync();

    private static TableWindow Hour(int hour) => Lake.Hour(hour);

    private static StarSource Of(TableWindow window) => new(Source, window, window.Start, []);

    private async Task<string?> Differ()
    {
        await using var reading = await _lake.Tables.Open(Lake.Project, [new(Operational), new(Product)], Stop);
        return await Stars.Door.SameMembers(reading, Operational, Product, ["code"], Stop);
    }

    private Task<IReadOnlyList<string>> Rows() => _lake.Ask("SELECT product_sk, code, title, price, valid_from, valid_to, is_current FROM dw.product ORDER BY 1", "dw.product");

    private Task<StarMade> Load(DimensionOrder order, TableWindow window, string rows) => Into(_lake, order, window, rows);

    private static async Task<StarMade> Into(Lake lake, DimensionOrder order, TableWindow window, string rows)
    {
        await Put(lake, window, $"SELECT code::VARCHAR AS code, title::VARCHAR AS title, price::DECIMAL(9,2) AS price, \"at\"::TIMESTAMP AS \"at\", NULL::BIGINT AS id FROM (VALUES {rows}) t (code, title, price, \"at\")");
        var made = await new StarsDoor(lake).Door.Dimension(Lake.Project, order, Of(window), Stop);
        await lake.Tables.Commit(Who.Steward, made.Change, Stop);
        return made;
    }

    private async Task<StarMade> Sell(TableWindow window, string rows)
    {
        await Put(_lake, window, $"SELECT code::VARCHAR AS code, NULL::VARCHAR AS title, NULL::DECIMAL(9,2) AS price, \"at\"::TIMESTAMP AS \"at\", id::BIGINT AS id FROM (VALUES {rows}) t (id, code, \"at\")");
        var made = await Stars.Door.Fact(Lake.Project, Facts, Of(window), Stop);
        await _lake.Tables.Commit(Who.Steward, made.Change, Stop);
        return made;
    }

    private static async Task Put(Lake lake, TableWindow window, string sql)
        => await lake.Tables.Commit(Who.Steward, new TableChange(Lake.Project, Source, ChangeKind.ReplaceWindow, (await lake.Tables.Find(Lake.Project, new(Source), Stop))?.Version ?? 0, await lake.Rows(sql, window)) { Window = window }, Stop);

    private sealed class Owned : IDisposable
    {
        public Lake Lake { get; } = new(Databases.Sqlite());

        public void Dispose() => Lake.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}

/// <summary>The door over the tables of a test.</summary>
internal sealed record StarsDoor(Lake Lake)
{
    public IStars Door => new Data.Stars.Stars(Lake.Tables, Lake.Engine);
}
