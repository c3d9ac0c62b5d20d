using System.Diagnostics;
using System.Globalization;
using System.Text;
using Steward.Onnx;
using Steward.Training;

namespace Steward.Bench;

/// <summary>A file of 1,000,000 rows scored into another, beside a plain loop over the same file, and beside the bare engine over the same values in memory.</summary>
internal static class Batch
{
    private const int Rows = 1_000_000, Numbers = 10, Piece = 2048, Rounds = 3;

    private static readonly string[] Cities = ["Oslo", "Rome", "Bonn", "Nice", "Lund", "Graz", "Brno", "Cork"];

    public static async Task<string> Run(string folder)
    {
        var (from, to) = (Path.Combine(folder, "in.csv"), Path.Combine(folder, "out.csv"));
        var table = await Made(from);
        var rows = new List<string[]>();
        foreach (var (name, trees) in new[] { ("200 trees of 31 leaves", 200), ("500 trees of 31 leaves", 500), ("a weighted sum", 0) })
        {
            var model = Learned(table, trees);
            var (bare, loop, ours) = (Cost.Worst, Cost.Worst, Cost.Worst);
            // In turns, so that what else the machine does falls on all.
            for (var round = 0; round < Rounds; round++)
            {
                bare = bare.Or(await Cost.Of(() => Task.Run(() => Bare(model, table))));
                loop = loop.Or(await Cost.Of(() => Task.Run(() => Loop(model, from, to))));
                var wanted = Same(to);
                ours = ours.Or(await Cost.Of(() => BatchScoring.Score(model, "bench@1", from, to, null, CancellationToken.None)));
                if (Same(to) != wanted)
                    throw new InvalidOperationException("The loop and the program wrote different files.");
                Console.Error.WriteLine($"{name}, round {round + 1} of {Rounds}: bare {bare}, loop {loop}, steward batch {ours}");
            }
            rows.Add([name, Report.Number(Rows / bare.Seconds), Report.Number(Rows / loop.Seconds), Report.Number(Rows / ours.Seconds), Report.Ratio(loop.Seconds / ours.Seconds), Report.Ratio(loop.Cpu / ours.Cpu), Report.Ratio(bare.Seconds / ours.Seconds), Report.Ratio(bare.Cpu / ours.Cpu)]);
        }
        return string.Create(CultureInfo.InvariantCulture, $"{Rows:#,0} rows, {Numbers} numbers and a text each, {new FileInfo(from).Length >> 20} MiB of CSV in, a new CSV out, synced to the disk. ")
            + "The loop is what somebody writes with ONNX Runtime alone: one thread that reads a line (StreamReader), splits it at the commas, parses the numbers, runs the session for every 2,048 rows, and writes the line, the answer and the model's name (StreamWriter), synced to the disk at the end; no quotes, no bad rows, no check. Its file is compared with ours: the same bytes. "
            + $"Bare is the session alone over the same values in arrays, nothing read, written or kept. All have one thread within the model. Best of {Rounds}, in turns; by the clock and by processor time of the process.\n\n"
            + Report.Table(["model", "bare, rows/s", "loop, rows/s", "steward batch, rows/s", "ours / loop", "by processor time", "ours / bare", "by processor time"], [.. rows]);
    }

    private static Digest Same(string file)
    {
        using var bytes = File.OpenRead(file);
        return Digest.FromHash(System.Security.Cryptography.SHA256.HashData(bytes));
    }

    private static void Loop(byte[] model, string from, string to)
    {
        using var file = OnnxFile.Keep(model);
        using var session = OnnxSession.Open(file, new() { Threads = 1 });
        using var input = new StreamReader(from);
        using var output = new FileStream(to, FileMode.Create);
        using var writer = new StreamWriter(output) { NewLine = "\n" };
        var (numbers, cities, lines) = (Enumerable.Range(0, Numbers).Select(_ => new double[Piece]).ToArray(), new string[Piece], new string[Piece]);
        writer.WriteLine(input.ReadLine() + ",prediction,model");
        for (var count = Piece; count == Piece;)
        {
            for (count = 0; count < Piece && input.ReadLine() is { } line; count++)
            {
                var fields = (lines[count] = line).Split(',');
                for (var i = 0; i < Numbers; i++)
                    numbers[i][count] = double.Parse(fields[i], CultureInfo.InvariantCulture);
                cities[count] = fields[Numbers];
            }
            if (count == 0)
                break;
            var inputs = Enumerable.Range(0, Numbers).ToDictionary(i => $"x{i}", i => OnnxValue.Of(numbers[i].AsMemory(0, count), count));
            inputs["city"] = OnnxValue.OfTexts(new ArraySegment<string>(cities, 0, count), count);
            var results = session.Run(inputs, ["prediction"]);
            var answers = results[0].Data<double>();
            for (var row = 0; row < count; row++)
                writer.WriteLine($"{lines[row]},{answers[row].ToString("R", CultureInfo.InvariantCulture)},bench@1");
            foreach (var value in results.Concat(inputs.Values))
                value.Dispose();
        }
        writer.Flush();
        output.Flush(flushToDisk: true);
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

    private static void Bare(byte[] model, Rows table)
    {
        using var file = OnnxFile.Keep(model);
        using var session = OnnxSession.Open(file, new() { Threads = 1 });
        var texts = ((TextColumn)table.Columns[Numbers]).Codes.Select(code => Cities[code]).ToArray();
        for (var from = 0; from < Rows; from += Piece)
        {
            var count = Math.Min(Piece, Rows - from);
            var inputs = Enumerable.Range(0, Numbers).ToDictionary(i => $"x{i}", i => OnnxValue.Of(((NumberColumn)table.Columns[i]).Values.AsMemory(from, count), count));
            inputs["city"] = OnnxValue.OfTexts(new ArraySegment<string>(texts, from, count), count);
            foreach (var value in session.Run(inputs, ["prediction"]).Concat(inputs.Values))
                value.Dispose();
        }
    }

    /// <summary>By the clock, and what the process used of the processors.</summary>
    private readonly record struct Cost(double Seconds, double Cpu)
    {
        public static Cost Worst => new(double.MaxValue, double.MaxValue);

        public Cost Or(Cost other) => new(Math.Min(Seconds, other.Seconds), Math.Min(Cpu, other.Cpu));

        public static async Task<Cost> Of(Func<Task> work)
        {
            GC.Collect();
            var (began, used) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
            await work();
            return new(Stopwatch.GetElapsedTime(began).TotalSeconds, (Environment.CpuUsage.TotalTime - used).TotalSeconds);
        }

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Seconds:0.0} s ({Cpu:0.0} s of processor)");
    }
}
