using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Threading.Channels;
using Steward.Onnx;

namespace Steward.Training;

/// <summary>
/// Scores a file into another, piece by piece: one thread reads, one asks the model, one writes, each in the order of the file.
/// The new file is there whole or not at all; a kill leaves the old one.
/// </summary>
public sealed class BatchScoring
{
    // Pieces under way: enough for the three threads never to wait for each other for long.
    private const int UnderWay = 6;

    /// <summary>A row for every row of the input, in its order: its columns, what the model says, and which model said it. Rows it could not be asked about have no answer and are told in <c>OUT.bad.csv</c>.</summary>
    /// <param name="onnx">The model.</param>
    /// <param name="model">Its name and version, for the column <c>model</c>: <c>offers@3</c>.</param>
    /// <param name="input">CSV or Parquet, by its ending.</param>
    /// <param name="output">The same.</param>
    /// <param name="done">Told how many rows are written.</param>
    /// <param name="stop">Ends it, and leaves nothing.</param>
    /// <exception cref="ProblemException">The file or the model does not suit.</exception>
    public static Task<BatchReport> Score(byte[] onnx, string model, string input, string output, IProgress<long>? done, CancellationToken stop) => Score(onnx, model, input, output, new(), done, stop);

    internal static async Task<BatchReport> Score(byte[] onnx, string model, string input, string output, BatchOptions options, IProgress<long>? done, CancellationToken stop)
    {
        var began = Stopwatch.GetTimestamp();
        using var file = OnnxFile.Keep(onnx);
        using var session = OnnxSession.Open(file, new() { Threads = options.Threads });
        var scratch = Directory.CreateTempSubdirectory("steward-batch-").FullName;
        using var bad = new BadRows(output + ".bad.csv", BatchFiles.IsParquet(input));
        // Named by chance: of two that write the same file, each writes its own.
        var part = $"{output}.{Names.NewId()}.part";
        try
        {
            var rows = BatchFiles.IsParquet(input)
                ? await FromParquet(session, model, input, part, BatchFiles.IsParquet(output), bad, options, scratch, done, stop)
                : await FromCsv(session, model, input, part, BatchFiles.IsParquet(output), bad, scratch, done, stop);
            Disk(part);
            bad.Finish();
            File.Move(part, output, overwrite: true);
            return new(rows, bad.Count, bad.Count > 0 ? bad.Path : null, Stopwatch.GetElapsedTime(began).TotalSeconds);
        }
        finally
        {
            File.Delete(part);
            Directory.Delete(scratch, recursive: true);
        }
    }

    private static async Task<long> FromCsv(OnnxSession session, string model, string input, string part, bool toParquet, BadRows bad, string scratch, IProgress<long>? done, CancellationToken stop)
    {
        var text = toParquet ? Path.Combine(scratch, "answered.csv") : part;
        var (rows, answer) = await Run(session, model, input, null, text, bad, done, stop);
        if (toParquet)
        {
            BatchFiles.ToParquet(text, input, answer, part, scratch, stop);
            Counted(part, rows, scratch, stop);
        }

        return rows;
    }

    /// <summary>The model is given the columns it takes; the rows themselves go from file to file, and the answers come beside them.</summary>
    private static async Task<long> FromParquet(OnnxSession session, string model, string input, string part, bool toParquet, BadRows bad, BatchOptions options, string scratch, IProgress<long>? done, CancellationToken stop)
    {
        if (options.Top is not null && session.Description.Metadata.GetValueOrDefault("task") != TrainSection.Recommendation)
            throw ProblemException.Invalid("model_unfit", "top is for lists, which only a recommender gives.", "Leave top away.");
        var own = BatchFiles.Columns(input, scratch, stop).ConvertAll(column => column.Name);
        var values = options.Values.Where(one => !own.Contains(one.Key)).ToDictionary();
        List<string> columns = [.. own, .. values.Keys];
        Suits(session.Signature, columns, options.Keep ?? own, BatchAnswer.Of(session.Description));
        var csv = BatchFiles.ToCsv(input, session.Signature.Inputs.Select(one => one.Name).Where(columns.Contains), values, scratch, stop);
        var (answers, lists) = (Path.Combine(scratch, "answers.csv"), Path.Combine(scratch, "lists.parquet"));
        var (rows, answer) = await Run(session, model, csv, columns, answers, bad, done, stop);
        Counted(input, rows, scratch, stop);
        BatchFiles.Beside(input, answers, options.Keep, answer, options.Top is null ? part : lists, toParquet, scratch, stop);
        if (toParquet)
            Counted(options.Top is null ? part : lists, rows, scratch, stop);
        if (options.Top is { } top)
            BatchFiles.Places(lists, options.Keep!, top, part, scratch, stop);
        return rows;
    }

