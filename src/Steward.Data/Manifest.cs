using System.Buffers;
using System.Text.Json;

namespace Steward.Data;

/// <summary>
/// How a snapshot's items are written: JSON lines in ordinal order of the keys, fixed property order, LF. The same items
/// give the same bytes on every machine, so the digest of the manifest names its content.
/// </summary>
internal static class Manifest
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ReadOnlyMemory<byte> Write(IEnumerable<Item> sorted)
    {
        var bytes = new ArrayBufferWriter<byte>(64 << 10);
        using var line = new Utf8JsonWriter(bytes, Plain);
        foreach (var item in sorted)
        {
            line.WriteStartObject();
            line.WriteString("key", item.Key);
            line.WriteString("blob", item.Blob.Hex);
            line.WriteString("label", item.Label);
            line.WriteString("split", item.Split.Word());
            line.WriteString("source", item.Source);
            line.WriteEndObject();
            line.Flush();
            line.Reset();
            bytes.Write("\n"u8);
        }

        return bytes.WrittenMemory;
    }

    public static List<Item> Read(ReadOnlySpan<byte> bytes)
    {
        var items = new List<Item>();
        foreach (var range in bytes.Split((byte)'\n'))
        {
            var line = bytes[range];
            if (line.Length > 0)
                items.Add(ReadLine(line));
        }

        return items;
    }

    private static Item ReadLine(ReadOnlySpan<byte> line)
    {
        var written = JsonSerializer.Deserialize<Line>(line, Json.Options) ?? throw new JsonException("A manifest line is null.");
        return new(written.Key, Digest.Parse(written.Blob), written.Label, written.Split, written.Source);
    }

    private sealed record Line(string Key, string Blob, string Label, Split Split, string Source);
}
