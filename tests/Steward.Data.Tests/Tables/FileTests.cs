using System.Text;
using Steward.Data.Files;
using Steward.Data.Tables;
using Steward.Identity;
using Steward.Testing;

namespace Steward.Data.Tests.Tables;

/// <summary>Files become tables: types are found with their evidence, bad rows are set aside with their place, and the counts add up.</summary>
public sealed class FileTests : IAsyncLifetime
{
    private static readonly TableName Sales = TableName.Parse("silver.sales");
    private readonly Lake _lake = new(Databases.Sqlite());
    private readonly string _folder = TestFolder.New();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_dialect_and_the_types_are_found_and_say_why()
    {
        var schema = await Look("""
            Order ID;Customer;Ordered on;Amount;Zip
            1;"Ana ""the first""; yes";01.02.2026;1.234,50;01067
            2;Bo;28.02.2026;17,25;20095
            3;Cy;13.03.2026;;80331
            """);
        Assert.Equal((";", "\"", true, "utf-8"), (schema.Delimiter, schema.Quote, schema.Header, schema.Encoding));
        Assert.Equal(["order_id BIGINT", "customer VARCHAR", "ordered_on DATE", "amount DECIMAL(18,2)", "zip VARCHAR"], schema.Columns.Select(column => $"{column.Name} {column.Type}"));
        Assert.Equal("a date as dd.MM.yyyy, because 3 of 3 values read so", schema.Columns[2].Evidence);
        Assert.Equal("a number with a decimal comma, because 2 of 2 values read so; 1 of 3 rows have no value", schema.Columns[3].Evidence);
        Assert.Equal("text, because leading zeros would be lost as a number (line 2: '01067')", schema.Columns[4].Evidence);
        var again = FileSchemaText.Read(FileSchemaText.Write(schema));
        Assert.Equal(FileSchemaText.Write(schema with { Columns = [.. schema.Columns.Select(column => column with { Evidence = null })] }), FileSchemaText.Write(again));
    }

    [Fact]
    public async Task What_is_pinned_is_read_and_every_value_arrives()
    {
        var read = await Import("id,name,amount,day,at,ok\n1,\"two\nlines, and a \"\"quote\"\"\",1.50,2026-03-01,2026-03-01 06:00:00,true\n2,,-0.25,2024-02-29,2026-03-01T06:00:00.5Z,false\r\n");
        Assert.Equal((2, 2, 0), (read.Read, read.Written, read.Quarantined));
        Assert.Equal(["1 two\nlines, and a \"quote\" 1.50 2026-03-01 2026-03-01 06:00:00 true", "2 - -0.25 2024-02-29 2026-03-01 06:00:00.5 false"], await _lake.Ask("FROM silver.sales ORDER BY id", "silver.sales"));
    }

