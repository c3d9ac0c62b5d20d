using Dapper;
using Steward.Storage;

namespace Steward.Data.Documents;

/// <summary>Documents in SQL: the server's own records on either engine, or another PostgreSQL database.</summary>
/// <param name="own">These are the server's records: what belongs to a deed is written with it.</param>
internal sealed class SqlDocuments(Db db, bool own, DocumentKeeping keeping, TimeProvider clock) : IDocumentStore
{
    private const int RowsAtOnce = 100;
    private const string Columns = "d.collection, d.list, d.key, d.body, d.made_by, d.blob, d.stored_at, d.expires_at";
    private const string ListColumns = "l.collection, l.number, l.state, l.made_by, l.documents, l.begun_at, l.swapped_by, l.swapped_at, l.former_at";

    /// <summary>Makes the tables in another database; the server's own come by its migrations.</summary>
    public static async Task<SqlDocuments> Elsewhere(Db db, DocumentKeeping keeping, TimeProvider clock, CancellationToken stop)
    {
        using var text = new StreamReader(typeof(SqlDocuments).Assembly.GetManifestResourceStream("Steward.Data.Migrations.V20_210__documents.sql")!);
        var sql = await text.ReadToEndAsync(stop);
        await db.Run(sql, stop: stop);
        return new(db, own: false, keeping, clock);
    }

    /// <summary>One statement: which list is current and what it holds are looked at together.</summary>
    public Task<Document?> Get(string project, string collection, string key, long? list, CancellationToken stop) => list is { } number
        ? db.One<Document>($"""
            SELECT {Columns}
              FROM document d
             WHERE d.project = @project AND d.collection = @collection AND d.list = @number AND d.key = @key AND (d.expires_at IS NULL OR d.expires_at > @now)
            """, new { project, collection, number, key, now = clock.GetUtcNow() }, stop)
        : db.One<Document>($"""
            SELECT {Columns}
              FROM document_collection c
              JOIN document d ON d.project = c.project AND d.collection = c.name AND d.list = c.list
             WHERE c.project = @project AND c.name = @collection AND d.key = @key AND (d.expires_at IS NULL OR d.expires_at > @now)
            """, new { project, collection, key, now = clock.GetUtcNow() }, stop);

    public async Task<IReadOnlyList<Document>> Get(string project, string collection, IReadOnlyList<string> keys, CancellationToken stop) => await db.All<Document>($"""
        SELECT {Columns}
          FROM document_collection c
          JOIN document d ON d.project = c.project AND d.collection = c.name AND d.list = c.list
         WHERE c.project = @project AND c.name = @collection AND d.key IN @keys AND (d.expires_at IS NULL OR d.expires_at > @now)
        """, new { project, collection, keys, now = clock.GetUtcNow() }, stop);

    public async Task<IReadOnlyList<Document>> List(string project, string collection, string? after, int most, long? list, CancellationToken stop) => await db.All<Document>($"""
        SELECT {Columns}
          FROM document_collection c
          JOIN document d ON d.project = c.project AND d.collection = c.name AND d.list = coalesce(@list, c.list)
         WHERE c.project = @project AND c.name = @collection AND d.key > @after AND (d.expires_at IS NULL OR d.expires_at > @now)
         ORDER BY d.key
         LIMIT @most
        """, new { project, collection, after = after ?? "", most, list, now = clock.GetUtcNow() }, stop);

    public async Task<IReadOnlyList<DocumentCollection>> Collections(string project, CancellationToken stop) => [.. (await db.All<DocumentList>($"""
        SELECT {ListColumns}
          FROM document_collection c
          JOIN document_list l ON l.project = c.project AND l.collection = c.name AND l.number = c.list
         WHERE c.project = @project
         ORDER BY c.name
        """, new { project }, stop)).Select(one => new DocumentCollection(one.Collection, one))];

    public async Task<IReadOnlyList<DocumentList>> Lists(string project, string collection, CancellationToken stop) => await db.All<DocumentList>($"""
        SELECT {ListColumns}
          FROM document_list l
         WHERE l.project = @project AND l.collection = @collection AND l.state <> 'dropped'
         ORDER BY l.number DESC
         LIMIT 1000
        """, new { project, collection }, stop);

    public async Task<Document> Put(string project, string collection, NewDocument document, string madeBy, Func<Tx?, Task> also, CancellationToken stop)
    {
        var put = await db.Write(async tx =>
        {
            var current = await Current(tx, project, collection);
            if (current is null or 0)
            {
                current = await Begin(tx, project, collection, madeBy);
                await Swap(tx, project, collection, current.Value, madeBy);
            }

            var stored = Of(collection, current.Value, document, madeBy);
            await Keep(tx, project, [stored]);
            if (own)
                await also(tx);
            return stored;
        }, stop);
        if (!own)
            await also(null);
        return put;
    }