    /// <summary>Counted by another than who read or wrote it.</summary>
    private static void Counted(string parquet, long rows, string scratch, CancellationToken stop)
    {
        if (BatchFiles.Count(parquet, scratch, stop) is var count && count != rows)
            throw new InvalidOperationException($"{rows} rows were scored and '{Path.GetFileName(parquet)}' has {count}.");
    }

    private static void Disk(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Write);
        file.Flush(flushToDisk: true);
    }

    /// <param name="columns">Of the file behind, which suits, when the answers alone are written; null when the rows are written before them.</param>
    private static async Task<(long Rows, BatchAnswer Answer)> Run(OnnxSession session, string model, string input, IReadOnlyList<string>? columns, string part, BadRows bad, IProgress<long>? done, CancellationToken stop)
    {
        using var records = new CsvRecords(Open(input));
        var answer = BatchAnswer.Of(session.Description);
        var head = Head(records, input);
        if (columns is null)
            Suits(session.Signature, head, head, answer);
        List<BatchInput> inputs = [.. session.Signature.Inputs.Select(one => new BatchInput(one.Name, one.Type, head.IndexOf(one.Name), one.Shape?.Count == 2))];
        var (free, read, scored) = (Channel.CreateUnbounded<BatchChunk>(), Channel.CreateUnbounded<BatchChunk>(), Channel.CreateUnbounded<(BatchChunk Chunk, IReadOnlyList<OnnxValue> Values)>());
        for (var i = 0; i < UnderWay; i++)
            free.Writer.TryWrite(new(inputs, keepsRows: columns is null));
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        long taken = 0, given = 0;
        try
        {
            // Whoever fails ends the others; of several ends the failure is what is told.
            await Task.WhenAll(Task.Run(() => Guarded(Read), stop), Task.Run(() => Guarded(Ask), stop), Task.Run(() => Guarded(Write), stop));
        }
        finally
        {
            while (scored.Reader.TryRead(out var left))
                Release(left.Values);
        }
        return taken == given ? (taken, answer) : throw new InvalidOperationException($"{taken} rows were read and {given} written.");

        async Task Guarded(Func<Task> some)
        {
            try
            {
                await some();
            }
            catch
            {
                await ended.CancelAsync();
                throw;
            }
        }

        async Task Read()
        {
            var more = records.Next();
            while (more)
            {
                var chunk = await free.Reader.ReadAsync(ended.Token);
                chunk.Clear();
                for (; more && chunk.Rows < BatchChunk.Most; more = records.Next())
                    chunk.Add(records, head.Count, columns is null ? records.Line : taken + chunk.Rows + 1);
                taken += chunk.Rows;
                read.Writer.TryWrite(chunk);
            }
            read.Writer.Complete();
        }

        async Task Ask()
        {
            await foreach (var chunk in read.Reader.ReadAllAsync(ended.Token))
            {
                var values = chunk.Values();
                try
                {
                    scored.Writer.TryWrite((chunk, session.Run(values, answer.Outputs, stop: ended.Token)));
                }
                finally
                {
                    Release(values.Values);
                }
            }
            scored.Writer.Complete();
        }

        async Task Write()
        {
            await using var file = new FileStream(part, FileMode.Create, FileAccess.Write, FileShare.None, 0, FileOptions.Asynchronous);
            var (bytes, name) = (new BatchOutput(), Encoding.UTF8.GetBytes(Csv.Field(model)));
            bytes.Add(Encoding.UTF8.GetBytes(string.Join(',', (columns is null ? head : [BatchFiles.Mark]).Concat(answer.Columns).Append("model").Select(Csv.Field)) + "\n"));
            await foreach (var (chunk, values) in scored.Reader.ReadAllAsync(ended.Token))
            {
                try
                {
                    answer.Write(chunk, values, name, bytes);
                }
                finally
                {
                    Release(values);
                }
                bad.Add(chunk.Bad.OrderBy(one => one.Key).Select(one => one.Value));
                given += chunk.Rows;
                await file.WriteAsync(bytes.Bytes, ended.Token);
                bytes.Clear();
                free.Writer.TryWrite(chunk);
                done?.Report(given);
            }
            await file.WriteAsync(bytes.Bytes, ended.Token);
        }
    }

    private static void Release(IEnumerable<OnnxValue> values)
    {
        foreach (var value in values)
            value.Dispose();
    }

    private static FileStream Open(string path) => File.Exists(path)
        ? new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan)
        : throw ProblemException.NotFound("file", Names.Shorten(path, 200), "Name a CSV or Parquet file.");

    private static List<string> Head(CsvRecords records, string input)
    {
        if (!records.Next())
            throw ProblemException.Invalid("file_empty", $"'{Names.Shorten(Path.GetFileName(input))}' is empty.", "The first line names the columns.");
        List<string> head = [.. Enumerable.Range(0, records.Fields).Select(field => Encoding.UTF8.GetString(records.Field(field)).Trim())];
        return head.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice
            ? throw ProblemException.Invalid("column_twice", $"The column '{Names.Shorten(twice.Key)}' is there twice.", "Give every column a name of its own.")
            : head;
    }

    /// <param name="there">Columns that the model may be given.</param>
    /// <param name="kept">Columns that stand beside the answers.</param>
    private static void Suits(Signature signature, IReadOnlyList<string> there, IReadOnlyList<string> kept, BatchAnswer answer)
    {
        if (answer.Columns.Append("model").FirstOrDefault(kept.Contains) is { } taken)
            throw ProblemException.Invalid("column_taken", $"The file has a column '{taken}' already, which the answers would need.", "Rename it, or leave it out.");
        // Nothing to leave out is what no column says.
        string[] missing = [.. signature.Inputs.Select(input => input.Name).Where(name => !there.Contains(name) && name != "exclude").Concat(kept.Where(name => !there.Contains(name)))];
        if (missing.Length > 0)
            throw ProblemException.Invalid("column_missing", $"{string.Join(", ", missing.Select(name => $"'{Names.Shorten(name)}'"))} {(missing.Length == 1 ? "is" : "are")} wanted, which the file does not have; it has {string.Join(", ", there.Take(20).Select(name => $"'{Names.Shorten(name, 40)}'"))}.", "Name the columns as the table that was learned from does.");
    }
}

