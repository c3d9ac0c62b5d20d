using System.Text.Json;

namespace Steward.Data.Documents;

/// <summary>A JSON object under a key, in one list of a collection.</summary>
/// <param name="List">The list it belongs to.</param>
/// <param name="Body">JSON text, an object.</param>
/// <param name="MadeBy">What made it: <c>recommender@4</c>, a person, a pipeline.</param>
/// <param name="Blob">Bytes that belong to it, such as a model's; kept in the blob store.</param>
public sealed record Document(string Collection, long List, string Key, string Body, string MadeBy, Digest? Blob, DateTimeOffset StoredAt, DateTimeOffset? ExpiresAt);

/// <param name="Body">JSON text, an object.</param>
/// <param name="Blob">Of the blob store.</param>
/// <param name="Ttl">How long it may be read; for ever when null.</param>
public sealed record NewDocument(string Key, string Body, Digest? Blob = null, TimeSpan? Ttl = null)
{
    private const int MostKey = 200, MostBody = 1 << 20;
    private static readonly TimeSpan LongestTtl = TimeSpan.FromDays(3660);

    /// <summary>A key is a row, never a path; what Cosmos DB cannot name is no key anywhere.</summary>
    public static string CheckKey(string? key) => key is { Length: > 0 and <= MostKey } && !key.Any(c => char.IsControl(c) || char.IsSurrogate(c) || c is '/' or '\\' or '?' or '#' or '%') && key.Trim() == key && key is not ("." or "..")
        ? key
        : throw ProblemException.Invalid("key_invalid", $"'{Names.Shorten(key)}' cannot be the key of a document: 1 to {MostKey} characters, none of them / \\ ? # %, an emoji or a control character, no blank at its ends.", "Use a number or a name, such as customer-42.");

    /// <summary>What is wrong with a time to live, or null.</summary>
    public static string? TtlComplaint(TimeSpan ttl) => ttl < TimeSpan.FromSeconds(1) || ttl > LongestTtl ? $"it is to live {Say.Span(ttl)}; 1 s to 10 years are possible." : null;

    /// <summary>Throws for what cannot be kept.</summary>
    public NewDocument Checked()
    {
        CheckKey(Key);
        if (Ttl is { } ttl && TtlComplaint(ttl) is { } wrong)
            throw ProblemException.Invalid("ttl_invalid", $"The document '{Key}': {wrong}", "Leave ttl away to keep it.");
        if (Body.Length > MostBody)
            throw new ProblemException(ProblemKind.TooLarge, "document_too_large", $"The document '{Key}' has {Body.Length:N0} characters; at most {MostBody:N0} are kept.", "Keep large bytes beside it: steward documents put COLLECTION KEY --bytes FILE");
        try
        {
            using var read = JsonDocument.Parse(Body, new JsonDocumentOptions { MaxDepth = 32 });
            if (read.RootElement.ValueKind is JsonValueKind.Object)
                return this;
        }
        catch (JsonException)
        {
            // said below
        }

        throw ProblemException.Invalid("document_invalid", $"The document '{Key}' is not a JSON object, or is nested deeper than 32.", "Send an object: {\"offers\": [ … ]}");
    }
}

/// <summary><c>Dropped</c>: nobody may name it any more, and its documents are being erased.</summary>
public enum ListState { Filling, Current, Former, Dropped }

/// <summary>One version of everything in a collection. Readers see the current one, whole; it is replaced at one stroke.</summary>
/// <param name="Number">1, 2, 3 … in its collection.</param>
/// <param name="Documents">How many it held when it became current; those that were put alone later are not counted.</param>
public sealed record DocumentList(string Collection, long Number, ListState State, string MadeBy, long Documents, DateTimeOffset BegunAt, string? SwappedBy, DateTimeOffset? SwappedAt, DateTimeOffset? FormerAt)
{
    /// <summary>A list that one that was begun later has overtaken.</summary>
    internal static DocumentList PassedOver(string collection, long number, DateTimeOffset now) => new(collection, number, ListState.Dropped, "", 0, now, null, null, null);
}

/// <param name="Current">The list that readers see.</param>
public sealed record DocumentCollection(string Name, DocumentList Current);