    [Theory]
    [InlineData("3,c", "4 columns are expected, 2 found", null)]
    [InlineData("3,c,2026-03-01,4,5", "4 columns are expected, 5 found", null)]
    [InlineData("x,c,2026-03-01,4", "'x' is not a whole number", "id")]
    [InlineData("3.5,c,2026-03-01,4", "'3.5' is not a whole number", "id")]
    [InlineData("9223372036854775808,c,2026-03-01,4", "'9223372036854775808' is not a whole number", "id")]
    [InlineData("3,c,2026-02-30,4", "'2026-02-30' is not a date as yyyy-MM-dd", "day")]
    [InlineData("3,c,2026-03-01 12:30,4", "'2026-03-01 12:30' is not a date as yyyy-MM-dd", "day")]
    [InlineData("3,c,01.03.2026,4", "'01.03.2026' is not a date as yyyy-MM-dd", "day")]
    [InlineData("3,c,2026-03-01,4.125", "'4.125' is not a number with at most 2 decimals", "amount")]
    [InlineData("3,c,2026-03-01,1e400", "'1e400' is not a number with at most 2 decimals", "amount")]
    [InlineData("3,\"c\"d,2026-03-01,4", "text follows a closing quote", "name")]
    [InlineData("3,\"c,2026-03-01,4", "a quote is opened and not closed", null)]
    [InlineData("3,c\0,2026-03-01,4", "there is a NUL byte in it", null)]
    public async Task A_bad_row_is_set_aside_with_its_place_and_its_reason(string row, string reason, string? column)
    {
        var read = await Import($"id,name,day,amount\n1,\"a\nb\",2026-03-01,1.25\n{row}\n2,5\" nail,2026-03-02,2\n", Four);
        Assert.Equal((3, 2, 1), (read.Read, read.Written, read.Quarantined));
        var bad = Assert.Single(read.FirstBad);
        Assert.Equal(("sales.csv", 4L, column, reason), (bad.File, bad.Line, bad.Column, bad.Reason));
        Assert.Equal(["1 a\nb 2026-03-01 1.25", "2 5\" nail 2026-03-02 2.00"], await _lake.Ask("FROM silver.sales ORDER BY id", "silver.sales"));
        Assert.Equal([$"sales.csv 4 {column ?? "-"} {reason} {row.Replace('\0', '\u2400')}"], await _lake.Ask("FROM quarantine.silver__sales", "quarantine.silver__sales"));
    }

    [Theory]
    [InlineData("today")]
    [InlineData("tomorrow")]
    [InlineData("yesterday")]
    [InlineData("true")]
    [InlineData("false")]
    [InlineData("epoch")]
    [InlineData("infinity")]
    [InlineData("now")]
    [InlineData("nan")]
    [InlineData("e5")]
    [InlineData("x1F")]
    public async Task A_word_that_an_engine_might_read_as_a_value_is_set_aside_wherever_it_stands(string word)
    {
        var good = new[] { "1", "2", "2026-03-01", "2026-03-01 06:00:00", "1.25", "0.5" };
        IReadOnlyList<FileColumn> columns = [new("id", "BIGINT"), new("small", "INTEGER"), new("day", "DATE"), new("at", "TIMESTAMP"), new("amount", "DECIMAL(9,2)"), new("share", "DOUBLE")];
        string[] bad = [.. good.Select((_, place) => string.Join(',', good.Select((value, i) => i == place ? word : value)))];
        var read = await Import($"id,small,day,at,amount,share\n{string.Join('\n', bad.SelectMany(row => (string[])[row, string.Join(',', good)]))}\n", schema => schema with { StopIfBad = null, Delimiter = ",", Nulls = [""], Columns = columns });
        Assert.Equal((12, 6, 6), (read.Read, read.Written, read.Quarantined));
        Assert.Equal(bad, read.FirstBad.Select(row => row.Raw));
    }

    [Fact]
    public async Task Bad_rows_of_every_kind_leave_exactly_the_good_ones_between_them()
    {
        var lines = Enumerable.Range(1, 40_000).Select(i => i % 997 == 0 ? "many,b,2026-03-01,1" : i > 20_000 && i % 1009 == 0 ? $"{i}.5,c,2026-03-01,1" : i % 1013 == 0 ? $"{i},too few" : $"{i},a,2026-03-01,{i % 7}.25").ToList();
        var read = await Import("id,name,day,amount\n" + string.Join('\n', lines) + "\n", Four);
        var good = lines.Where(line => line.EndsWith(".25", StringComparison.Ordinal)).Select(line => long.Parse(line.Split(',')[0], null)).ToList();
        Assert.Equal((40_000, good.Count, 40_000 - good.Count), (read.Read, read.Written, read.Quarantined));
        Assert.Equal([$"{good.Count} {good.Sum()}"], await _lake.Ask("SELECT count(*), sum(id) FROM silver.sales", "silver.sales"));
        Assert.Equal(lines.Select((line, i) => (line, i)).Where(one => !one.line.EndsWith(".25", StringComparison.Ordinal)).Select(one => $"{one.i + 2} {one.line}"), await _lake.Ask("SELECT line, raw FROM quarantine.silver__sales ORDER BY line", "quarantine.silver__sales"));
    }

