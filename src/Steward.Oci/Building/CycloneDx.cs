using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Steward.Oci;

/// <summary>
/// A bill of materials as CycloneDX 1.6 JSON. It holds no time and its serial number follows from its content, so the same image
/// has the same bill.
/// </summary>
public sealed record CycloneDx(BillItem About, IReadOnlyList<BillItem> Items)
{
    public byte[] Bytes()
    {
        var sorted = Items.DistinctBy(item => item.Reference).OrderBy(item => item.Reference, StringComparer.Ordinal).ToList();
        var serial = SHA256.HashData(Write(sorted, "urn:uuid:00000000-0000-0000-0000-000000000000"));
        // RFC 9562 version 8: sixteen bytes of our own choice.
        (serial[6], serial[8]) = ((byte)((serial[6] & 0x0F) | 0x80), (byte)((serial[8] & 0x3F) | 0x80));
        return Write(sorted, $"urn:uuid:{new Guid(serial.AsSpan(0, 16), bigEndian: true)}");
    }

    private byte[] Write(List<BillItem> sorted, string serial)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("$schema", "http://cyclonedx.org/schema/bom-1.6.schema.json");
            json.WriteString("bomFormat", "CycloneDX");
            json.WriteString("specVersion", "1.6");
            json.WriteString("serialNumber", serial);
            json.WriteNumber("version", 1);
            json.WriteStartObject("metadata");
            json.WritePropertyName("component");
            Write(json, About);
            json.WriteEndObject();
            json.WriteStartArray("components");
            foreach (var item in sorted)
                Write(json, item);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }

    private static void Write(Utf8JsonWriter json, BillItem item)
    {
        json.WriteStartObject();
        json.WriteString("type", item.Type);
        json.WriteString("bom-ref", item.Reference);
        json.WriteString("name", item.Name);
        if (item.Version is not null)
            json.WriteString("version", item.Version);
        if (item.Description is not null)
            json.WriteString("description", item.Description);
        if (item.Sha256 is not null)
        {
            json.WriteStartArray("hashes");
            json.WriteStartObject();
            json.WriteString("alg", "SHA-256");
            json.WriteString("content", item.Sha256);
            json.WriteEndObject();
            json.WriteEndArray();
        }

        if (item.License is not null)
        {
            json.WriteStartArray("licenses");
            json.WriteStartObject();
            // An expression may be one identifier; a name is what is no SPDX identifier at all.
            if (item.License.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '+' or ' ' or '(' or ')'))
                json.WriteString("expression", item.License);
            else
            {
                json.WriteStartObject("license");
                json.WriteString("name", item.License);
                json.WriteEndObject();
            }

            json.WriteEndObject();
            json.WriteEndArray();
        }

        if (item.Purl is not null)
            json.WriteString("purl", item.Purl);
        if (item.Facts.Count > 0)
        {
            json.WriteStartArray("properties");
            foreach (var (name, value) in item.Facts.OrderBy(fact => fact.Key, StringComparer.Ordinal))
            {
                json.WriteStartObject();
                json.WriteString("name", name);
                json.WriteString("value", value);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}

/// <param name="Type">CycloneDX's word: <c>library</c>, <c>container</c>, <c>machine-learning-model</c>, <c>framework</c>, <c>operating-system</c>.</param>
public sealed record BillItem(string Type, string Name, string? Version)
{
    public string? Description { get; init; }
    public string? Sha256 { get; init; }

    /// <summary>An SPDX expression, or a licence's name.</summary>
    public string? License { get; init; }
    public string? Purl { get; init; }
    public IReadOnlyDictionary<string, string> Facts { get; init; } = new Dictionary<string, string>();

    public string Reference => Purl ?? $"{Type}:{Name}{(Version is null ? "" : "@" + Version)}";

    public static string PurlOf(string kind, string name, string version) => $"pkg:{kind}/{string.Join('/', name.Split('/').Select(Uri.EscapeDataString))}@{Uri.EscapeDataString(version)}";
}
