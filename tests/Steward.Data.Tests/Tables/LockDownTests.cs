using Steward.Data.Tables;
using Steward.Testing;

namespace Steward.Data.Tests.Tables;

/// <summary>SQL that people write reads the tables it was given, and nothing else.</summary>
public sealed class LockDownTests : IAsyncLifetime
{
    private readonly Lake _lake = new(Databases.Sqlite());

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("SELECT * FROM read_text('/etc/passwd')", "denied")]
    [InlineData("SELECT * FROM read_csv('/etc/passwd')", "denied")]
    [InlineData("SELECT * FROM '/etc/passwd'", "sql_failed")]
    [InlineData("SELECT * FROM '/etc/passwd.csv'", "denied")]
    [InlineData("SELECT * FROM read_parquet('../../tables/*/*')", "denied")]
    [InlineData("SELECT * FROM glob('/*')", "denied")]
    [InlineData("SELECT * FROM read_csv('http://127.0.0.1:1/x.csv')", "sql_failed")]
    [InlineData("SELECT * FROM sniff_csv('/etc/passwd')", "denied")]
    [InlineData("SELECT * FROM read_blob('/proc/self/environ')", "denied")]
    public async Task It_reaches_no_file_and_no_network(string sql, string code) => Assert.Equal(code, await Refused(sql));

    [Theory]
    [InlineData("COPY (SELECT 1) TO '/tmp/out.csv'")]
    [InlineData("ATTACH '/tmp/other.db'")]
    [InlineData("INSTALL httpfs")]
    [InlineData("LOAD httpfs")]
    [InlineData("SET memory_limit = '100GB'")]
    [InlineData("PRAGMA enable_profiling")]
    [InlineData("EXPORT DATABASE '/tmp/all'")]
    [InlineData("CREATE TABLE t AS SELECT 1")]
    [InlineData("DROP VIEW silver.orders")]
    [InlineData("SELECT 1; SELECT 2")]
    [InlineData("SELECT 1) TO '/tmp/out.csv'; SELECT (1")]
    [InlineData("not SQL")]
    [InlineData("")]
    public async Task Only_one_select_is_run(string sql) => Assert.Equal("sql_invalid", await Refused(sql));

    [Fact]
    public async Task Files_of_other_tables_are_out_of_reach_even_by_their_true_path()
    {
        var secret = TableName.Parse("hr.salaries");
        var files = await _lake.Rows("SELECT 1 AS salary");
        await _lake.Tables.Commit(Identity.Who.Steward, new TableChange("hr", secret, ChangeKind.Append, null, files), Stop);
        await using var open = await _lake.Tables.Open("hr", [new(secret)], Stop);
        Assert.True(File.Exists(open.Tables[0].Files[0].Path));
        Assert.Equal("denied", await Refused($"SELECT * FROM read_parquet('{open.Tables[0].Files[0].Path}')"));
        Assert.Equal("sql_failed", await Refused("SELECT * FROM hr.salaries"));
    }

    [Fact]
    public async Task What_costs_too_much_memory_ends_alone()
    {
        Assert.Equal("sql_memory", await Refused("SELECT max(len(s)) FROM (SELECT string_agg(repeat('x', 100000), '') AS s FROM range(20000))"));
        Assert.Equal(["3"], await _lake.Ask("SELECT count(*) FROM silver.orders", "silver.orders"));
    }

    [Fact]
    public async Task An_answer_is_cut_at_its_limit_and_says_so()
    {
        await using var reading = await _lake.Tables.Open(Lake.Project, [new(Lake.Orders)], Stop);
        var answer = await _lake.Engine.Query(reading, "-- the oldest first\nSELECT id, amount FROM silver.orders ORDER BY id;", new QueryLimits { Rows = 2 }, Stop);
        Assert.True(answer.IsCut);
        Assert.Equal([["1", "1.00"], ["2", "2.00"]], answer.Rows);
        Assert.Equal([new("id", "BIGINT"), new("amount", "DECIMAL(9,2)")], answer.Columns);
    }

    [Fact]
    public async Task What_people_write_can_become_a_table_too()
    {
        await using var reading = await _lake.Tables.Open(Lake.Project, [new(Lake.Orders)], Stop);
        var made = await _lake.Engine.Make(reading, new MakeOrder("SELECT id % 2 AS odd, sum(id) AS ids FROM silver.orders GROUP BY odd ORDER BY odd") { PartitionBy = ["odd"] }, Stop);
        Assert.Equal([new("odd", "BIGINT"), new("ids", "DECIMAL(38,0)")], made.Columns);
        Assert.Equal(2, made.Files.Count);
        Assert.Equal(["ids < id", "odd < id"], made.Origins.Select(one => $"{one.Column} < {one.FromColumn}").Order());
    }

    [Fact]
    public async Task No_rows_fall_into_no_partition_and_still_say_what_their_columns_are()
    {
        await using var reading = await _lake.Tables.Open(Lake.Project, [new(Lake.Orders)], Stop);
        var made = await _lake.Engine.Make(reading, new MakeOrder("SELECT id, amount FROM silver.orders WHERE false") { PartitionBy = ["id"] }, Stop);
        Assert.Equal(0, made.Rows);
        Assert.Equal([new("id", "BIGINT"), new("amount", "DECIMAL(9,2)")], made.Columns);
    }

    public async ValueTask InitializeAsync() => await _lake.Append(1, 3);

    public ValueTask DisposeAsync() => _lake.DisposeAsync();

    private async Task<string> Refused(string sql) => (await Assert.ThrowsAsync<ProblemException>(() => _lake.AskAsPeopleDo(sql, "silver.orders"))).Code;
}