    [Fact]
    public async Task A_line_of_another_encoding_is_one_bad_row_and_a_whole_file_of_it_is_read()
    {
        var mixed = await Import([.. "id,name\n1,Größe\n2,"u8, 0xE4, 0xF6, .. "\n3,c\n"u8]);
        Assert.Equal((3, 2), (mixed.Read, mixed.Written));
        Assert.Equal((3, "it is not UTF-8 text; it may come from a file of another encoding"), (mixed.FirstBad[0].Line, mixed.FirstBad[0].Reason));
        await Import([.. "id,name\n1,Gr"u8, 0xF6, 0xDF, .. "e\n"u8], table: "silver.old");
        await Import([.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("id,name\r\n1,Größe\r\n")], table: "silver.wide");
        await Import([.. Encoding.UTF8.Preamble, .. "id,name\n1,Größe\n"u8], table: "silver.marked");
        foreach (var table in (string[])["silver.old", "silver.wide", "silver.marked"])
            Assert.Equal(["1 Größe"], await _lake.Ask($"SELECT id, name FROM {table}", table));
    }

    [Fact]
    public async Task A_line_longer_than_any_record_is_one_bad_row()
    {
        var path = Path.Combine(_folder, "long.csv");
        await using (var file = File.Create(path))
        {
            await file.WriteAsync("id,name\n1,a\n2,"u8.ToArray(), Stop);
            for (var i = 0; i < 64; i++)
                await file.WriteAsync(Enumerable.Repeat((byte)'x', 1 << 20).ToArray(), Stop);
            await file.WriteAsync("\n3,c\n"u8.ToArray(), Stop);
        }

        var read = await Import(path, schema => schema with { StopIfBad = null });
        Assert.Equal((3, 2, 1), (read.Read, read.Written, read.Quarantined));
        Assert.Equal((3L, "the record is longer than 1,048,576 bytes"), (read.FirstBad[0].Line, read.FirstBad[0].Reason));
        Assert.Equal(BadRows.LongestRaw + 1, read.FirstBad[0].Raw.Length);
    }

    [Fact]
    public void A_line_of_a_gigabyte_is_passed_over_in_a_few_megabytes()
    {
        var layout = new Layout([.. new[] { "id", "name" }.Select(name => new Place(new(name, "VARCHAR"), new TextForm()))], ["id", "name"]);
        using var bad = new BadRows(_folder);
        using var check = new CsvCheck("huge.csv", new FileSchema { Header = false, Columns = [new("id", "VARCHAR"), new("name", "VARCHAR")] }, layout, bad, Write("1,a\n", "start.csv"), _folder);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var scan = new CsvScan(new((byte)',', (byte)'"', (byte)'"'), 1 << 20, check);
        scan.Run(new HugeLine(), long.MaxValue, Stop);
        Assert.Equal((3L, 1L, 4L), (scan.Count, bad.Count, scan.Line));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
    }

    [Fact]
    public async Task Names_that_are_there_twice_or_not_at_all_are_told_apart()
    {
        var schema = await Look("id,Name,name,,filename\n1,a,b,c,d\n");
        Assert.Equal(["id", "name", "name_2", "column_4", "c_filename"], schema.Columns.Select(column => column.Name));
        await Import("id,Name,name,,filename\n1,a,b,c,d\n");
        Assert.Equal(["1 a b c d"], await _lake.Ask("FROM silver.sales", "silver.sales"));
    }

