using System.Text;
using System.Text.Json;

namespace Steward.Data.Files;

/// <summary>Finds out how a text file is to be read: its dialect from the first lines, its columns from the first 100,000 rows.</summary>
internal static class Looking
{
    private const int FirstLines = 256 << 10, MostBytes = 64 << 20;
    public const int MostRows = 100_000;

    public static FileSchema Csv(string path, string name, string encoding, CancellationToken stop)
    {
        var start = Start(path, FirstLines);
        if (start.Length == 0)
            throw Nothing(name);
        var (dialect, _) = Dialect(start, stop);
        var first = new FirstRecords(2);
        new CsvScan(dialect, 1 << 20, first).Run(new MemoryStream(start), start.Length, stop);
        if (first.Rows.Count == 0)
            throw Nothing(name);
        var header = IsHeader(first.Rows[0], first.Rows.Count > 1 ? first.Rows[1] : null);
        var names = Headers.Unique(header ? first.Rows[0] : first.Rows[0].Select((_, i) => $"column {i + 1}"));
        var guesses = new Guesses(names.Count, header);
        var scan = new CsvScan(dialect, 1 << 20, guesses) { EmptyLinesCount = names.Count == 1 };
        using (var file = File.OpenRead(path))
            scan.Run(file, MostBytes, stop);
        var all = guesses.Rows <= MostRows && new FileInfo(path).Length <= MostBytes;
        var columns = Headers.Plain(names).Select((plain, i) => guesses.Columns[i].Decide(plain, names[i], guesses.Seen, all)).ToList();
        return new()
        {
            Delimiter = ((char)dialect.Delimiter).ToString(),
            Quote = ((char)dialect.Quote).ToString(),
            Escape = ((char)dialect.Escape).ToString(),
            Header = header,
            Encoding = encoding,
            Nulls = ["", .. guesses.Columns.SelectMany(column => column.Nulls).Distinct()],
            Columns = header ? columns : [.. columns.Select(column => column with { From = null })],
        };
    }

    public static FileSchema JsonLines(string path, string name, string encoding, CancellationToken stop)
    {
        var guesses = new JsonGuesses();
        using (var file = File.OpenRead(path))
            new CsvScan(Lines, 1 << 20, guesses).Run(file, MostBytes, stop);
        if (guesses.Names.Count == 0)
            throw Nothing(name);
        var all = guesses.Rows <= MostRows && new FileInfo(path).Length <= MostBytes;
        return new()
        {
            Format = FileFormat.JsonLines,
            Encoding = encoding,
            Columns = [.. Headers.Plain(guesses.Names).Select((plain, i) => guesses.Columns[i].Decide(plain, guesses.Names[i], guesses.Seen, all))],
        };
    }

    /// <summary>A line is a record: no delimiter and no quote, for neither byte is in a text.</summary>
    public static CsvDialect Lines { get; } = new(0xFE, 0xFF, 0xFF);

    /// <summary>The header of a file, as it is written there.</summary>
    public static IReadOnlyList<string> Header(string path, CsvDialect dialect, int longest, CancellationToken stop)
    {
        var first = new FirstRecords(1);
        var start = Start(path, Math.Max(FirstLines, longest));
        new CsvScan(dialect, longest, first).Run(new MemoryStream(start), start.Length, stop);
        return first.Rows.Count == 0 ? [] : first.Rows[0];
    }

    /// <summary>The delimiter and quote by which most lines have the same number of fields.</summary>
    private static (CsvDialect, double) Dialect(byte[] start, CancellationToken stop)
    {
        var best = (Dialect: new CsvDialect((byte)',', (byte)'"', (byte)'"'), Score: 0.0);
        var escape = start.AsSpan().IndexOf("\\\""u8) >= 0 && start.AsSpan().IndexOf("\"\""u8) < 0 ? (byte)'\\' : (byte)'"';
        foreach (var quote in "\"'"u8)
            foreach (var delimiter in ",;\t|"u8)
            {
                var counts = new FieldCounts();
                var dialect = new CsvDialect(delimiter, quote, quote == '"' ? escape : quote);
                new CsvScan(dialect, 1 << 20, counts).Run(new MemoryStream(start), start.Length, stop);
                // The one that splits more wins only when it splits as evenly; double quotes win when single ones change nothing.
                if (counts.Score > best.Score + 1e-9)
                    best = (dialect, counts.Score);
            }

        return best;
    }

    /// <summary>A first record of names: none is a number, a date or like the value below it in kind.</summary>
    private static bool IsHeader(IReadOnlyList<string> first, IReadOnlyList<string>? second)
    {
        if (first.All(name => name.Length == 0) || first.Any(LooksTyped))
            return false;
        return second is null || second.Any(LooksTyped) || first.Distinct(StringComparer.OrdinalIgnoreCase).Count() == first.Count;
    }

