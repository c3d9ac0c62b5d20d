using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Steward.Data.Connections;
using Steward.Outside;
using Steward.Storage;

namespace Steward.Data.Documents;

/// <summary>
/// Documents in a container of Cosmos DB whose partition key is <c>/pk</c>, over its REST face. A list is a partition; one
/// item of each collection points to the current one and is changed only by those who saw it as it is (If-Match). Reading a
/// document takes two reads: the pointer, then the document; a list that readers may still be in stays for a while.
/// </summary>
internal sealed class CosmosDocuments : IDocumentStore
{
    private const int MostRaces = 20, AtOnce = 8;
    private readonly HttpClient _http;
    private readonly string _container;
    private readonly byte[] _key;
    private readonly DocumentKeeping _keeping;
    private readonly TimeProvider _clock;

    public CosmosDocuments(ConnectionPlan plan, string key, Reach reach, DocumentKeeping keeping, TimeProvider clock)
    {
        _http = new(reach.Handler()) { BaseAddress = new(plan.Url!.TrimEnd('/') + "/"), Timeout = plan.Timeout };
        _container = $"dbs/{Uri.EscapeDataString(plan.Database!)}/colls/{Uri.EscapeDataString(plan.Container!)}";
        (_keeping, _clock) = (keeping, clock);
        _key = new byte[key.Length];
        _key = Convert.TryFromBase64String(key, _key, out var length) ? _key[..length] : throw ProblemException.Invalid("secret_invalid", "The account key of the connection is not a key of Cosmos DB.", "Copy the primary key of the account into the variable, without quotes.");
    }

    public async Task<Document?> Get(string project, string collection, string key, long? list, CancellationToken stop)
    {
        for (var tries = 0; ; tries++)
        {
            var number = list ?? (await Pointer(project, collection, stop))?.Current ?? 0;
            if (number == 0)
                return null;
            if (await Item<Stored>(PartitionOf(project, collection, number), IdOf(project, collection, number, key), stop) is { } found)
                return Of(collection, number, found);
            // The pointer may have moved, and its list gone, between the two reads.
            if (list is not null || tries == MostRaces || (await Pointer(project, collection, stop))?.Current == number)
                return null;
        }
    }

    public async Task<IReadOnlyList<Document>> Get(string project, string collection, IReadOnlyList<string> keys, CancellationToken stop)
    {
        if (await Pointer(project, collection, stop) is not { Current: > 0 } pointer)
            return [];
        var found = await Task.WhenAll(keys.Distinct().Select(key => Item<Stored>(PartitionOf(project, collection, pointer.Current), IdOf(project, collection, pointer.Current, key), stop)));
        return [.. found.Where(one => one is not null).Select(one => Of(collection, pointer.Current, one!)).OfType<Document>()];
    }

    public async Task<IReadOnlyList<Document>> List(string project, string collection, string? after, int most, long? list, CancellationToken stop)
    {
        if (await Pointer(project, collection, stop) is not { Current: > 0 } pointer)
            return [];
        var number = list ?? pointer.Current;
        var pk = PartitionOf(project, collection, number);
        var found = await Query<Stored>(pk, $"SELECT TOP {most.ToString(CultureInfo.InvariantCulture)} * FROM c WHERE c.pk = @pk AND c.key > @after AND (NOT IS_DEFINED(c.expiresAt) OR c.expiresAt > @now) ORDER BY c.key",
            new() { ["@pk"] = pk, ["@after"] = after ?? "", ["@now"] = _clock.GetUtcNow().ToMicroseconds() }, stop);
        return [.. found.Select(one => Of(collection, number, one)).OfType<Document>()];
    }

    public async Task<IReadOnlyList<DocumentCollection>> Collections(string project, CancellationToken stop)
    {
        var found = await Query<Pointing>(project, "SELECT * FROM c WHERE c.pk = @pk", new() { ["@pk"] = project }, stop);
        return [.. found.Where(one => one.Current > 0).OrderBy(one => one.Collection, StringComparer.Ordinal).Select(one => new DocumentCollection(one.Collection, one.Lists.Single(list => list.Number == one.Current)))];
    }

