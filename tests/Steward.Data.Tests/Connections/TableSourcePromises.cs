using Steward.Data.Connections;
using Steward.Testing;

namespace Steward.Data.Tests.Connections;

/// <summary>What every kind of connection that holds tables promises.</summary>
public abstract class TableSourcePromises : Connected
{
    private static readonly SourceColumn[] Every =
    [
        new("id", ColumnType.Int), new("yes", ColumnType.Bool), new("share", ColumnType.Double), new("price", ColumnType.Decimal), new("name", ColumnType.Text),
        new("day", ColumnType.Date), new("at", ColumnType.Time), new("raw", ColumnType.Bytes), new("key", ColumnType.Uuid), new("more", ColumnType.Json),
    ];

    private static readonly object?[] Full = [long.MaxValue, true, 0.1, 1234567890.123456m, "Käse 🧀'; DROP TABLE x; --", new DateOnly(2026, 2, 28), new DateTime(2026, 2, 28, 23, 59, 59, 123, DateTimeKind.Utc).AddMicroseconds(456), new byte[] { 0, 255 }, Guid.Parse("00000000-0000-0000-0000-000000000001"), "{\"a\": 1}"];

    protected abstract string Plan { get; }

    protected ITableSource Source { get; private set; } = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Connect(("one", Plan));
        Source = await Connections.Tables("shop", "one", Stop);
    }

    [Fact]
    public async Task Every_type_comes_back_as_it_went_and_nothing_stays_nothing()
    {
        object?[] empty = [1L, null, null, null, null, null, null, null, null, null];
        Assert.Equal(2, await Write("all", Every, new TableWrite.Append(), Full, empty));
        Assert.Equal(Every, await Source.Columns("all", Stop));
        Assert.Equal(["all"], await Source.Tables(Stop));
        var rows = await Rows("SELECT * FROM \"all\" ORDER BY id DESC");
        Assert.Equal(Full, rows[0]);
        Assert.Equal(empty, rows[1]);
    }

    [Fact]
    public async Task A_key_replaces_the_row_that_has_it_and_leaves_the_others()
    {
        SourceColumn[] columns = [new("id", ColumnType.Int), new("name", ColumnType.Text)];
        var upsert = new TableWrite.Upsert(["id"]);
        await Write("person", columns, upsert, [1, "Ana"], [2, "Ben"]);
        await Write("person", columns, upsert, [2, "Bea"], [3, "Cem"]);
        Assert.Equal(["1 Ana", "2 Bea", "3 Cem"], (await Rows("SELECT id, name FROM person ORDER BY id")).Select(row => $"{row[0]} {row[1]}"));
        Assert.Equal("key_missing", await Refused(() => Write("person", columns, new TableWrite.Upsert(["other"]), [1, "x"])));
    }

    [Fact]
    public async Task Replacing_takes_all_of_what_was_there_and_appending_nothing()
    {
        SourceColumn[] columns = [new("id", ColumnType.Int)];
        await Write("number", columns, new TableWrite.Append(), [1], [2]);
        await Write("number", columns, new TableWrite.Append(), [3]);
        Assert.Equal(3, (await Rows("SELECT id FROM number")).Count);
        await Write("number", columns, new TableWrite.Replace(), [9]);
        Assert.Equal(9L, (await Rows("SELECT id FROM number")).Single()[0]);
    }

    [Fact]
    public async Task A_write_that_breaks_leaves_nothing()
    {
        SourceColumn[] columns = [new("id", ColumnType.Int)];
        await Write("number", columns, new TableWrite.Append(), [1]);
        await Assert.ThrowsAsync<InvalidDataException>(() => Source.Write("number", columns, Broken(columns), new TableWrite.Replace(), Stop));
        Assert.Equal(1L, (await Rows("SELECT id FROM number")).Single()[0]);
    }

    [Fact]
    public async Task Rows_come_in_batches_and_values_by_parameters()
    {
        SourceColumn[] columns = [new("id", ColumnType.Int), new("name", ColumnType.Text)];
        await Write("many", columns, new TableWrite.Append(), [.. Enumerable.Range(0, 25).Select(i => new object?[] { i, i == 7 ? "x' OR '1'='1" : $"n{i}" })]);
        var sizes = new List<int>();
        await foreach (var batch in Source.Read(new("SELECT id FROM many ORDER BY id") { BatchRows = 10 }, Stop))
            sizes.Add(batch.Rows);
        Assert.Equal([10, 10, 5], sizes);
        Assert.Equal(7L, (await Rows("SELECT id FROM many WHERE name = @name", new() { ["name"] = "x' OR '1'='1" })).Single()[0]);
    }

    [Theory]
    [InlineData("DELETE FROM number")]
    [InlineData("SELECT 1; DELETE FROM number")]
    [InlineData("COMMIT; DELETE FROM number")]
    [InlineData("DROP TABLE number")]
    public async Task A_query_cannot_write(string sql)
    {
        await Write("number", [new("id", ColumnType.Int)], new TableWrite.Append(), [1]);
        try
        {
            await Rows(sql);
        }
        catch (Exception refused) when (refused is ProblemException or NotSupportedException)
        {
            // refused, or only its first statement was read
        }

        Assert.Single(await Rows("SELECT id FROM number"));
    }

    [Fact]
    public async Task What_is_wrong_is_said_in_words()
    {
        await Write("first", [new("id", ColumnType.Int)], new TableWrite.Append(), [1]);
        Assert.Equal("table_not_found", await Refused(() => Source.Columns("missing", Stop)));
        Assert.Equal("column_missing", await Refused(async () =>
        {
            await Write("number", [new("id", ColumnType.Int)], new TableWrite.Append(), [1]);
            await Write("number", [new("other", ColumnType.Int)], new TableWrite.Append(), [1]);
        }));
        Assert.Equal("name_invalid", await Refused(() => Write(new string('n', 64), [new("id", ColumnType.Int)], new TableWrite.Append(), [1])));
        await Write("odd\"; DROP TABLE number; --", [new("a \"b\" c", ColumnType.Int)], new TableWrite.Append(), [1]);
        Assert.Contains("number", await Source.Tables(Stop));
    }

    [Fact]
    public async Task A_connection_for_reading_only_writes_nothing()
    {
        await Write("number", [new("id", ColumnType.Int)], new TableWrite.Append(), [1]);
        await Connect(("one", Plan + ", read_only: true"));
        await using var reading = await Connections.Tables("shop", "one", Stop);
        Assert.Equal("connection_read_only", await Refused(() => reading.Write("number", [new("id", ColumnType.Int)], Once(RowBatch.Of([new("id", ColumnType.Int)], [2])), new TableWrite.Append(), Stop)));
        Assert.Equal(["number"], await reading.Tables(Stop));
    }

    protected async Task<List<object?[]>> Rows(string sql, Dictionary<string, object?>? values = null)
    {
        var found = new List<object?[]>();
        await foreach (var batch in Source.Read(new(sql, values), Stop))
            for (var row = 0; row < batch.Rows; row++)
                found.Add([.. batch.Columns.Select((_, i) => batch.Value(i, row))]);
        return found;
    }

    protected Task<long> Write(string table, SourceColumn[] columns, TableWrite how, params object?[][] rows) => Source.Write(table, columns, Once(RowBatch.Of(columns, rows)), how, Stop);

    private static async IAsyncEnumerable<RowBatch> Once(RowBatch batch)
    {
        await Task.Yield();
        yield return batch;
    }

    private static async IAsyncEnumerable<RowBatch> Broken(SourceColumn[] columns)
    {
        await Task.Yield();
        yield return RowBatch.Of(columns, [2]);
        throw new InvalidDataException("The source broke.");
    }
}

