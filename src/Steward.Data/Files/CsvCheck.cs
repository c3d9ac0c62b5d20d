using System.Text;

namespace Steward.Data.Files;

/// <summary>
/// Checks every field of every record by its form. Good records go on as they are: the engine reads the file itself while all are
/// good, or while it is sure to refuse the bad ones by itself; at the first doubt it gets a copy without any bad one.
/// </summary>
internal sealed class CsvCheck(string name, FileSchema schema, Layout layout, BadRows bad, string source, string folder) : IRecords, IDisposable
{
    private const int MostSure = 1 << 20;
    private readonly Place[] _places = [.. layout.Places];
    private readonly byte[][] _nulls = [.. schema.Nulls.Select(Encoding.UTF8.GetBytes)];
    private readonly bool _onlyEmpty = schema.Nulls is [""];
    private readonly List<(long At, int Length)> _sure = [];
    private FileStream? _copy;
    private long _passed;
    private bool _header = schema.Header;

    /// <summary>Values that stand for none, by the place of the column in the file.</summary>
    public long[] NullCounts { get; } = new long[layout.Places.Count];

    public long Records { get; private set; }

    public long BadCount { get; private set; }

    /// <summary>What the engine reads.</summary>
    public string Path => _copy is null ? source : _copy.Name;

    /// <summary>What the engine reads still has bad records in it, which it will pass over.</summary>
    public bool HasBad => _copy is null && BadCount > 0;

    public Flaw? Record(ReadOnlySpan<byte> record, CsvFields fields, long line)
    {
        if (_header)
        {
            _header = false;
            return null;
        }

        Records++;
        if (fields.Count != _places.Length)
            return new(-1, $"{_places.Length} columns are expected, {fields.Count} found");
        for (var i = 0; i < _places.Length; i++)
        {
            var place = _places[i];
            if (place.Column is null)
                continue;
            var value = fields[i, record];
            if (IsNull(value))
            {
                if (place.Column.Required)
                    return Undo(i, record, fields, new(i, "a value is required here"));
                NullCounts[i]++;
            }
            else if (!place.Form!.Reads(value))
                return Undo(i, record, fields, new(i, $"'{Names.Shorten(Encoding.UTF8.GetString(value[..Math.Min(value.Length, 200)]), 60)}' is not {place.Form.Name}", !fields.HasQuotes && place.Form.IsRefusedByTheEngine(value)));
        }

        return null;
    }

    public void Bad(long line, Flaw flaw, ReadOnlySpan<byte> raw, int length)
    {
        if (_header)
            throw ProblemException.Invalid("header_unreadable", $"The first line of '{name}' should name its columns, and cannot be read: {flaw.Why}.", "Look at the file: is it CSV, in this encoding?");
        BadCount++;
        bad.Add(name, line, flaw.Field < 0 ? null : layout.NameOf(flaw.Field), flaw.Why, raw);
        if (_copy is null && flaw.IsSure && _sure.Count < MostSure)
            _sure.Add((_passed, length));
        else if (_copy is null)
            BeginCopy();
        _passed += length;
    }

    public void Good(ReadOnlySpan<byte> bytes)
    {
        _passed += bytes.Length;
        _copy?.Write(bytes);
    }

    /// <summary>The records that the scan could not even hand on count, too.</summary>
    public void Finish(long records)
    {
        Records = records - (schema.Header ? 1 : 0);
        _copy?.Flush();
        _copy?.Dispose();
    }

    public void Dispose() => _copy?.Dispose();

    private bool IsNull(ReadOnlySpan<byte> value)
    {
        if (_onlyEmpty)
            return value.Length == 0;
        foreach (var word in _nulls)
            if (value.SequenceEqual(word))
                return true;
        return false;
    }

    /// <summary>A bad record's empty values are not in the table: they do not count.</summary>
    private Flaw Undo(int until, ReadOnlySpan<byte> record, CsvFields fields, Flaw flaw)
    {
        for (var i = 0; i < until; i++)
            if (layout.Places[i].Column is not null && IsNull(fields[i, record]))
                NullCounts[i]--;
        return flaw;
    }

    private void BeginCopy()
    {
        _copy = new(System.IO.Path.Combine(folder, $"{Names.NewId()}.csv"), FileMode.CreateNew, FileAccess.Write, FileShare.Read, 1 << 20);
        using var from = File.OpenRead(source);
        var buffer = new byte[1 << 20];
        foreach (var (at, length) in _sure.Append((_passed, 0)))
        {
            for (var left = at - from.Position; left > 0;)
            {
                var read = from.Read(buffer, 0, (int)Math.Min(left, buffer.Length));
                if (read == 0)
                    throw new EndOfStreamException();
                _copy.Write(buffer, 0, read);
                left -= read;
            }

            from.Position += length;
        }
    }
}

/// <summary>Which column stands where in a file.</summary>
/// <param name="Places">By position; a place without a column is not read.</param>
internal sealed record Layout(IReadOnlyList<Place> Places, IReadOnlyList<string> Header)
{
    public string NameOf(int field) => Places[field].Column?.Name ?? Header[field];
}

internal sealed record Place(FileColumn? Column, Form? Form);