    [Fact]
    public async Task Dates_in_five_forms_are_one_column_when_none_can_be_read_in_two_ways()
    {
        var schema = await Look("day\n2026-03-01\n02.03.2026\n03/25/2026\n2026/03/04\n05 Mar 2026\n");
        Assert.Equal("DATE", schema.Columns[0].Type);
        Assert.Equal(5, schema.Columns[0].Forms.Count);
        await Import("day\n2026-03-01\n02.03.2026\n03/25/2026\n2026/03/04\n05 Mar 2026\n");
        Assert.Equal(["2026-03-01", "2026-03-02", "2026-03-04", "2026-03-05", "2026-03-25"], await _lake.Ask("FROM silver.sales ORDER BY day", "silver.sales"));
        var either = await Look("day\n03/04/2026\n05/06/2026\n");
        Assert.Equal(("VARCHAR", "text, because its 2 values read as MM/dd/yyyy and as dd/MM/yyyy: pin one of them"), (either.Columns[0].Type, either.Columns[0].Evidence));
    }

    [Fact]
    public async Task Large_numbers_lose_no_digit()
    {
        await Import("huge,exact,word\n9223372036854775808,123456789012.123456,NA\n-1,0.1,5\n");
        Assert.Equal(["-1 0.100000 5", "9223372036854775808 123456789012.123456 -"], await _lake.Ask("FROM silver.sales ORDER BY huge", "silver.sales"));
    }

    [Fact]
    public async Task A_rare_exception_does_not_change_a_type_it_is_named_and_set_aside()
    {
        var rows = string.Concat(Enumerable.Range(1, 999).Select(i => i == 500 ? "n/k\n" : $"{i}\n"));
        var schema = await Look("amount\n" + rows);
        Assert.Equal("a whole number, because 998 of 999 values read so; the first exception is line 501: 'n/k'", schema.Columns[0].Evidence);
        var read = await Import("amount\n" + rows);
        Assert.Equal((999, 998, 1), (read.Read, read.Written, read.Quarantined));
    }

    [Fact]
    public async Task Too_many_bad_rows_stop_everything_and_name_the_first()
    {
        var problem = await Assert.ThrowsAsync<ProblemException>(() => Import("id,name,day,amount\n1,a,2026-03-01,1\nx,b,2026-03-01,2\n", schema => Four(schema) with { StopIfBad = "> 0.5%" }));
        Assert.Equal("too_many_bad_rows", problem.Code);
        Assert.Equal("1 of 2 rows of 'sales.csv' are bad (50 %), more than stop_if_bad allows (> 0.5%); nothing was kept. The first is 'sales.csv', line 3, column id: 'x' is not a whole number.", problem.Message);
        Assert.Null(await _lake.Tables.Find(Lake.Project, new(Sales), Stop));
    }

    [Fact]
    public async Task Columns_that_changed_overnight_stop_the_file_or_are_left_out_or_taken_up()
    {
        await Import("id,name\n1,a\n");
        var pinned = await Look("id,name\n1,a\n");
        var problem = await Assert.ThrowsAsync<ProblemException>(() => Import("id,colour\n2,red\n", _ => pinned));
        Assert.Equal("'sales.csv' has other columns than its schema (new: colour; missing: name); nothing was kept.", problem.Message);
        await Import("colour,id\nred,2\n", _ => pinned with { OnChange = OnSchemaChange.Ignore });
        var evolved = await Import("colour,id,name\nblue,3,c\n", _ => pinned with { OnChange = OnSchemaChange.Evolve });
        Assert.Equal(["id", "name", "colour"], evolved.Schema.Columns.Select(column => column.Name));
        Assert.Equal(["1 a -", "2 - -", "3 c blue"], await _lake.Ask("SELECT id, name, colour FROM silver.sales ORDER BY id", "silver.sales"));
    }

