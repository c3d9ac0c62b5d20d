using System.Numerics;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using System.Text.Unicode;

namespace Steward.Data.Files;

/// <summary>What the pass does with the records it finds.</summary>
internal interface IRecords
{
    /// <summary>One record.</summary>
    /// <param name="record">Its bytes without the line end.</param>
    /// <param name="fields">Where its fields lie.</param>
    /// <param name="line">Where it begins, from 1.</param>
    /// <returns>Null when it is good; else what is wrong, and in which field (-1: in the whole).</returns>
    Flaw? Record(ReadOnlySpan<byte> record, CsvFields fields, long line);

    /// <summary>A record that is not handed on, or that was found bad.</summary>
    /// <param name="length">Its bytes with the line end, as far as they were read.</param>
    void Bad(long line, Flaw flaw, ReadOnlySpan<byte> raw, int length);

    /// <summary>Good bytes, in order; a bad record interrupts them.</summary>
    void Good(ReadOnlySpan<byte> bytes);
}

/// <param name="Field">Counted from 0; -1 when the whole record is bad.</param>
/// <param name="IsSure">The engine refuses the record for the same reason; where it ends is beyond doubt.</param>
internal sealed record Flaw(int Field, string Why, bool IsSure = false);

/// <summary>The fields of the record at hand. Quotes are taken off, and doubled ones undone, only where they are.</summary>
internal sealed class CsvFields(CsvDialect dialect)
{
    private int[] _starts = new int[64], _lengths = new int[64];
    private bool[] _quoted = new bool[64];
    private byte[] _undone = new byte[256];

    public int Count { get; private set; }

    public bool HasQuotes { get; private set; }

    /// <summary>A quote stood within a field that was not quoted.</summary>
    public bool HasBareQuote { get; private set; }

    public ReadOnlySpan<byte> this[int field, ReadOnlySpan<byte> record]
    {
        get
        {
            var value = record.Slice(_starts[field], _lengths[field]);
            return HasQuotes && _quoted[field] && value.Contains(dialect.Escape) ? Undone(value) : value;
        }
    }

    public void Clear() => (Count, HasBareQuote, HasQuotes) = (0, false, false);

    /// <summary>A record without quotes: fields are short, so delimiters are looked for 32 bytes at a time.</summary>
    public void Plain(ReadOnlySpan<byte> record)
    {
        Clear();
        var (start, at, delimiter) = (0, 0, Vector256.Create(dialect.Delimiter));
        for (; at + Vector256<byte>.Count <= record.Length; at += Vector256<byte>.Count)
            for (var found = Vector256.Equals(Vector256.Create(record[at..]), delimiter).ExtractMostSignificantBits(); found != 0; found &= found - 1)
            {
                var end = at + BitOperations.TrailingZeroCount(found);
                Add(start, end - start, quoted: false);
                start = end + 1;
            }

        for (; at < record.Length; at++)
            if (record[at] == dialect.Delimiter)
            {
                Add(start, at - start, quoted: false);
                start = at + 1;
            }

        Add(start, record.Length - start, quoted: false);
    }

    public void Add(int start, int length, bool quoted)
    {
        if (Count == _starts.Length)
        {
            Array.Resize(ref _starts, Count * 2);
            Array.Resize(ref _lengths, Count * 2);
            Array.Resize(ref _quoted, Count * 2);
        }

        (_starts[Count], _lengths[Count], _quoted[Count]) = (start, length, quoted);
        HasQuotes |= quoted;
        Count++;
    }

    public void BareQuote() => HasBareQuote = true;

    private ReadOnlySpan<byte> Undone(ReadOnlySpan<byte> value)
    {
        if (_undone.Length < value.Length)
            _undone = new byte[value.Length];
        var length = 0;
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] == dialect.Escape && i + 1 < value.Length && (value[i + 1] == dialect.Quote || value[i + 1] == dialect.Escape))
                i++;
            _undone[length++] = value[i];
        }

        return _undone.AsSpan(0, length);
    }
}

internal readonly record struct CsvDialect(byte Delimiter, byte Quote, byte Escape)
{
    public static CsvDialect Of(FileSchema schema) => new(One(schema.Delimiter, "delimiter"), One(schema.Quote, "quote"), One(schema.Escape, "escape"));

    private static byte One(string text, string what) => text.Replace("\\t", "\t", StringComparison.Ordinal) is [var c] && c < 128 && c is not ('\n' or '\r' or '\0')
        ? (byte)c
        : throw ProblemException.Invalid("schema_invalid", $"The {what} '{Names.Shorten(text)}' is not one plain character.", "Write one character, or \\t for a tab.");
}

