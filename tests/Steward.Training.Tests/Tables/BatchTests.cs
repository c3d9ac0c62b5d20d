using System.Globalization;
using DuckDB.NET.Data;
using Steward.Testing;

namespace Steward.Training.Tests.Tables;

/// <summary>A file in, a file out: every row, in order, and nothing half-written.</summary>
public class BatchTests
{
    private static readonly Lazy<byte[]> Model = new(() =>
    {
        var rows = MadeTables.Orders(800, 1);
        using var space = new FeatureSpace(FeatureChoice.Learn(rows, ["price", "amount", "city", "ordered"], new Dictionary<string, TextAs>(), null, true, (_, _) => { }));
        float[] target = [.. ((NumberColumn)rows.Get("revenue", "")).Values.Select(y => (float)((y - 100) / 80))];
        return TableModel.Regression(space.Features, LinearFit.Of(space.Of(rows, CancellationToken.None), target, 1, CancellationToken.None), 100, 80, "revenue");
    });

    private readonly string _folder = TestFolder.New();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string In => Path.Combine(_folder, "in.csv");

    private string Out => Path.Combine(_folder, "out.csv");

    [Fact]
    public async Task Every_row_is_answered_as_the_model_answers_it_in_the_order_of_the_file()
    {
        var rows = MadeTables.Orders(10_000, 3, missing: 0.1);
        Write(rows);
        var report = await Score();
        Assert.Equal((10_000, 0, null), (report.Rows, report.Bad, report.BadFile));
        using var run = new ModelRun(Model.Value);
        var own = run.Numbers(rows, "prediction", Stop);
        var (before, after) = (File.ReadAllLines(In), File.ReadAllLines(Out));
        Assert.Equal(before[0] + ",prediction,model", after[0]);
        Assert.Equal(Enumerable.Range(0, 10_000).Select(row => $"{before[row + 1]},{own[row].ToString("R", CultureInfo.InvariantCulture)},revenue@3"), after[1..]);
    }

    [Fact]
    public async Task What_cannot_be_read_keeps_its_place_without_an_answer_and_is_told_by_line_and_column()
    {
        File.WriteAllText(In, "﻿price,amount,city,ordered,note\r\n1.5,2,Oslo,2026-01-01,a\r\n\r\nmany,2,Oslo,2026-01-02,b\r\n3,2,\"Ro\"\"me,\nItaly\",2026-01-03T05:00:00Z,c\r\n4,2\r\n5,2,Oslo,soon,e\r\n6,2,Oslo,,\"f\"\r\n7,2,Oslo,2026-01-01,g,h,i");
        var report = await Score();
        Assert.Equal((7, 4), (report.Rows, report.Bad));
        var (ours, bad) = (Records(Out), Records(report.BadFile!));
        Assert.Equal(8, ours.Count);
        Assert.Equal(["1.5", "many", "3", "4", "5", "6", "7"], ours.Skip(1).Select(row => row[0]));
        Assert.All(ours, row => Assert.Equal(7, row.Count));
        Assert.Equal([false, true, false, true, true, false, true], ours.Skip(1).Select(row => row[5].Length == 0));
        Assert.Equal("Ro\"me,\nItaly", ours[3][2]);
        Assert.Equal([("4", "price", "'many' is not a number"), ("7", "", "2 fields instead of 5"), ("8", "ordered", "'soon' is not a date or time such as 2026-03-01 or 2026-03-01T06:00:00"), ("10", "", "7 fields instead of 5")], bad.Skip(1).Select(row => (row[0], row[1], row[2])));
    }

    [Fact]
    public async Task Parquet_comes_in_and_goes_out_with_the_types_it_had()
    {
        var (parquet, scored) = (Path.Combine(_folder, "in.parquet"), Path.Combine(_folder, "out.parquet"));
        Query($"COPY (SELECT '0' || i AS id, i * 0.5 AS price, i % 4 AS amount, CASE WHEN i % 3 = 0 THEN NULL ELSE 'city ' || i % 5 END AS city, TIMESTAMP '2026-01-01 00:00:00.25' + INTERVAL (i) HOUR AS ordered FROM range(5000) t(i)) TO '{parquet}' (FORMAT parquet)");
        var report = await BatchScoring.Score(Model.Value, "revenue@3", parquet, scored, null, Stop);
        Assert.Equal((5000, 0), (report.Rows, report.Bad));
        Assert.Equal([["5000", "0", "VARCHAR", "TIMESTAMP", "DOUBLE", "revenue@3"]], Query($"SELECT count(*), sum((o.id <> i.id OR o.ordered <> i.ordered OR o.city IS DISTINCT FROM i.city OR o.price <> i.price)::INT), min(typeof(o.id)), min(typeof(o.ordered)), min(typeof(o.prediction)), min(o.model) FROM (SELECT *, row_number() OVER () AS n FROM read_parquet('{scored}')) o JOIN (SELECT *, row_number() OVER () AS n FROM read_parquet('{parquet}')) i USING (n)"));
    }

