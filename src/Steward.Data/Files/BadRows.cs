using System.Text;
using System.Text.Json;

namespace Steward.Data.Files;

/// <summary>Rows set aside, written away as they come: however many there are, they take no memory.</summary>
internal sealed class BadRows : IDisposable
{
    public const int LongestRaw = 1000;
    private const int First = 20;
    private readonly Utf8JsonWriter _json;
    private readonly FileStream _file;

    public BadRows(string folder)
    {
        Path = System.IO.Path.Combine(folder, "bad.jsonl");
        _file = new(Path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, 1 << 16);
        _json = new(_file, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    public string Path { get; }

    public long Count { get; private set; }

    public List<BadRow> FirstOnes { get; } = [];

    public void Add(string file, long line, string? column, string reason, ReadOnlySpan<byte> raw) => Add(new(file, line, column, reason, Readable(raw)));

    public void Add(BadRow row)
    {
        Count++;
        if (FirstOnes.Count < First)
            FirstOnes.Add(row);
        _json.WriteStartObject();
        _json.WriteString("file", row.File);
        _json.WriteNumber("line", row.Line);
        if (row.Column is not null)
            _json.WriteString("column_name", row.Column);
        _json.WriteString("reason", row.Reason);
        _json.WriteString("raw", row.Raw);
        _json.WriteEndObject();
        _json.Flush();
        _file.WriteByte((byte)'\n');
        _json.Reset();
    }

    public void Close() => Dispose();

    public void Dispose()
    {
        _json.Dispose();
        _file.Dispose();
    }

    /// <summary>Cut short, with signs in place of what cannot be shown.</summary>
    public static string Readable(ReadOnlySpan<byte> raw)
    {
        var text = Encoding.UTF8.GetString(raw[..Math.Min(raw.Length, LongestRaw * 4)]).Replace('\0', '\u2400');
        return text.Length > LongestRaw ? text[..LongestRaw] + "…" : text;
    }
}