/// <summary>How a file is scored, besides from where to where.</summary>
internal sealed record BatchOptions
{
    /// <summary>Within the model.</summary>
    public int Threads { get; init; } = Math.Max(1, Environment.ProcessorCount - 1);

    /// <summary>Columns that the file does not have, the same in every row: what the names of its folders say.</summary>
    public IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>();

    /// <summary>Of a Parquet file, the columns that stand beside the answers; all when null.</summary>
    public IReadOnlyList<string>? Keep { get; init; }

    /// <summary>Lists of a recommender become a row for each place, of so many at most; <see cref="Keep"/> is named.</summary>
    public int? Top { get; init; }
}

/// <summary>What a batch did.</summary>
/// <param name="Rows">Read and written.</param>
/// <param name="Bad">Of them without an answer.</param>
/// <param name="BadFile">Where they are told; null when there are none.</param>
public sealed record BatchReport(long Rows, long Bad, string? BadFile, double Seconds);

/// <summary>Bad rows on their way to a file of their own; it is there only when there are some.</summary>
/// <param name="numbered">Told by the number of the row, instead of the line.</param>
internal sealed class BadRows(string path, bool numbered) : IDisposable
{
    private StreamWriter? _file;

    public string Path { get; } = path;

    public long Count { get; private set; }

    public void Add(IEnumerable<BadRow> rows)
    {
        foreach (var row in rows)
        {
            if (_file is null)
            {
                _file = new(Path + ".part");
                _file.WriteLine($"{(numbered ? "row" : "line")},column,why,raw");
            }
            _file.WriteLine(string.Join(',', row.Line.ToString(CultureInfo.InvariantCulture), Csv.Field(row.Column ?? ""), Csv.Field(row.Why), Csv.Field(row.Raw)));
            Count++;
        }
    }

    public void Finish()
    {
        _file?.Dispose();
        if (Count > 0)
            File.Move(Path + ".part", Path, overwrite: true);
        else
            File.Delete(Path);
    }

    /// <summary>What was not finished is dropped.</summary>
    public void Dispose()
    {
        _file?.Dispose();
        File.Delete(Path + ".part");
    }
}