    [Fact]
    public async Task A_batch_that_is_stopped_leaves_the_old_file_and_nothing_beside_it()
    {
        Write(MadeTables.Orders(60_000, 3));
        File.WriteAllText(Out, "what was there");
        using var stop = new CancellationTokenSource();
        var told = new Told(rows => { if (rows > 4000) stop.Cancel(); });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => BatchScoring.Score(Model.Value, "revenue@3", In, Out, told, stop.Token));
        Assert.Equal("what was there", File.ReadAllText(Out));
        Assert.Equal(["in.csv", "out.csv"], Directory.GetFiles(_folder).Select(Path.GetFileName).Order());
    }

    [Theory]
    [InlineData("price,amount\n1,2\n", "column_missing", "'city', 'ordered'")]
    [InlineData("price,amount,city,ordered,prediction\n", "column_taken", "'prediction'")]
    [InlineData("price,price\n", "column_twice", "'price'")]
    [InlineData("", "file_empty", "in.csv")]
    public async Task A_file_that_does_not_suit_is_refused_in_words_and_nothing_is_written(string text, string code, string why)
    {
        File.WriteAllText(In, text);
        var problem = await Assert.ThrowsAsync<ProblemException>(Score);
        Assert.Equal(code, problem.Code);
        Assert.Contains(why, problem.Message, StringComparison.Ordinal);
        Assert.Equal(["in.csv"], Directory.GetFiles(_folder).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_quote_that_is_never_closed_costs_its_own_record_only_and_a_line_without_end_is_refused()
    {
        File.WriteAllText(In, "price,amount,city,ordered\n1,2,Oslo,2026-01-01\n2,2,\"Oslo,2026-01-01\n3,2,Oslo,2026-01-01\n");
        var report = await Score();
        // What follows the open quote is its text, up to the end of the file.
        Assert.Equal((2, 1), (report.Rows, report.Bad));
        using (var file = File.CreateText(In))
        {
            file.Write("price,amount,city,ordered\n1,2,\"");
            for (var i = 0; i < 300; i++)
                file.Write(new string('x', 1 << 16));
        }
        Assert.Equal("record_too_long", (await Assert.ThrowsAsync<ProblemException>(Score)).Code);
    }

    [Fact]
    public void Records_are_the_same_whatever_block_they_are_read_in()
    {
        var chance = new Random(5);
        string[][] wanted = [.. Enumerable.Range(0, 500).Select(_ => Enumerable.Range(0, 4).Select(_ => new string([.. Enumerable.Range(0, chance.Next(12)).Select(_ => "ab,\"\n\r é"[chance.Next(8)])])).ToArray())];
        var bytes = System.Text.Encoding.UTF8.GetBytes(string.Concat(wanted.Select(row => string.Join(',', row.Select(field => "\"" + field.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"")) + "\n")));
        foreach (var piece in new[] { 1, 7, 4096 })
        {
            using var records = new CsvRecords(new Slow(bytes, piece));
            foreach (var row in wanted)
            {
                Assert.True(records.Next());
                Assert.Equal(row, Enumerable.Range(0, records.Fields).Select(field => System.Text.Encoding.UTF8.GetString(records.Field(field))));
                Assert.Null(records.Broken);
            }
            Assert.False(records.Next());
        }
    }

    private Task<BatchReport> Score() => BatchScoring.Score(Model.Value, "revenue@3", In, Out, null, Stop);

    private void Write(Rows rows)
    {
        string[] columns = ["ordered", "price", "city", "amount", "kind"];
        File.WriteAllLines(In, [string.Join(',', columns), .. Enumerable.Range(0, rows.Count).Select(row => string.Join(',', columns.Select(column => Csv.Field(rows.Get(column, "").Say(row)))))]);
    }

    private static List<List<string>> Records(string path)
    {
        using var records = new CsvRecords(File.OpenRead(path));
        var all = new List<List<string>>();
        while (records.Next())
            all.Add([.. Enumerable.Range(0, records.Fields).Select(field => System.Text.Encoding.UTF8.GetString(records.Field(field)))]);
        return all;
    }

    private static List<string[]> Query(string sql)
    {
        using var duck = new DuckDBConnection("DataSource=:memory:");
        duck.Open();
        using var command = duck.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string[]>();
        while (reader.Read())
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture)!)]);
        return rows;
    }

    private sealed class Told(Action<long> tell) : IProgress<long>
    {
        public void Report(long value) => tell(value);
    }

    /// <summary>Gives few bytes at a time.</summary>
    private sealed class Slow(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, piece));
    }
}
