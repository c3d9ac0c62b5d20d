using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Steward.Onnx;

namespace Steward.Training;

/// <summary>Some rows on their way through a batch: their bytes as they came, and what the model takes of them, column by column. Used again and again.</summary>
internal sealed class BatchChunk
{
    public const int Most = 2048;

    private readonly IReadOnlyList<BatchInput> _inputs;
    private readonly bool _keepsRows;
    private readonly double[][] _numbers;
    private readonly long[][] _times;
    private readonly string[][] _texts;
    private byte[] _bytes = new byte[256 << 10];
    private readonly int[] _ends = new int[Most];

    public BatchChunk(IReadOnlyList<BatchInput> inputs, bool keepsRows)
    {
        _keepsRows = keepsRows;
        _inputs = inputs;
        _numbers = [.. inputs.Select(input => input.Type == ElementType.Double ? new double[Most] : [])];
        _times = [.. inputs.Select(input => input.Type == ElementType.Int64 ? new long[Most] : [])];
        _texts = [.. inputs.Select(input => input.Type == ElementType.String ? new string[Most] : [])];
    }

    public int Rows { get; private set; }

    /// <summary>Rows that are no good, by their place in the chunk.</summary>
    public Dictionary<int, BadRow> Bad { get; } = [];

    public void Clear()
    {
        Rows = 0;
        Bad.Clear();
    }

    /// <summary>The row as it came, with as many fields as the file's head; empty when rows are not kept.</summary>
    public ReadOnlySpan<byte> Row(int row) => _bytes.AsSpan((row == 0 ? 0 : _ends[row - 1])..(_ends[row]));

    /// <summary>Takes up the record; what cannot be read is missing to the model, and the row is told as bad.</summary>
    /// <param name="place">By which it is told.</param>
    public void Add(CsvRecords records, int fields, long place)
    {
        var row = Rows++;
        if (records.Broken is { } broken)
            Bad[row] = Tell(records, place, null, broken);
        else if (records.Fields != fields)
            Bad[row] = Tell(records, place, null, $"{records.Fields} fields instead of {fields}");
        for (var i = 0; i < _inputs.Count; i++)
        {
            var input = _inputs[i];
            var field = input.Field < 0 || input.Field >= records.Fields ? default : records.Field(input.Field);
            var why = input.Type switch
            {
                ElementType.Double => Number(field, out _numbers[i][row]),
                ElementType.Int64 => Time(field, out _times[i][row]),
                _ => Text(field, out _texts[i][row]),
            };
            if (why is not null && !Bad.ContainsKey(row))
                Bad[row] = Tell(records, place, input.Name, why);
        }
        if (_keepsRows)
            Keep(Bad.TryGetValue(row, out var bad) && bad.Column is null ? Whole(records, fields) : records.Record);
    }

    /// <summary>The columns as the engine takes them, for the caller to dispose.</summary>
    public Dictionary<string, OnnxValue> Values()
    {
        var values = new Dictionary<string, OnnxValue>();
        for (var i = 0; i < _inputs.Count; i++)
        {
            long[] shape = _inputs[i].IsWide ? [Rows, 1] : [Rows];
            values[_inputs[i].Name] = _inputs[i].Type switch
            {
                ElementType.Double => OnnxValue.Of(_numbers[i].AsMemory(0, Rows), shape),
                ElementType.Int64 => OnnxValue.Of(_times[i].AsMemory(0, Rows), shape),
                _ => OnnxValue.OfTexts(new ArraySegment<string>(_texts[i], 0, Rows), shape),
            };
        }
        return values;
    }

    private void Keep(ReadOnlySpan<byte> record)
    {
        var from = Rows == 1 ? 0 : _ends[Rows - 2];
        while (from + record.Length > _bytes.Length)
            Array.Resize(ref _bytes, _bytes.Length * 2);
        record.CopyTo(_bytes.AsSpan(from));
        _ends[Rows - 1] = from + record.Length;
    }

    /// <summary>A torn record, as a record of the file's width: fields that are missing are empty, those too many go with the bad rows only.</summary>
    private static byte[] Whole(CsvRecords records, int fields)
        => Encoding.UTF8.GetBytes(string.Join(',', Enumerable.Range(0, fields).Select(field => field < records.Fields ? Csv.Field(Encoding.UTF8.GetString(records.Field(field))) : "")));

    private static BadRow Tell(CsvRecords records, long place, string? column, string why) => new(place, column, why, Names.Shorten(Encoding.UTF8.GetString(records.Record), 1000));

    private static string? Number(ReadOnlySpan<byte> field, out double value)
    {
        value = double.NaN;
        if (field.IsEmpty || (Utf8Parser.TryParse(field, out value, out var used) && used == field.Length && double.IsFinite(value)))
            return null;
        var text = Encoding.UTF8.GetString(field).Trim();
        value = text is "" or "NaN" or "nan" or "NULL" or "null" ? double.NaN : text is "true" or "True" or "TRUE" ? 1 : text is "false" or "False" or "FALSE" ? 0 : double.PositiveInfinity;
        if (!double.IsInfinity(value))
            return null;
        value = double.NaN;
        return $"'{Names.Shorten(text, 40)}' is not a number";
    }

    private static string? Time(ReadOnlySpan<byte> field, out long micros)
    {
        micros = TimeColumn.Missing;
        if (field.IsEmpty)
            return null;
        var text = Encoding.UTF8.GetString(field);
        if (!DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) || !(text.Length > 4 && char.IsAsciiDigit(text[0]) && text[4] == '-'))
            return $"'{Names.Shorten(text, 40)}' is not a date or time such as 2026-03-01 or 2026-03-01T06:00:00";
        micros = TimeColumn.Of(time);
        return null;
    }

    private static string? Text(ReadOnlySpan<byte> field, out string text)
    {
        text = Encoding.UTF8.GetString(field);
        return text.Contains('\uFFFD', StringComparison.Ordinal) ? "the text is not UTF-8" : null;
    }
}

/// <summary>One input of the model and where it stands in the file.</summary>
/// <param name="Field">-1 for nothing known in every row.</param>
/// <param name="IsWide">[N,1] instead of [N].</param>
internal sealed record BatchInput(string Name, ElementType Type, int Field, bool IsWide);

/// <summary>A row that the model could not be asked about.</summary>
/// <param name="Line">In a Parquet file the number of the row, from 1.</param>
/// <param name="Column">Null when the whole row is torn.</param>
/// <param name="Raw">As it came, cut at 1,000 characters.</param>
internal sealed record BadRow(long Line, string? Column, string Why, string Raw);