    public async Task<IReadOnlyList<DocumentList>> Lists(string project, string collection, CancellationToken stop)
        => [.. ((await Pointer(project, collection, stop))?.Lists ?? []).OrderByDescending(list => list.Number)];

    public async Task<Document> Put(string project, string collection, NewDocument document, string madeBy, Func<Tx?, Task> also, CancellationToken stop)
    {
        var pointer = await Pointer(project, collection, stop);
        if (pointer is not { Current: > 0 })
        {
            var first = await Begin(project, collection, madeBy, stop);
            await Swap(project, collection, first.Number, madeBy, (_, _) => Task.CompletedTask, onward: false, stop);
            pointer = await Pointer(project, collection, stop);
        }

        await Keep(project, collection, pointer!.Current, document, madeBy, stop);
        await also(null);
        return (await Get(project, collection, document.Key, pointer.Current, stop))!;
    }

    public async Task<bool> Delete(string project, string collection, string key, Func<Tx?, Task> also, CancellationToken stop)
    {
        if (await Pointer(project, collection, stop) is not { Current: > 0 } pointer || !await Remove(PartitionOf(project, collection, pointer.Current), IdOf(project, collection, pointer.Current, key), stop))
            return false;
        await also(null);
        return true;
    }

    public async Task<DocumentList> Begin(string project, string collection, string madeBy, CancellationToken stop)
    {
        var pointer = await Change(project, collection, before => before with
        {
            Newest = before.Newest + 1,
            Lists = [.. before.Lists, new(collection, before.Newest + 1, ListState.Filling, madeBy, 0, _clock.Now(), null, null, null)],
        }, stop);
        return pointer.Lists[^1];
    }