    private static bool LooksTyped(string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        return value.Length > 0 && (new FloatForm().Reads(bytes) || (bytes.Length >= 10 && DatePattern.IsIsoDate(bytes.AsSpan(0, 10))));
    }

    /// <summary>The beginning of a file, to the end of its last whole line.</summary>
    private static byte[] Start(string path, int most)
    {
        using var file = File.OpenRead(path);
        var start = new byte[Math.Min(most, file.Length)];
        file.ReadExactly(start);
        return file.Length > most && Array.LastIndexOf(start, (byte)'\n') is var end and > 0 ? start[..(end + 1)] : start;
    }

    private static ProblemException Nothing(string name) => ProblemException.Invalid("file_empty", $"There is no row in '{name}' to tell its columns by.", "Look at the file, or write a schema for it.");

    private abstract class Looker : IRecords
    {
        public abstract Flaw? Record(ReadOnlySpan<byte> record, CsvFields fields, long line);

        public void Bad(long line, Flaw flaw, ReadOnlySpan<byte> raw, int length)
        {
        }

        public void Good(ReadOnlySpan<byte> bytes)
        {
        }
    }

    private sealed class FirstRecords(int most) : Looker
    {
        public List<IReadOnlyList<string>> Rows { get; } = [];

        public override Flaw? Record(ReadOnlySpan<byte> record, CsvFields fields, long line)
        {
            if (Rows.Count < most)
            {
                var row = new List<string>();
                for (var i = 0; i < fields.Count; i++)
                    row.Add(Encoding.UTF8.GetString(fields[i, record]));
                Rows.Add(row);
            }

            return null;
        }
    }

    private sealed class FieldCounts : Looker
    {
        private readonly Dictionary<int, int> _seen = [];
        private int _records;

        /// <summary>The share of records with the commonest number of fields; one field is no split.</summary>
        public double Score => _records == 0 || _seen.Count == 0 ? 0 : _seen.MaxBy(pair => pair.Value) is var (fields, count) && fields > 1 ? ((double)count / _records) + (0.0001 * Math.Min(fields, 1000)) : 0;

        public override Flaw? Record(ReadOnlySpan<byte> record, CsvFields fields, long line)
        {
            _records++;
            _seen[fields.Count] = _seen.GetValueOrDefault(fields.Count) + 1;
            return null;
        }
    }

    private sealed class Guesses(int columns, bool header) : Looker
    {
        private bool _header = header;

        public List<ColumnGuess> Columns { get; } = [.. Enumerable.Range(0, columns).Select(_ => new ColumnGuess())];

        public long Rows { get; private set; }

        public long Seen { get; private set; }

        public override Flaw? Record(ReadOnlySpan<byte> record, CsvFields fields, long line)
        {
            if (_header)
            {
                _header = false;
                return null;
            }

            if (++Rows > MostRows || fields.Count != Columns.Count)
                return null;
            Seen++;
            for (var i = 0; i < Columns.Count; i++)
                Columns[i].See(fields[i, record], line);
            return null;
        }
    }

    private sealed class JsonGuesses : Looker
    {
        private const int MostKeys = 2000;
        private readonly Dictionary<string, ColumnGuess> _known = [];

        public List<string> Names { get; } = [];

        public List<ColumnGuess> Columns { get; } = [];

        public long Rows { get; private set; }

        public long Seen { get; private set; }

        public override Flaw? Record(ReadOnlySpan<byte> record, CsvFields fields, long line)
        {
            if (++Rows > MostRows)
                return null;
            try
            {
                using var json = JsonDocument.Parse(Encoding.UTF8.GetString(record));
                if (json.RootElement.ValueKind is not JsonValueKind.Object)
                    return null;
                Seen++;
                foreach (var property in json.RootElement.EnumerateObject())
                    See(property, line);
            }
            catch (JsonException)
            {
                // told when the file is read
            }

            return null;
        }

        private void See(JsonProperty property, long line)
        {
            if (!_known.TryGetValue(property.Name, out var guess))
            {
                if (Names.Count == MostKeys)
                    return;
                _known[property.Name] = guess = new();
                Names.Add(property.Name);
                Columns.Add(guess);
            }

            switch (property.Value.ValueKind)
            {
                case JsonValueKind.Null:
                    break;
                case JsonValueKind.Object or JsonValueKind.Array:
                    guess.IsText();
                    break;
                case JsonValueKind.String:
                    guess.IsQuoted = true;
                    guess.See(Encoding.UTF8.GetBytes(property.Value.GetString()!), line);
                    break;
                default:
                    guess.See(Encoding.UTF8.GetBytes(property.Value.GetRawText()), line);
                    break;
            }
        }
    }
}