    [Fact]
    public async Task A_window_that_is_read_again_has_only_its_newest_rows_good_and_bad()
    {
        var hour = Lake.Hour(6);
        await Import("id,name,day,amount\n1,a,2026-03-01,1\nx,b,2026-03-01,2\n", Four, window: hour);
        await Import("id,name,day,amount\n5,a,2026-03-01,1\n", Four, window: Lake.Hour(7));
        await Import("id,name,day,amount\n1,a,2026-03-01,1\n2,b,2026-03-01,2\n", Four, window: hour);
        Assert.Equal(["1", "2", "5"], await _lake.Ask("SELECT id FROM silver.sales ORDER BY id", "silver.sales"));
        Assert.Equal(["0"], await _lake.Ask("SELECT count(*) FROM quarantine.silver__sales", "quarantine.silver__sales"));
        Assert.Equal(["1"], await _lake.Ask("SELECT count(*) FROM quarantine.silver__sales", "quarantine.silver__sales@1"));
    }

    [Fact]
    public async Task Json_lines_keep_every_digit_and_bad_lines_are_set_aside()
    {
        var read = await Import("""
            {"id": 1, "amount": 12345678901.125, "name": "a \"b\"", "tags": ["x", "y"]}
            {"id": 2, "name": "", "amount": null}
            not json
            {"id": "x", "amount": 1}
            {"id": 3, "id": 4}
            [1]

            """, schema => schema with { StopIfBad = null, Columns = [.. schema.Columns.Select(column => column.Name == "id" ? new FileColumn("id", "BIGINT") : column)] }, "sales.jsonl");
        Assert.Equal((6, 2, 4), (read.Read, read.Written, read.Quarantined));
        Assert.Equal([3L, 4, 5, 6], read.FirstBad.Select(bad => bad.Line));
        Assert.Equal(["1 12345678901.125 a \"b\" [\"x\", \"y\"]", "2 -  -"], await _lake.Ask("SELECT id, amount, name, tags FROM silver.sales ORDER BY id", "silver.sales"));
    }

    [Fact]
    public async Task Parquet_becomes_a_table_in_a_process_of_its_own_and_required_values_are_demanded()
    {
        var path = Path.Combine(_folder, "sales.parquet");
        using (var duck = new Engine.Duck(_folder, [], 256 << 20))
            duck.Run($"COPY (SELECT i::INTEGER AS \"Order ID\", CASE WHEN i <> 2 THEN 'n' || i END AS name FROM range(1, 4) t(i)) TO '{path}' (FORMAT parquet)", Stop);
        var read = await Import(path, schema => schema with { StopIfBad = null, Columns = [schema.Columns[0] with { Type = "BIGINT" }, schema.Columns[1] with { Required = true }] });
        Assert.Equal((3, 2, 1), (read.Read, read.Written, read.Quarantined));
        Assert.Equal((2, "name"), (read.FirstBad[0].Line, read.FirstBad[0].Column));
        Assert.Equal(["1 n1", "3 n3"], await _lake.Ask("SELECT order_id, name FROM silver.sales ORDER BY 1", "silver.sales"));
        await File.WriteAllTextAsync(path, "no Parquet at all", Stop);
        Assert.Equal("file_unreadable", (await Assert.ThrowsAsync<ProblemException>(() => Import(path))).Code);
    }

    [Fact]
    public async Task A_file_that_grows_while_it_is_read_is_not_kept()
    {
        var path = Path.Combine(_folder, "growing.csv");
        await File.WriteAllTextAsync(path, "id,name\n" + string.Concat(Enumerable.Range(0, 200_000).Select(i => $"{i},a name of some length\n")), Stop);
        var schema = await _lake.Files.Look(path, "growing.csv", stop: Stop);
        using var over = new CancellationTokenSource();
        var writer = Task.Run(async () =>
        {
            while (!over.IsCancellationRequested)
                await File.AppendAllTextAsync(path, "7,more\n", CancellationToken.None);
        }, Stop);
        var problem = await Assert.ThrowsAsync<ProblemException>(() => _lake.Files.Read(Lake.Project, Sales, [new(path, "growing.csv")], schema, new(), Stop));
        await over.CancelAsync();
        await writer;
        Assert.Equal("file_changed", problem.Code);
    }

