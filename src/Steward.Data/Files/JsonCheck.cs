using System.Text;
using System.Text.Json;

namespace Steward.Data.Files;

/// <summary>Checks JSON Lines, one object a line, and writes the good ones as CSV: numbers keep every digit that way.</summary>
internal sealed class JsonCheck : IRecords, IDisposable
{
    private const int Unknown = -1;
    private readonly string _name;
    private readonly FileSchema _schema;
    private readonly IReadOnlyList<(FileColumn Column, Form Form, byte[] Key)> _columns;
    private readonly BadRows _bad;
    private readonly FileStream _csv;
    private readonly (int Start, int Length, bool Text)[] _values;
    private byte[] _row = new byte[1 << 16];
    private int _length;

    public JsonCheck(string name, FileSchema schema, BadRows bad, string folder)
    {
        (_name, _schema, _bad) = (name, schema, bad);
        _columns = [.. schema.Columns.Select(column => (column, Form.Of(column), Encoding.UTF8.GetBytes(column.From ?? column.Name)))];
        _values = new (int, int, bool)[_columns.Count];
        _csv = new(System.IO.Path.Combine(folder, $"{Names.NewId()}.csv"), FileMode.CreateNew, FileAccess.Write, FileShare.Read, 1 << 20);
        NullCounts = new long[_columns.Count];
    }

    public string Path => _csv.Name;

    public long[] NullCounts { get; }

    public long BadCount { get; private set; }

    public Flaw? Record(ReadOnlySpan<byte> record, CsvFields fields, long line)
    {
        Array.Clear(_values);
        _length = 0;
        try
        {
            var reader = new Utf8JsonReader(record, new JsonReaderOptions { MaxDepth = 64 });
            if (!reader.Read() || reader.TokenType is not JsonTokenType.StartObject)
                return new(Unknown, "it is not a JSON object");
            for (var next = 0; reader.Read() && reader.TokenType is JsonTokenType.PropertyName;)
            {
                var at = Find(ref reader, next);
                if (at == Unknown && _schema.OnChange is Tables.OnSchemaChange.Stop)
                    throw ProblemException.Conflict("schema_changed", $"Line {line:N0} of '{_name}' has the key '{Names.Shorten(reader.GetString())}', which the schema does not know; nothing was kept.", "Look at the file; to go on, choose on_change: ignore or evolve.");
                next = at + 1;
                var key = at == Unknown ? null : _columns[at].Column.Name;
                if (at != Unknown && _values[at].Length != 0)
                    return new(at, $"the key '{key}' is there twice");
                reader.Read();
                if (Value(ref reader, record, at) is { } flaw)
                    return flaw;
            }

            if (reader.Read())
                return new(Unknown, "text follows the object");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return new(Unknown, $"it is not JSON: {error.Message.Split(" LineNumber")[0].Trim().TrimEnd('.')}");
        }

        for (var i = 0; i < _columns.Count; i++)
            if (_values[i].Length == 0 && _columns[i].Column.Required)
                return new(i, "a value is required here");
        Write();
        return null;
    }

    public void Bad(long line, Flaw flaw, ReadOnlySpan<byte> raw, int length)
    {
        BadCount++;
        _bad.Add(_name, line, flaw.Field < 0 ? null : _columns[flaw.Field].Column.Name, flaw.Why, raw);
    }

    public void Good(ReadOnlySpan<byte> bytes)
    {
    }

    public void Finish()
    {
        _csv.Flush();
        _csv.Dispose();
    }

    public void Dispose() => _csv.Dispose();

    /// <summary>Keys mostly come in the same order.</summary>
    private int Find(ref Utf8JsonReader reader, int next)
    {
        if (next < _columns.Count && reader.ValueTextEquals(_columns[next].Key))
            return next;
        for (var i = 0; i < _columns.Count; i++)
            if (reader.ValueTextEquals(_columns[i].Key))
                return i;
        return Unknown;
    }

    /// <summary>Notes a value, and what is wrong with it.</summary>
    private Flaw? Value(ref Utf8JsonReader reader, ReadOnlySpan<byte> record, int at)
    {
        var start = (int)reader.TokenStartIndex;
        if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            reader.Skip();
        if (at == Unknown || reader.TokenType is JsonTokenType.Null)
            return null;
        var begin = _length;
        if (reader.TokenType is JsonTokenType.String)
        {
            Room(reader.ValueSpan.Length);
            _length += reader.CopyString(_row.AsSpan(_length));
        }
        else
        {
            var raw = record[start..(int)reader.BytesConsumed];
            Room(raw.Length);
            raw.CopyTo(_row.AsSpan(_length));
            _length += raw.Length;
        }

        var value = _row.AsSpan(begin, _length - begin);
        _values[at] = (begin, value.Length + 1, reader.TokenType is JsonTokenType.String);
        if (value.Contains((byte)0))
            return new(at, "there is a NUL byte in it");
        return _columns[at].Form.Reads(value) ? null : new(at, $"'{Names.Shorten(Encoding.UTF8.GetString(value[..Math.Min(200, value.Length)]), 60)}' is not {_columns[at].Form.Name}");
    }

    private void Room(int more)
    {
        if (_row.Length < _length + more)
            Array.Resize(ref _row, Math.Max(_row.Length * 2, _length + more));
    }

    /// <summary>Every value in quotes; nothing at all where there is none.</summary>
    private void Write()
    {
        for (var i = 0; i < _columns.Count; i++)
        {
            if (i > 0)
                _csv.WriteByte((byte)',');
            var (start, length, _) = _values[i];
            if (length == 0)
            {
                NullCounts[i]++;
                continue;
            }

            _csv.WriteByte((byte)'"');
            var value = _row.AsSpan(start, length - 1);
            while (value.IndexOf((byte)'"') is var quote and >= 0)
            {
                _csv.Write(value[..(quote + 1)]);
                _csv.WriteByte((byte)'"');
                value = value[(quote + 1)..];
            }

            _csv.Write(value);
            _csv.WriteByte((byte)'"');
        }

        _csv.WriteByte((byte)'\n');
    }
}
