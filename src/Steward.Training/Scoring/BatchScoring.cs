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
    public static async Task<BatchReport> Score(byte[] onnx, string model, string input, string output, IProgress<long>? done, CancellationToken stop)
    {
        var began = Stopwatch.GetTimestamp();
        using var file = OnnxFile.Keep(onnx);
        using var session = OnnxSession.Open(file, new() { Threads = Math.Max(1, Environment.ProcessorCount - 1) });
        var scratch = Directory.CreateTempSubdirectory("steward-batch-").FullName;
        using var bad = new BadRows(output + ".bad.csv");
        var part = output + ".part";
        try
        {
            var text = BatchFiles.IsParquet(input) ? BatchFiles.ToCsv(input, scratch, stop) : input;
            var (read, written, answer) = await Run(session, model, text, part, bad, done, stop);
            if (read != written)
                throw new InvalidOperationException($"{read} rows were read and {written} written.");
            if (BatchFiles.IsParquet(output))
                BatchFiles.ToParquet(part, input, answer, scratch, stop);
            bad.Finish();
            File.Move(part, output, overwrite: true);
            return new(read, bad.Count, bad.Count > 0 ? bad.Path : null, Stopwatch.GetElapsedTime(began).TotalSeconds);
        }
        catch
        {
            File.Delete(part);
            throw;
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    private static async Task<(long Read, long Written, BatchAnswer Answer)> Run(OnnxSession session, string model, string input, string part, BadRows bad, IProgress<long>? done, CancellationToken stop)
    {
        using var records = new CsvRecords(Open(input));
        var answer = BatchAnswer.Of(session.Description);
        var head = Head(records, input);
        var inputs = Inputs(session.Signature, head, answer);
        var (free, read, scored) = (Channel.CreateUnbounded<BatchChunk>(), Channel.CreateUnbounded<BatchChunk>(), Channel.CreateUnbounded<(BatchChunk Chunk, IReadOnlyList<OnnxValue> Values)>());
        for (var i = 0; i < UnderWay; i++)
            free.Writer.TryWrite(new(inputs));
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
        return (taken, given, answer);

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
                    chunk.Add(records, head.Count);
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
            bytes.Add(Encoding.UTF8.GetBytes(string.Join(',', head.Concat(answer.Columns).Append("model").Select(Csv.Field)) + "\n"));
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
            file.Flush(flushToDisk: true);
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

    private static List<BatchInput> Inputs(Signature signature, List<string> head, BatchAnswer answer)
    {
        if (answer.Columns.Append("model").FirstOrDefault(head.Contains) is { } taken)
            throw ProblemException.Invalid("column_taken", $"The file has a column '{taken}' already, which the answers would need.", "Rename it, or leave it out.");
        // Nothing to leave out is what no column says.
        string[] missing = [.. signature.Inputs.Select(input => input.Name).Where(name => !head.Contains(name) && name != "exclude")];
        if (missing.Length > 0)
            throw ProblemException.Invalid("column_missing", $"The model takes {string.Join(", ", missing.Select(name => $"'{Names.Shorten(name)}'"))}, which the file does not have; it has {string.Join(", ", head.Take(20).Select(name => $"'{Names.Shorten(name, 40)}'"))}.", "Name the columns as the table that was learned from does.");
        return [.. signature.Inputs.Select(input => new BatchInput(input.Name, input.Type, head.IndexOf(input.Name), input.Shape?.Count == 2))];
    }
}

/// <summary>What a batch did.</summary>
/// <param name="Rows">Read and written.</param>
/// <param name="Bad">Of them without an answer.</param>
/// <param name="BadFile">Where they are told; null when there are none.</param>
public sealed record BatchReport(long Rows, long Bad, string? BadFile, double Seconds);

/// <summary>Bad rows on their way to a file of their own; it is there only when there are some.</summary>
internal sealed class BadRows(string path) : IDisposable
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
                _file.WriteLine("line,column,why,raw");
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
