using System.Text.Json;
using Steward.Storage;

namespace Steward.Audit;

/// <summary>One deed on the record.</summary>
/// <param name="Number">1, 2, 3 … without gaps.</param>
/// <param name="ById">Id of who did it; <paramref name="ByName"/> is the name people knew then.</param>
/// <param name="Detail">JSON text as it was hashed, or null.</param>
/// <param name="Previous">Hash of the entry before; 64 zeros for the first.</param>
/// <param name="Hash">See <see cref="HashOf"/>.</param>
public sealed record AuditEntry(
    long Number, DateTimeOffset At, string ById, string ByName, string Action, string? Project, string Subject, string? Detail, string Previous, string Hash)
{
    private static readonly JsonSerializerOptions Canonical = new(JsonSerializerDefaults.Web);

    /// <summary>
    /// SHA-256 (64 hex digits) over the previous hash, a line feed, and the body as one line of JSON with its members
    /// in the order number, at (microseconds since 1970), byId, byName, action, project, subject, detail.
    /// </summary>
    public string HashOf() => Digest.Of(Previous + "\n" + JsonSerializer.Serialize(
        new { Number, At = At.ToMicroseconds(), ById, ByName, Action, Project, Subject, Detail }, Canonical)).Hex;
}

/// <summary>The end of the chain: how many entries it has and the hash of the last.</summary>
public sealed record AuditHead(long Number, string Hash);