    public async Task<bool> Delete(string project, string collection, string key, Func<Tx?, Task> also, CancellationToken stop)
    {
        var deleted = await db.Write(async tx =>
        {
            var current = await Current(tx, project, collection);
            var gone = await tx.Run("DELETE FROM document WHERE project = @project AND collection = @collection AND list = @current AND key = @key", new { project, collection, current, key }) > 0;
            if (gone && own)
                await also(tx);
            return gone;
        }, stop);
        if (deleted && !own)
            await also(null);
        return deleted;
    }

    public async Task<DocumentList> Begin(string project, string collection, string madeBy, CancellationToken stop) => await db.Write(async tx =>
    {
        var number = await Begin(tx, project, collection, madeBy);
        return (await One(tx, project, collection, number))!;
    }, stop);

    public Task Add(string project, string collection, long list, IReadOnlyList<NewDocument> documents, CancellationToken stop) => db.Write(async tx =>
    {
        var into = await tx.One<DocumentList>($"SELECT {ListColumns} FROM document_list l WHERE l.project = @project AND l.collection = @collection AND l.number = @list {tx.Dialect.ForUpdate}", new { project, collection, list })
            ?? throw DocumentProblems.NoList(collection, list);
        if (into.State is not ListState.Filling)
            throw DocumentProblems.Closed(collection, list);
        // The last of a key counts: one statement may not write a row twice.
        foreach (var some in documents.Reverse().DistinctBy(one => one.Key).Select(one => Of(collection, list, one, into.MadeBy)).Chunk(RowsAtOnce))
            await Keep(tx, project, some);
    }, stop);

    public async Task<DocumentList> Swap(string project, string collection, long list, string by, Func<Tx?, DocumentList, Task> also, bool onward, CancellationToken stop)
    {
        var swapped = await db.Write(async tx =>
        {
            var now = await Swap(tx, project, collection, list, by, onward);
            if (own)
                await also(tx, now);
            return now;
        }, stop);
        if (!own)
            await also(null, swapped);
        return swapped;
    }

    public async Task<DocumentList> Swap(Tx tx, string project, string collection, long list, string by, bool onward = false)
    {
        var now = clock.GetUtcNow();
        var current = await Current(tx, project, collection);
        if (onward && current > list)
        {
            // Nobody will ever see it: it ends here, and the next sweep erases what it holds.
            await tx.Run("UPDATE document_list SET state = 'dropped' WHERE project = @project AND collection = @collection AND number = @list AND state = 'filling'", new { project, collection, list });
            return DocumentList.PassedOver(collection, list, now);
        }

        if (await One(tx, project, collection, list) is not { } wanted)
            throw DocumentProblems.NoList(collection, list);
        if (wanted.State is ListState.Current)
            return wanted;
        await tx.Run("UPDATE document_list SET state = 'former', former_at = @now WHERE project = @project AND collection = @collection AND state = 'current'", new { project, collection, now });
        var swapped = await tx.Run("""
            UPDATE document_list
               SET state = 'current', swapped_by = @by, swapped_at = @now, former_at = NULL,
                   documents = (SELECT count(*) FROM document d WHERE d.project = @project AND d.collection = @collection AND d.list = @list)
             WHERE project = @project AND collection = @collection AND number = @list AND state <> 'dropped'
            """, new { project, collection, list, by, now });
        if (swapped == 0) // it was dropped a moment ago
            throw DocumentProblems.NoList(collection, list);
        await tx.Run("UPDATE document_collection SET list = @list WHERE project = @project AND name = @collection", new { project, collection, list });
        return (await One(tx, project, collection, list))!;
    }

    public async Task Drop(string project, string collection, long list, CancellationToken stop)
    {
        await db.Write(async tx =>
        {
            await Current(tx, project, collection);
            if (await One(tx, project, collection, list) is not { } there)
                throw DocumentProblems.NoList(collection, list);
            if (there.State is ListState.Current)
                throw DocumentProblems.IsCurrent(collection, list);
            await tx.Run("UPDATE document_list SET state = 'dropped' WHERE project = @project AND collection = @collection AND number = @list", new { project, collection, list });
        }, stop);
        await Erase(project, collection, list, stop);
    }