public sealed class SqliteSourcePromises : TableSourcePromises
{
    private readonly string _file = Path.Combine(TestFolder.New(), "shop.db");

    protected override string Plan => $"kind: sqlite, path: \"{_file}\"";

    [Fact]
    public async Task A_query_reaches_no_other_file()
    {
        var other = Path.Combine(TestFolder.New(), "other.db");
        await Write("number", [new("id", ColumnType.Int)], new TableWrite.Append(), [1]);
        foreach (var sql in (string[])[$"ATTACH '{other}' AS other", $"VACUUM INTO '{other}'", "SELECT load_extension('x')"])
            await Assert.ThrowsAsync<ProblemException>(() => Rows(sql));
        Assert.False(File.Exists(other));
    }
}

public sealed class PostgresSourcePromises : TableSourcePromises
{
    private readonly string _database = TestPostgres.NewDatabase();

    protected override string Plan => Postgres(_database);

    [Fact]
    public async Task Narrower_columns_take_what_fits()
    {
        await using var db = Storage.Db.Connect(_database);
        await db.Run("CREATE TABLE narrow (id integer PRIMARY KEY, name varchar(10), at timestamp, more json)", stop: Stop);
        SourceColumn[] columns = [new("id", ColumnType.Int), new("name", ColumnType.Text), new("at", ColumnType.Time), new("more", ColumnType.Text)];
        await Write("narrow", columns, new TableWrite.Append(), [1, "Ana", new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc), "{}"]);
        Assert.Equal([1L, "Ana", new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc), "{}"], (await Rows("SELECT * FROM narrow")).Single());
    }
}