    public async Task Add(string project, string collection, long list, IReadOnlyList<NewDocument> documents, CancellationToken stop)
    {
        var into = await Find(project, collection, list, stop);
        if (into.State is not ListState.Filling)
            throw DocumentProblems.Closed(collection, list);
        await Parallel.ForEachAsync(documents.Reverse().DistinctBy(one => one.Key), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stop },
            async (one, more) => await Keep(project, collection, list, one, into.MadeBy, more));
    }

    public async Task<DocumentList> Swap(string project, string collection, long list, string by, Func<Tx?, DocumentList, Task> also, bool onward, CancellationToken stop)
    {
        var pk = PartitionOf(project, collection, list);
        var count = (await Query<long>(pk, "SELECT VALUE COUNT(1) FROM c WHERE c.pk = @pk", new() { ["@pk"] = pk }, stop)).Sum();
        var now = _clock.Now();
        var after = await Change(project, collection, before => onward && before.Current > list
            ? before with { Lists = [.. before.Lists.Where(one => one.Number != list || one.State is not ListState.Filling)] }
            : before.Lists.All(one => one.Number != list) ? throw DocumentProblems.NoList(collection, list) : onward && before.Current == list ? before : before with
        {
            Current = list,
            Lists = [.. before.Lists.Select(one => one.Number == list ? one with { State = ListState.Current, SwappedBy = by, SwappedAt = now, Documents = count, FormerAt = null } : one.State is ListState.Current ? one with { State = ListState.Former, FormerAt = now } : one)],
        }, stop);
        if (onward && after.Current > list)
        {
            if (after.Lists.All(one => one.Number != list))
                await Erase(project, collection, list, stop);
            return DocumentList.PassedOver(collection, list, now);
        }

        var swapped = after.Lists.Single(one => one.Number == list);
        await also(null, swapped);
        return swapped;
    }

    public async Task Drop(string project, string collection, long list, CancellationToken stop)
    {
        await Find(project, collection, list, stop);
        await Change(project, collection, before => before.Current == list ? throw DocumentProblems.IsCurrent(collection, list) : before with { Lists = [.. before.Lists.Where(one => one.Number != list)] }, stop);
        await Erase(project, collection, list, stop);
    }

    /// <summary>Single documents go by the container's own time to live.</summary>
    public async Task Sweep(CancellationToken stop)
    {
        var now = _clock.GetUtcNow();
        foreach (var one in await Query<Pointing>(null, "SELECT * FROM c WHERE IS_DEFINED(c.lists)", [], stop))
        {
            var newest = one.Lists.Where(list => list.State is ListState.Former).OrderByDescending(list => list.FormerAt).ThenByDescending(list => list.Number).FirstOrDefault();
            foreach (var list in one.Lists.Where(list => (list.State is ListState.Filling && list.BegunAt < now - _keeping.Forgotten) || (list.State is ListState.Former && list.FormerAt < now - _keeping.Former && list != newest)))
                await Drop(one.Pk, one.Collection, list.Number, stop);
        }
    }

    /// <summary>Whether the container answers; for tests of the connection.</summary>
    public async Task Look(CancellationToken stop)
    {
        using var reply = await Send(HttpMethod.Get, "colls", _container, _container, null, null, null, stop);
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    private static string PartitionOf(string project, string collection, long list) => $"{project}.{collection}.{list.ToString(CultureInfo.InvariantCulture)}";

    private static string IdOf(string project, string collection, long list, string key) => $"{PartitionOf(project, collection, list)}.{key}";

    private Document? Of(string collection, long list, Stored one) => one.ExpiresAt is { } over && over <= _clock.GetUtcNow().ToMicroseconds()
        ? null
        : new(collection, list, one.Key, one.Body.ToJsonString(Json.Options), one.MadeBy, one.Blob is null ? null : Digest.Parse(one.Blob), Times.FromMicroseconds(one.StoredAt), one.ExpiresAt is { } end ? Times.FromMicroseconds(end) : null);

    private async Task<DocumentList> Find(string project, string collection, long list, CancellationToken stop)
        => (await Pointer(project, collection, stop))?.Lists.FirstOrDefault(one => one.Number == list) ?? throw DocumentProblems.NoList(collection, list);

    private Task<Pointing?> Pointer(string project, string collection, CancellationToken stop) => Item<Pointing>(project, $"{project}.{collection}", stop);

    /// <summary>Changes a pointer as it was seen; somebody who was faster is seen the next time.</summary>
    private async Task<Pointing> Change(string project, string collection, Func<Pointing, Pointing> change, CancellationToken stop)
    {
        for (var tries = 1; ; tries++)
        {
            var before = await Pointer(project, collection, stop);
            var after = change(before ?? new($"{project}.{collection}", project, collection, 0, 0, [], null));
            try
            {
                using var reply = before is null
                    ? await Send(HttpMethod.Post, "docs", _container, $"{_container}/docs", project, after with { ETag = null }, null, stop)
                    : await Send(HttpMethod.Put, "docs", $"{_container}/docs/{after.Id}", $"{_container}/docs/{Uri.EscapeDataString(after.Id)}", project, after with { ETag = null }, request => request.Headers.TryAddWithoutValidation("If-Match", before.ETag), stop);
                return after;
            }
            catch (ProblemException raced) when (raced.Code is "cosmos_raced" && tries < MostRaces)
            {
            }
        }
    }

    private async Task Keep(string project, string collection, long list, NewDocument one, string madeBy, CancellationToken stop)
    {
        var now = _clock.GetUtcNow();
        var pk = PartitionOf(project, collection, list);
        var stored = new Stored(IdOf(project, collection, list, one.Key), pk, one.Key, JsonNode.Parse(one.Body)!, madeBy, one.Blob?.Hex, now.ToMicroseconds(), (now + one.Ttl)?.ToMicroseconds(), one.Ttl is { } ttl ? (long)Math.Ceiling(ttl.TotalSeconds) : null);
        using var reply = await Send(HttpMethod.Post, "docs", _container, $"{_container}/docs", pk, stored, request => request.Headers.Add("x-ms-documentdb-is-upsert", "True"), stop);
    }

    private async Task<T?> Item<T>(string pk, string id, CancellationToken stop) where T : class
    {
        // The header is for queries and means nothing here; servers that stand in for Cosmos DB fail without it where there is no such item.
        using var reply = await Send(HttpMethod.Get, "docs", $"{_container}/docs/{id}", $"{_container}/docs/{Uri.EscapeDataString(id)}", pk, null, request => request.Headers.Add("x-ms-documentdb-query-enablecrosspartition", "True"), stop);
        return reply.StatusCode is HttpStatusCode.NotFound ? null : Json.Read<T>(await reply.Content.ReadAsStringAsync(stop));
    }

    private async Task<bool> Remove(string pk, string id, CancellationToken stop)
    {
        using var reply = await Send(HttpMethod.Delete, "docs", $"{_container}/docs/{id}", $"{_container}/docs/{Uri.EscapeDataString(id)}", pk, null, null, stop);
        return reply.StatusCode is not HttpStatusCode.NotFound;
    }

    private async Task Erase(string project, string collection, long list, CancellationToken stop)
    {
        var pk = PartitionOf(project, collection, list);
        var ids = await Query<string>(pk, "SELECT VALUE c.id FROM c WHERE c.pk = @pk", new() { ["@pk"] = pk }, stop);
        await Parallel.ForEachAsync(ids, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stop }, async (id, more) => await Remove(pk, id, more));
    }

    private async Task<List<T>> Query<T>(string? pk, string sql, Dictionary<string, object> values, CancellationToken stop)
    {
        var (found, more) = (new List<T>(), (string?)null);
        do
        {
            using var reply = await Send(HttpMethod.Post, "docs", _container, $"{_container}/docs", pk, new { query = sql, parameters = values.Select(pair => new { name = pair.Key, value = pair.Value }) }, request =>
            {
                request.Headers.Add("x-ms-documentdb-isquery", "True");
                request.Content!.Headers.ContentType = new MediaTypeHeaderValue("application/query+json");
                if (pk is null)
                    request.Headers.Add("x-ms-documentdb-query-enablecrosspartition", "True");
                if (more is not null)
                    request.Headers.TryAddWithoutValidation("x-ms-continuation", more);
            }, stop);
            found.AddRange(Json.Read<Page<T>>(await reply.Content.ReadAsStringAsync(stop)).Documents);
            more = reply.Headers.TryGetValues("x-ms-continuation", out var next) ? next.FirstOrDefault() : null;
        }
        while (!string.IsNullOrEmpty(more));

        return found;
    }

    private async Task<HttpResponseMessage> Send(HttpMethod verb, string kind, string link, string path, string? pk, object? body, Action<HttpRequestMessage>? dress, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(verb, path);
        var date = _clock.GetUtcNow().ToString("R", CultureInfo.InvariantCulture);
        request.Headers.Add("x-ms-date", date);
        request.Headers.Add("x-ms-version", "2018-12-31");
        request.Headers.TryAddWithoutValidation("Authorization", CosmosSignature.Of(_key, verb.Method, kind, Uri.UnescapeDataString(link), date));
        if (pk is not null)
            request.Headers.TryAddWithoutValidation("x-ms-documentdb-partitionkey", JsonSerializer.Serialize(new[] { pk }));
        if (body is not null)
            request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, Json.Options)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        dress?.Invoke(request);
        var reply = await _http.SendAsync(request, stop);
        if (reply.IsSuccessStatusCode || (reply.StatusCode is HttpStatusCode.NotFound && verb != HttpMethod.Post && kind == "docs"))
            return reply;
        using (reply)
            throw (int)reply.StatusCode switch
            {
                409 or 412 => ProblemException.Conflict("cosmos_raced", "Somebody else changed the collection at the same time.", "Try again."),
                401 or 403 => new ProblemException(ProblemKind.Denied, "connection_denied", "Cosmos DB refused the key of the connection.", "Check the variable that account_key names, and the clock of this server."),
                404 => ProblemException.NotFound("container", _container, "Make the database and the container, with the partition key /pk."),
                429 => new ProblemException(ProblemKind.Unavailable, "connection_failed", "Cosmos DB asks for fewer requests.", "Try again in a moment, or give the container more throughput."),
                var status => new ProblemException(ProblemKind.Unavailable, "connection_failed", $"Cosmos DB answered {status}.", "Try again later."),
            };
    }

    private sealed record Pointing(string Id, string Pk, string Collection, long Current, long Newest, IReadOnlyList<DocumentList> Lists, [property: System.Text.Json.Serialization.JsonPropertyName("_etag")] string? ETag);

    private sealed record Stored(string Id, string Pk, string Key, JsonNode Body, string MadeBy, string? Blob, long StoredAt, long? ExpiresAt, long? Ttl);

    private sealed record Page<T>(IReadOnlyList<T> Documents);
}