    public async Task Sweep(CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        await db.Run("DELETE FROM document WHERE expires_at <= @now", new { now }, stop);
        // The newest of the former lists stays: it is the way back.
        var over = await db.All<Over>("""
            SELECT project, collection, number
              FROM document_list l
             WHERE l.state = 'dropped'
                OR (l.state = 'filling' AND l.begun_at < @forgotten)
                OR (l.state = 'former' AND l.former_at < @former
                    AND EXISTS (SELECT 1 FROM document_list n WHERE n.project = l.project AND n.collection = l.collection AND n.state = 'former' AND (n.former_at > l.former_at OR (n.former_at = l.former_at AND n.number > l.number))))
            """, new { forgotten = now - keeping.Forgotten, former = now - keeping.Former }, stop);
        foreach (var one in over)
            if (await db.Run("UPDATE document_list SET state = 'dropped' WHERE project = @Project AND collection = @Collection AND number = @Number AND state <> 'current'", one, stop) > 0)
                await Erase(one.Project, one.Collection, one.Number, stop);
    }

    public ValueTask DisposeAsync() => own ? ValueTask.CompletedTask : db.DisposeAsync();

    /// <summary>The number of the current list; the collection is locked until the transaction ends.</summary>
    private static async Task<long?> Current(Tx tx, string project, string collection)
        => await tx.One<long?>($"SELECT list FROM document_collection WHERE project = @project AND name = @collection {tx.Dialect.ForUpdate}", new { project, collection });

    private static Task<DocumentList?> One(Tx tx, string project, string collection, long list)
        => tx.One<DocumentList>($"SELECT {ListColumns} FROM document_list l WHERE l.project = @project AND l.collection = @collection AND l.number = @list AND l.state <> 'dropped'", new { project, collection, list });

    /// <summary>Erases a dropped list in small deeds, so that other writers need not wait for a million rows.</summary>
    private async Task Erase(string project, string collection, long list, CancellationToken stop)
    {
        while (await db.Run("""
            DELETE FROM document
             WHERE project = @project AND collection = @collection AND list = @list
               AND key IN (SELECT key FROM document WHERE project = @project AND collection = @collection AND list = @list LIMIT 5000)
            """, new { project, collection, list }, stop) > 0)
        {
        }

        await db.Run("DELETE FROM document_list WHERE project = @project AND collection = @collection AND number = @list", new { project, collection, list }, stop);
    }

    private static async Task Keep(Tx tx, string project, IReadOnlyCollection<Document> documents)
    {
        var values = new DynamicParameters();
        values.Add("project", project);
        foreach (var (one, i) in documents.Select((one, i) => (one, i)))
        {
            values.Add($"c{i}", one.Collection);
            values.Add($"l{i}", one.List);
            values.Add($"k{i}", one.Key);
            values.Add($"b{i}", one.Body);
            values.Add($"m{i}", one.MadeBy);
            values.Add($"d{i}", one.Blob?.Hex);
            values.Add($"s{i}", one.StoredAt.ToMicroseconds());
            values.Add($"e{i}", one.ExpiresAt?.ToMicroseconds());
        }

        await tx.Run($"""
            INSERT INTO document (project, collection, list, key, body, made_by, blob, stored_at, expires_at)
            VALUES {string.Join(", ", Enumerable.Range(0, documents.Count).Select(i => $"(@project, @c{i}, @l{i}, @k{i}, @b{i}, @m{i}, @d{i}, @s{i}, @e{i})"))}
            ON CONFLICT (project, collection, list, key) DO UPDATE
               SET body = excluded.body, made_by = excluded.made_by, blob = excluded.blob, stored_at = excluded.stored_at, expires_at = excluded.expires_at
            """, values);
    }

    private async Task<long> Begin(Tx tx, string project, string collection, string madeBy)
    {
        var number = await tx.One<long>("""
            INSERT INTO document_collection (project, name, list, newest) VALUES (@project, @collection, 0, 1)
            ON CONFLICT (project, name) DO UPDATE SET newest = document_collection.newest + 1
            RETURNING newest
            """, new { project, collection });
        await tx.Run("INSERT INTO document_list (project, collection, number, state, made_by, documents, begun_at) VALUES (@project, @collection, @number, 'filling', @madeBy, 0, @now)", new { project, collection, number, madeBy, now = clock.GetUtcNow() });
        return number;
    }

    private Document Of(string collection, long list, NewDocument one, string madeBy)
    {
        var now = clock.Now();
        return new(collection, list, one.Key, one.Body, madeBy, one.Blob, now, now + one.Ttl);
    }

    private sealed record Over(string Project, string Collection, long Number);
}