    [Fact]
    public async Task Rows_fall_into_one_file_for_each_value_they_are_partitioned_by()
    {
        var path = Write("region,id\neu,1\nus,2\neu,3\n", "sales.csv");
        var read = await _lake.Files.Read(Lake.Project, Sales, [new(path, "sales.csv")], await _lake.Files.Look(path, "sales.csv", stop: Stop), new ReadOrder { PartitionBy = ["region"] }, Stop);
        Assert.Equal(["eu eu 2", "us us 1"], read.Change.Files.Select(file => $"{file.Statistics[0].Min} {file.Statistics[0].Max} {file.Rows}").Order());
        await _lake.Tables.Commit(Who.Steward, read.Change, Stop);
        Assert.Equal(["eu 1", "eu 3", "us 2"], await _lake.Ask("FROM silver.sales ORDER BY id % 2 = 0, id", "silver.sales"));
    }

    [Theory]
    [InlineData("columns: [{name: id, type: MONEY}]", "schema_invalid")]
    [InlineData("columns: [{name: day, type: DATE, forms: [yyyy-QQ]}]", "schema_invalid")]
    [InlineData("stop_if_bad: lots\ncolumns: [{name: id, type: BIGINT}]", "schema_invalid")]
    [InlineData("colums: []", "schema_invalid")]
    [InlineData("delimiter: ab\ncolumns: [{name: id, type: BIGINT}]", "schema_invalid")]
    public void A_schema_that_cannot_work_says_so(string text, string code) => Assert.Equal(code, Assert.Throws<ProblemException>(() => FileSchemaText.Read(text)).Code);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>A short line, one of a gigabyte, a short line.</summary>
    private sealed class HugeLine : MemoryStream
    {
        private long _at;

        public override int Read(byte[] buffer, int offset, int count)
        {
            const long Before = 4, After = Before + (1L << 30);
            var length = (int)Math.Min(count, _at < Before ? Before - _at : _at < After ? After - _at : After + 5 - _at);
            for (var i = 0; i < length; i++)
                buffer[offset + i] = _at + i < Before ? "1,a\n"u8[(int)_at + i] : _at < After ? (byte)'x' : "\n3,c\n"u8[(int)(_at - After) + i];
            _at += length;
            return length;
        }
    }

    public ValueTask DisposeAsync() => _lake.DisposeAsync();

    private static FileSchema Four(FileSchema schema) => schema with
    {
        StopIfBad = null,
        Columns = [new("id", "BIGINT"), new("name", "VARCHAR"), new("day", "DATE"), new("amount", "DECIMAL(18,2)")],
    };

    private Task<FileSchema> Look(string text) => _lake.Files.Look(Write(text, "sales.csv"), "sales.csv", stop: Stop);

    private string Write(string text, string name)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private Task<FileRead> Import(byte[] bytes, string table = "silver.sales")
    {
        var path = Path.Combine(_folder, "sales.csv");
        File.WriteAllBytes(path, bytes);
        return Import(path, schema => schema with { StopIfBad = null }, table: table);
    }

    /// <param name="file">A path, or what is in the file.</param>
    private async Task<FileRead> Import(string file, Func<FileSchema, FileSchema>? change = null, string name = "sales.csv", string table = "silver.sales", TableWindow? window = null)
    {
        var path = Path.IsPathRooted(file) && !file.Contains('\n') ? file : Write(file, name);
        name = Path.GetFileName(path);
        var found = await _lake.Files.Look(path, name, stop: Stop);
        var order = window is null ? new ReadOrder() : new ReadOrder { Kind = ChangeKind.ReplaceWindow, Window = window };
        var read = await _lake.Files.Read(Lake.Project, TableName.Parse(table), [new(path, name)], change?.Invoke(found) ?? found, order, Stop);
        await _lake.Db.Write(async tx =>
        {
            await _lake.Tables.Commit(tx, Who.Steward, read.Change);
            if (read.QuarantineChange is { } bad)
                await _lake.Tables.Commit(tx, Who.Steward, bad);
        }, Stop);
        return read;
    }
}