/// <summary>
/// One pass over a CSV file in bounded memory, whatever is in it: finds records, counts lines, hashes the bytes, and gives every record
/// to <see cref="IRecords"/>. A record that cannot be told apart (quotes that do not close, longer than allowed) is
/// bad for its first line alone; the pass goes on with the next line.
/// </summary>
internal sealed class CsvScan(CsvDialect dialect, int longestRecord, IRecords records)
{
    private const int Piece = 1 << 20;
    private const string Unclosed = "a quote is opened and not closed";
    private const byte LineFeed = (byte)'\n', Return = (byte)'\r';
    private readonly CsvFields _fields = new(dialect);
    private byte[] _buffer = new byte[Math.Max(2 * Piece, longestRecord + Piece)];
    private int _from, _until, _checked;
    private bool _end, _skipping, _suspect;

    /// <summary>Records that were handed on or found bad; empty lines are none.</summary>
    public long Count { get; private set; }

    public long Line { get; private set; } = 1;

    /// <summary>Some lines end with a carriage return and some do not.</summary>
    public bool HasMixedEnds => _withReturn > 0 && _withoutReturn > 0;

    /// <summary>A quote within a field that is not quoted: a strict reader refuses it, and it is read all the same.</summary>
    public bool IsLoose { get; private set; }

    /// <summary>One column: an empty line is an empty value.</summary>
    public bool EmptyLinesCount { get; set; }

    /// <summary>Told after each piece how much of the file was looked at, from 0 to 1.</summary>
    public Action<double>? Told { get; init; }

    private long _withReturn, _withoutReturn, _left;

    /// <param name="length">Bytes to read at the most: what is written behind them meanwhile is not looked at.</param>
    public Digest Run(Stream bytes, long length, CancellationToken stop)
    {
        _left = length;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        while (Fill(bytes, hash))
        {
            stop.ThrowIfCancellationRequested();
            Take();
            Told?.Invoke(1 - ((double)_left / Math.Max(1, length)));
        }

        return Digest.FromHash(hash.GetHashAndReset());
    }

    /// <summary>Reads on behind what is there; false when all is taken.</summary>
    private bool Fill(Stream bytes, IncrementalHash hash)
    {
        if (_end)
            return false;
        if (_from > 0)
        {
            _buffer.AsSpan(_from, _until - _from).CopyTo(_buffer);
            (_until, _checked, _from) = (_until - _from, Math.Max(0, _checked - _from), 0);
        }

        var read = bytes.Read(_buffer, _until, (int)Math.Min(_left, Math.Min(Piece, _buffer.Length - _until)));
        _left -= read;
        _end = read == 0;
        var fresh = _buffer.AsSpan(_until, read);
        hash.AppendData(fresh);
        _until += read;
        // Looked for in whole pieces: most files have neither, and then no record is looked at for them.
        var cut = Cut(_buffer.AsSpan(_checked, _until - _checked));
        _suspect = (_suspect && _until - read > _from) || fresh.Contains((byte)0) || !Utf8.IsValid(_buffer.AsSpan(_checked, _until - _checked - cut));
        _checked = _until - cut;
        return !_end || _until > _from;
    }

    /// <summary>Bytes of a character whose rest comes with the next piece.</summary>
    private int Cut(ReadOnlySpan<byte> bytes)
    {
        for (var back = 1; !_end && back <= 3 && back <= bytes.Length; back++)
            if (bytes[^back] >= 0xC0)
                return bytes[^back] >= (back switch { 1 => 0xC0, 2 => 0xE0, _ => 0xF0 }) ? back : 0;
            else if (bytes[^back] < 0x80)
                return 0;
        return 0;
    }

