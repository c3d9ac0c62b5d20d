namespace Steward.Training;

/// <summary>
/// Walks over the records of a CSV file (RFC 4180, UTF-8), a block of it in memory at a time. A record is as it lies in the
/// file, its fields are places within it.
/// </summary>
internal sealed class CsvRecords(Stream file) : IDisposable
{
    private const int Block = 1 << 20, MostFields = 10_000;

    /// <summary>Longer than any real record: a quote that is never closed, or no table at all.</summary>
    private const int LongestRecord = 16 << 20;

    private static ReadOnlySpan<byte> Mark => [0xEF, 0xBB, 0xBF];

    private byte[] _bytes = new byte[Block];
    private (int Start, int Length)[] _fields = new (int, int)[64];
    private (int Start, int Length) _record;
    private int _from, _filled;
    private long _nextLine = 1;
    private bool _begun, _ended;

    /// <summary>Where the record begins, from 1, as an editor counts.</summary>
    public long Line { get; private set; }

    /// <summary>The record without the end of its line; until the next one is asked for.</summary>
    public ReadOnlySpan<byte> Record => _bytes.AsSpan(_record.Start, _record.Length);

    public int Fields { get; private set; }

    /// <summary>Why the fields cannot be told apart for sure; null when they can.</summary>
    public string? Broken { get; private set; }

    /// <summary>A field as it is meant: quotes taken away where there are some.</summary>
    public ReadOnlySpan<byte> Field(int field)
    {
        var raw = Record.Slice(_fields[field].Start, _fields[field].Length);
        if (raw.Length < 2 || raw[0] != (byte)'"' || raw[^1] != (byte)'"')
            return raw;
        var inner = raw[1..^1];
        return inner.Contains((byte)'"') ? System.Text.Encoding.UTF8.GetBytes(System.Text.Encoding.UTF8.GetString(inner).Replace("\"\"", "\"", StringComparison.Ordinal)) : inner;
    }

    /// <summary>Moves to the next record; an empty line is none. False after the last one.</summary>
    /// <exception cref="ProblemException"><c>record_too_long</c>.</exception>
    public bool Next()
    {
        if (!_begun)
            Begin();
        while (true)
        {
            var end = End();
            if (end < 0)
                return false;
            var length = end - _from;
            _record = (_from, length > 0 && _bytes[end - 1] == (byte)'\r' ? length - 1 : length);
            Line = _nextLine;
            _nextLine += 1 + Record.Count((byte)'\n');
            _from = Math.Min(end + 1, _filled);
            if (_record.Length == 0)
                continue;
            Split(Record);
            return true;
        }
    }

    public void Dispose() => file.Dispose();

    private void Begin()
    {
        _begun = true;
        while (_filled < Mark.Length && More()) { }
        _from = _bytes.AsSpan(0, _filled).StartsWith(Mark) ? Mark.Length : 0;
    }

    /// <summary>Where the line ends that is not within quotes; the end of the file for the last one, -1 when there is nothing more.</summary>
    private int End()
    {
        var (at, quoted) = (_from, false);
        while (true)
        {
            var rest = _bytes.AsSpan(at, _filled - at);
            var found = quoted ? rest.IndexOf((byte)'"') : rest.IndexOfAny((byte)'"', (byte)'\n');
            if (found < 0)
            {
                var seen = _filled - _from;
                if (seen > LongestRecord)
                    throw ProblemException.Invalid("record_too_long", $"The record that begins in line {_nextLine} has more than {LongestRecord >> 20} MiB{(quoted ? ": a quote is opened and never closed" : "")}.", "Mend that line, or look whether the file is CSV.");
                if (!More())
                    return _from < _filled ? _filled : -1;
                at = _from + seen;
                continue;
            }
            at += found + 1;
            if (_bytes[at - 1] == (byte)'\n' && !quoted)
                return at - 1;
            quoted = !quoted;
        }
    }

    /// <summary>Reads on; what was used up makes room. False at the end of the file.</summary>
    private bool More()
    {
        if (_ended)
            return false;
        if (_from > 0)
        {
            _bytes.AsSpan(_from, _filled - _from).CopyTo(_bytes);
            (_filled, _from) = (_filled - _from, 0);
        }
        if (_filled == _bytes.Length)
            Array.Resize(ref _bytes, _bytes.Length * 2);
        var read = file.Read(_bytes, _filled, _bytes.Length - _filled);
        _filled += read;
        _ended = read == 0;
        return !_ended;
    }

    private void Split(ReadOnlySpan<byte> record)
    {
        (Fields, Broken) = (0, null);
        for (var start = 0; start <= record.Length;)
        {
            var end = start < record.Length && record[start] == (byte)'"' ? Closing(record, start) : start;
            var comma = record[end..].IndexOf((byte)',');
            var stop = comma < 0 ? record.Length : end + comma;
            if (end > start && stop > end)
                Broken ??= "something stands behind a closing quote";
            if (Fields == _fields.Length)
                Array.Resize(ref _fields, _fields.Length * 2);
            if (Fields == MostFields)
                throw ProblemException.Invalid("record_too_long", $"Line {Line} has more than {MostFields} fields.", "Look whether the file is CSV.");
            _fields[Fields++] = (start, stop - start);
            start = stop + 1;
        }
    }

    /// <summary>Behind the quote that closes the field.</summary>
    private int Closing(ReadOnlySpan<byte> record, int start)
    {
        for (var at = start + 1; at < record.Length;)
        {
            var found = record[at..].IndexOf((byte)'"');
            if (found < 0)
                break;
            at += found + 1;
            if (at >= record.Length || record[at] != (byte)'"')
                return at;
            at++;
        }
        Broken = "a quote is opened and never closed";
        return record.Length;
    }
}
