using System.Diagnostics;
using System.Globalization;
using System.Text;
using Steward.Onnx;
using Steward.Training;

namespace Steward.Bench;

/// <summary>A file of 1,000,000 rows scored into another, beside the bare engine over the same values in memory.</summary>
internal static class Batch
{
    private const int Rows = 1_000_000, Numbers = 10, Piece = 2048;

    private static readonly string[] Cities = ["Oslo", "Rome", "Bonn", "Nice", "Lund", "Graz", "Brno", "Cork"];

    public static async Task<string> Run(string folder)
    {
        var table = await Made(Path.Combine(folder, "in.csv"));
        var rows = new List<string[]>();
        foreach (var (name, trees) in new[] { ("200 trees of 31 leaves", 200), ("500 trees of 31 leaves", 500), ("a weighted sum", 0) })
        {
            var model = Learned(table, trees);
            double raw = double.MaxValue, ours = double.MaxValue;
            // In turns, so that what else the machine does falls on both.
            for (var round = 0; round < 3; round++)
            {
                raw = Math.Min(raw, Bare(model, table));
                ours = Math.Min(ours, (await BatchScoring.Score(model, "bench@1", Path.Combine(folder, "in.csv"), Path.Combine(folder, "out.csv"), null, CancellationToken.None)).Seconds);
            }
            rows.Add([name, Report.Number(Rows / raw), Report.Number(Rows / ours), Report.Ratio(raw / ours)]);
        }
        return string.Create(CultureInfo.InvariantCulture, $"{Rows:#,0} rows, {Numbers} numbers and a text each, {new FileInfo(Path.Combine(folder, "in.csv")).Length >> 20} MiB of CSV in, a new CSV out, synced to the disk. ")
            + "The bare engine runs the same model over the same values from arrays in memory, 2,048 rows at a time, and keeps nothing; both have one thread within the model. Best of three, in turns.\n\n"
            + Report.Table(["model", "bare, rows/s", "file to file, rows/s", "ours / bare"], [.. rows]);
    }

    private static async Task<Rows> Made(string path)
    {
        var chance = new Random(1);
        var (numbers, city) = (Enumerable.Range(0, Numbers).Select(_ => new double[Rows]).ToArray(), new int[Rows]);
        await using var file = new StreamWriter(path);
        await file.WriteLineAsync(string.Join(',', Enumerable.Range(0, Numbers).Select(i => $"x{i}").Append("city")));
        var line = new StringBuilder();
        for (var row = 0; row < Rows; row++)
        {
            line.Clear();
            for (var i = 0; i < Numbers; i++)
                line.Append((numbers[i][row] = Math.Round((chance.NextDouble() * 200) - 100, 3)).ToString("R", CultureInfo.InvariantCulture)).Append(',');
            await file.WriteLineAsync(line.Append(Cities[city[row] = chance.Next(Cities.Length)]));
        }
        return new([.. numbers.Select((values, i) => (Column)new NumberColumn($"x{i}", values)), new TextColumn("city", city, Cities)]);
    }

    private static byte[] Learned(Rows table, int trees)
    {
        var some = table.Take([.. Enumerable.Range(0, 20_000)]);
        double[] target = [.. Enumerable.Range(0, some.Count).Select(row => Enumerable.Range(0, Numbers).Sum(i => ((NumberColumn)some.Columns[i]).Values[row] * (i % 3)) + (((TextColumn)some.Columns[Numbers]).Codes[row] * 20))];
        return TableTraining.Regression(new([.. some.Columns, new NumberColumn("y", target)]), "y", trees == 0 ? new() { Linear = new() } : new() { LightGbm = new() { Trees = trees } }, CancellationToken.None);
    }

    private static double Bare(byte[] model, Rows table)
    {
        using var file = OnnxFile.Keep(model);
        using var session = OnnxSession.Open(file, new() { Threads = Math.Max(1, Environment.ProcessorCount - 1) });
        var texts = ((TextColumn)table.Columns[Numbers]).Codes.Select(code => Cities[code]).ToArray();
        var began = Stopwatch.GetTimestamp();
        for (var from = 0; from < Rows; from += Piece)
        {
            var count = Math.Min(Piece, Rows - from);
            var inputs = Enumerable.Range(0, Numbers).ToDictionary(i => $"x{i}", i => OnnxValue.Of(((NumberColumn)table.Columns[i]).Values.AsMemory(from, count), count));
            inputs["city"] = OnnxValue.OfTexts(new ArraySegment<string>(texts, from, count), count);
            foreach (var value in session.Run(inputs, ["prediction"]).Concat(inputs.Values))
                value.Dispose();
        }
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }
}