    private void Take()
    {
        var good = _from;
        while (_from < _until)
        {
            var rest = _buffer.AsSpan(_from, _until - _from);
            if (_skipping)
            {
                var over = rest.IndexOf(LineFeed);
                _from += over < 0 ? rest.Length : over + 1;
                Line += over < 0 ? 0 : 1;
                (_skipping, good) = (over < 0, _from);
                continue;
            }

            var end = rest.IndexOfAny(LineFeed, dialect.Quote);
            var quoted = end >= 0 && rest[end] == dialect.Quote;
            var (length, lines, flaw) = quoted ? Quoted(rest) : (end, 1, null);
            if (length < 0 && !_end && rest.Length <= longestRecord)
                break; // its end is not there yet
            if (length < 0 && _end && !quoted)
                length = rest.Length;
            if (flaw is null && (length < 0 || length > longestRecord))
                flaw = new(-1, rest.Length > longestRecord || length > longestRecord ? $"the record is longer than {longestRecord:N0} bytes" : Unclosed);
            if (flaw is not null && (quoted || length < 0))
                (length, lines) = (rest.IndexOf(LineFeed), 1); // only its first line is given up
            var whole = length >= 0 ? length : rest.Length;
            var record = rest[..whole];
            var next = Math.Min(rest.Length, whole + 1);
            if (record is [.., Return])
            {
                record = record[..^1];
                _withReturn++;
            }
            else if (whole < rest.Length)
                _withoutReturn++;
            if (record.Length > 0 || EmptyLinesCount)
            {
                if (flaw is null)
                {
                    if (!quoted)
                        _fields.Plain(record);
                    flaw = (_suspect ? Unreadable(record) : null) ?? records.Record(record, _fields, Line);
                    IsLoose |= _fields.HasBareQuote;
                }
                else if (_suspect)
                    flaw = Unreadable(record) ?? flaw;

                Count++;
                if (flaw is not null)
                {
                    records.Good(_buffer.AsSpan(good, _from - good));
                    records.Bad(Line, flaw, record, next);
                    good = _from + next;
                }
            }

            _skipping = length < 0 && !_end;
            _from += next;
            Line += whole < rest.Length ? lines : 0;
        }

        records.Good(_buffer.AsSpan(good, Math.Max(0, _from - good)));
    }

    private static Flaw? Unreadable(ReadOnlySpan<byte> record) => record.Contains((byte)0) ? new(-1, "there is a NUL byte in it")
        : Utf8.IsValid(record) ? null
        : new(-1, "it is not UTF-8 text; it may come from a file of another encoding");

    /// <summary>A record with quotes: where it ends (-1: not here), how many lines it has, what is wrong with it.</summary>
    private (int Length, int Lines, Flaw? Flaw) Quoted(ReadOnlySpan<byte> rest)
    {
        _fields.Clear();
        var (at, lines) = (0, 1);
        while (true)
        {
            var start = at;
            if (at < rest.Length && rest[at] == dialect.Quote)
            {
                at++;
                while (true)
                {
                    var stop = dialect.Escape == dialect.Quote ? rest[at..].IndexOfAny(dialect.Quote, LineFeed) : rest[at..].IndexOfAny(dialect.Quote, LineFeed, dialect.Escape);
                    if (stop < 0)
                        return (-1, lines, null);
                    at += stop;
                    if (rest[at] == LineFeed)
                    {
                        lines++;
                        at++;
                    }
                    else if (at + 1 == rest.Length && !_end)
                        return (-1, lines, null);
                    else if (dialect.Escape != dialect.Quote && rest[at] == dialect.Escape)
                        at += 2;
                    else if (dialect.Escape == dialect.Quote && at + 1 < rest.Length && rest[at + 1] == dialect.Quote)
                        at += 2;
                    else
                        break;
                    if (at > rest.Length)
                        return (-1, lines, null);
                }

                _fields.Add(start + 1, at - start - 1, quoted: true);
                at++;
                if (at < rest.Length && rest[at] == Return && at + 1 < rest.Length && rest[at + 1] == LineFeed)
                    return (at + 1, lines, null);
                if (at == rest.Length)
                    return _end ? (at, lines, null) : (-1, lines, null);
                if (rest[at] == LineFeed)
                    return (at, lines, null);
                if (rest[at] != dialect.Delimiter)
                    return (at, lines, lines > 1 ? new(-1, Unclosed) : new(_fields.Count - 1, "text follows a closing quote"));
                at++;
                continue;
            }

            var end = rest[at..].IndexOfAny(dialect.Delimiter, LineFeed);
            var field = end < 0 ? rest[at..] : rest.Slice(at, end);
            if (end < 0 && !_end)
                return (-1, lines, null);
            if (field.Contains(dialect.Quote))
                _fields.BareQuote();
            var last = end < 0 || rest[at + end] == LineFeed;
            _fields.Add(start, last && field is [.., Return] ? field.Length - 1 : field.Length, quoted: false);
            at += field.Length;
            if (last)
                return (at, lines, null);
            at++;
        }
    }
}
