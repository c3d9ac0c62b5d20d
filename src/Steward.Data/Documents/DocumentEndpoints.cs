using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Steward.Blobs;
using Steward.Identity;

namespace Steward.Data.Documents;

internal static class DocumentEndpoints
{
    private const int Most = 1000;
    private const long MostBytes = 4L << 30;
    private const string Octets = "application/octet-stream";

    public static void MapDocuments(this IEndpointRouteBuilder routes)
    {
        var documents = routes.MapGroup("/api/projects/{project}/documents").WithTags("Documents");
        documents.MapGet("/", async (string project, int? limit, IDocuments all, CancellationToken stop) => (await all.Collections(project, stop)).Take(Math.Clamp(limit ?? 100, 1, Most))).Needs(Permission.Read);
        documents.MapGet("/{collection}", async (string project, string collection, long? list, string? after, int? limit, IDocuments all, CancellationToken stop)
            => (await all.List(project, collection, after, Math.Clamp(limit ?? 100, 1, Most), list, stop)).Select(DocumentView.Of)).Needs(Permission.Read);
        documents.MapGet("/{collection}/lists", (string project, string collection, IDocuments all, CancellationToken stop) => all.Lists(project, collection, stop)).Needs(Permission.Read);
        documents.MapPost("/{collection}/lists", (string project, string collection, MadeBody body, IDocuments all, Who who, CancellationToken stop) => all.Begin(who, project, collection, body.MadeBy ?? who.Name, stop)).Needs(Permission.Edit);
        documents.MapPost("/{collection}/lists/{list}/documents", Add).Needs(Permission.Edit);
        documents.MapPost("/{collection}/lists/{list}/swap", (string project, string collection, long list, IDocuments all, Who who, CancellationToken stop) => all.Swap(who, project, collection, list, stop)).Needs(Permission.Edit);
        documents.MapDelete("/{collection}/lists/{list}", async (string project, string collection, long list, IDocuments all, Who who, CancellationToken stop) =>
        {
            await all.Drop(who, project, collection, list, stop);
            return new { dropped = list };
        }).Needs(Permission.Edit);
        documents.MapPost("/{collection}/find", async (string project, string collection, KeysBody body, IDocuments all, CancellationToken stop)
            => (await all.Get(project, collection, body.Keys ?? [], stop)).Select(DocumentView.Of)).Needs(Permission.Read);
        documents.MapGet("/{collection}/{key}", async (string project, string collection, string key, long? list, IDocuments all, CancellationToken stop) => DocumentView.Of(await Found(all, project, collection, key, list, stop))).Needs(Permission.Read);
        documents.MapPut("/{collection}/{key}", Put).Needs(Permission.Edit);
        documents.MapDelete("/{collection}/{key}", async (string project, string collection, string key, IDocuments all, Who who, CancellationToken stop)
            => await all.Delete(who, project, collection, key, stop) ? new { deleted = key } : throw Missing(collection, key)).Needs(Permission.Edit);
        documents.MapGet("/{collection}/{key}/bytes", Bytes).Needs(Permission.Read);
        documents.MapPut("/{collection}/{key}/bytes", PutBytes).Accepts<Stream>(Octets, "*/*").WithMetadata(new RequestSizeLimitAttribute(MostBytes)).Needs(Permission.Edit);
    }

    public static async Task<Document> Found(IDocuments all, string project, string collection, string key, long? list, CancellationToken stop)
        => await all.Get(project, collection, key, list, stop) ?? throw Missing(collection, key);

    private static ProblemException Missing(string collection, string key) => ProblemException.NotFound("document", Names.Shorten($"{collection}/{key}"), $"steward documents list {Names.Shorten(collection)} shows what there is.");

    private static async Task<DocumentView> Put(string project, string collection, string key, PutBody body, IDocuments all, Who who, CancellationToken stop)
        => DocumentView.Of(await all.Put(who, project, collection, Of(key, body.Body, body.TtlSeconds), body.MadeBy ?? who.Name, stop));

    private static async Task<object> Add(string project, string collection, long list, IReadOnlyList<OneBody> body, IDocuments all, Who who, CancellationToken stop)
    {
        await all.Add(who, project, collection, list, [.. body.Select(one => Of(one.Key, one.Body, one.TtlSeconds))], stop);
        return new { added = body.Count };
    }

    private static NewDocument Of(string? key, JsonElement body, double? seconds) => new(NewDocument.CheckKey(key), body.ValueKind is JsonValueKind.Undefined ? "" : body.GetRawText(), null, seconds switch
    {
        null => null,
        > 0 and < 1e9 => TimeSpan.FromSeconds(seconds.Value),
        _ => throw ProblemException.Invalid("ttl_invalid", $"'ttlSeconds' is {seconds}; 1 s to 10 years are possible.", "Leave it away to keep the document."),
    });

    /// <summary>The bytes are kept by their digest; the document names them, and keeps what it said.</summary>
    private static async Task<DocumentView> PutBytes(string project, string collection, string key, string? madeBy, HttpRequest request, IDocuments all, IBlobs blobs, Who who, CancellationToken stop)
    {
        NewDocument.CheckKey(key);
        var before = await all.Get(project, collection, key, stop: stop);
        var blob = await blobs.Put(request.Body, MostBytes, stop);
        return DocumentView.Of(await all.Put(who, project, collection, new(key, before?.Body ?? "{}", blob.Digest), madeBy ?? before?.MadeBy ?? who.Name, stop));
    }

    private static async Task Bytes(string project, string collection, string key, long? list, IDocuments all, IBlobs blobs, HttpContext context, CancellationToken stop)
    {
        var document = await Found(all, project, collection, key, list, stop);
        if (document.Blob is not { } digest || await blobs.Open(digest, stop) is not { } bytes)
            throw ProblemException.NotFound("blob", $"of {Names.Shorten(collection)}/{Names.Shorten(key)}", "The document has no bytes beside it.");
        await using var open = bytes;
        var reply = context.Response;
        (reply.ContentType, reply.ContentLength) = (Octets, await blobs.Size(digest, stop));
        reply.Headers.ContentDisposition = "attachment";
        reply.Headers.ETag = $"\"{digest.Hex}\"";
        await open.CopyToAsync(reply.Body, stop);
    }

    internal sealed record MadeBody(string? MadeBy);

    internal sealed record KeysBody(IReadOnlyList<string>? Keys);

    internal sealed record PutBody(JsonElement Body, string? MadeBy, double? TtlSeconds);

    internal sealed record OneBody(string? Key, JsonElement Body, double? TtlSeconds);
}

/// <summary>A document as programs read it: its body is JSON, not text.</summary>
public sealed record DocumentView(string Collection, long List, string Key, JsonElement Body, string MadeBy, Digest? Blob, DateTimeOffset StoredAt, DateTimeOffset? ExpiresAt)
{
    public static DocumentView Of(Document one) => new(one.Collection, one.List, one.Key, Json.Read<JsonElement>(one.Body), one.MadeBy, one.Blob, one.StoredAt, one.ExpiresAt);
}
