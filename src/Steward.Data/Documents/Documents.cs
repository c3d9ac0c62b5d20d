using System.Collections.Concurrent;
using Steward.Audit;
using Steward.Blobs;
using Steward.Data.Connections;
using Steward.Events;
using Steward.Identity;
using Steward.Outside;
using Steward.Projects;
using Steward.Storage;
using Steward.Work;

namespace Steward.Data.Documents;

/// <summary>The section <c>documents</c>: where the project keeps them.</summary>
public sealed record DocumentsPlan
{
    /// <summary>A connection of kind postgres or cosmos; the server's own records when it is not said.</summary>
    public string? Connection { get; init; }

    internal static Section Section => Section.Of<DocumentsPlan>("documents", "Where documents are kept: the server's own records, or a connection of kind postgres or cosmos.");
}

internal sealed class Documents(Db db, Connector connector, IProjects projects, Reach reach, IBlobs blobs, ILedger ledger, IAudit audit, IEvents events, DocumentKeeping keeping, TimeProvider clock) : IDocuments, IAsyncDisposable
{
    private const int MostAtOnce = 500;
    private readonly SqlDocuments _own = new(db, own: true, keeping, clock);

    /// <summary>Stores elsewhere, each opened once and for as long as its connection is as it is.</summary>
    private readonly ConcurrentDictionary<(string Project, string Print), Lazy<Task<IDocumentStore>>> _elsewhere = new();

    public async Task<Document?> Get(string project, string collection, string key, long? list, CancellationToken stop)
        => await (await Store(project, stop)).Get(project, Check(collection), NewDocument.CheckKey(key), list, stop);

    public async Task<IReadOnlyList<Document>> Get(string project, string collection, IReadOnlyList<string> keys, CancellationToken stop)
    {
        if (keys.Count > MostAtOnce)
            throw new ProblemException(ProblemKind.TooLarge, "too_many_documents", $"{keys.Count:N0} documents are asked for at once; at most {MostAtOnce} are given.", "Ask in several turns, naming the list.");
        return await (await Store(project, stop)).Get(project, Check(collection), [.. keys.Select(NewDocument.CheckKey)], stop);
    }

    public async Task<IReadOnlyList<Document>> List(string project, string collection, string? after, int most, long? list, CancellationToken stop)
        => await (await Store(project, stop)).List(project, Check(collection), after, Math.Clamp(most, 1, 1000), list, stop);

    public async Task<IReadOnlyList<DocumentCollection>> Collections(string project, CancellationToken stop) => await (await Store(project, stop)).Collections(project, stop);

    public async Task<IReadOnlyList<DocumentList>> Lists(string project, string collection, CancellationToken stop) => await (await Store(project, stop)).Lists(project, Check(collection), stop);

    public async Task<Document> Put(Who who, string project, string collection, NewDocument document, string madeBy, CancellationToken stop)
    {
        who.Demand(Permission.Edit, project);
        await Checked([document], stop);
        var made = Made(madeBy);
        return await (await Store(project, stop)).Put(project, Check(collection), document, made, tx => Told(tx, to => audit.Write(to, who, "document.put", project, $"{collection}/{document.Key}", new { made, blob = document.Blob?.Hex }), stop), stop);
    }

    public async Task<bool> Delete(Who who, string project, string collection, string key, CancellationToken stop)
    {
        who.Demand(Permission.Edit, project);
        return await (await Store(project, stop)).Delete(project, Check(collection), NewDocument.CheckKey(key), tx => Told(tx, to => audit.Write(to, who, "document.deleted", project, $"{collection}/{key}"), stop), stop);
    }

    public async Task<DocumentList> Begin(Who who, string project, string collection, string madeBy, CancellationToken stop)
    {
        who.Demand(Permission.Edit, project);
        return await (await Store(project, stop)).Begin(project, Check(collection), Made(madeBy), stop);
    }

    public async Task Add(Who who, string project, string collection, long list, IReadOnlyList<NewDocument> documents, CancellationToken stop)
    {
        who.Demand(Permission.Edit, project);
        foreach (var some in documents.Chunk(MostAtOnce))
        {
            await Checked(some, stop);
            await (await Store(project, stop)).Add(project, Check(collection), list, some, stop);
        }
    }

    public async Task<DocumentList> Swap(Who who, string project, string collection, long list, CancellationToken stop)
    {
        who.Demand(Permission.Edit, project);
        return await (await Store(project, stop)).Swap(project, Check(collection), list, who.Name, (tx, now) => Told(tx, to => Tell(to, who, project, now), stop), onward: false, stop);
    }

    public async Task<DocumentList> Swap(Tx tx, Who who, string project, string collection, long list)
    {
        who.Demand(Permission.Edit, project);
        if (await Elsewhere(project, CancellationToken.None) is not null)
            throw ProblemException.Conflict("documents_elsewhere", "The documents of this project are not in the server's own records: they cannot be swapped in one transaction with them.", "Swap them before the deed, or take 'documents' out of the project file.");
        var now = await _own.Swap(tx, project, Check(collection), list, who.Name);
        await Tell(tx, who, project, now);
        return now;
    }

    public async Task Publish(Tx tx, Who who, string project, string collection, long list)
    {
        who.Demand(Permission.Edit, project);
        if (await Elsewhere(project, CancellationToken.None) is not null)
            await ledger.Add(tx, new PublishOrder(Check(collection), list, who.Name).Task(project, null), who);
        else if (await _own.Swap(tx, project, Check(collection), list, who.Name, onward: true) is { State: ListState.Current } now)
            await Tell(tx, who, project, now);
    }

    /// <summary>Swaps a list in where documents lie, without a word about it; the same again changes nothing.</summary>
    public async Task<DocumentList> Onward(string project, string collection, long list, string by, CancellationToken stop)
        => await (await Store(project, stop)).Swap(project, collection, list, by, (_, _) => Task.CompletedTask, onward: true, stop);

    public async Task Drop(Who who, string project, string collection, long list, CancellationToken stop)
    {
        who.Demand(Permission.Edit, project);
        await (await Store(project, stop)).Drop(project, Check(collection), list, stop);
    }

    /// <summary>Sweeps the server's own records and the stores that were opened.</summary>
    public async Task Sweep(CancellationToken stop)
    {
        await _own.Sweep(stop);
        foreach (var opened in _elsewhere.Values)
            if (opened is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
                await (await opened.Value).Sweep(stop);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var opened in _elsewhere.Values)
            if (opened is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
                await (await opened.Value).DisposeAsync();
    }

    private static string Check(string collection) => Names.Check("collection", collection);

    private static string Made(string? by) => Names.Text("name of what made it", by, 200);

    /// <summary>The connection that keeps the project's documents; null for the server's own records.</summary>
    private async Task<string?> Elsewhere(string project, CancellationToken stop) => (await projects.Get(project, stop)).File.Get<DocumentsPlan>("documents").Connection;

    private async Task<IDocumentStore> Store(string project, CancellationToken stop)
    {
        if (await Elsewhere(project, stop) is not { } named)
            return _own;
        var plan = await connector.PlanOf(project, named, stop);
        var key = (project, ConnectionStore.PrintOf(plan));
        try
        {
            return await _elsewhere.GetOrAdd(key, _ => new(() => Open(named, plan))).Value.WaitAsync(stop);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            _elsewhere.TryRemove(key, out _); // tried again the next time
            throw connector.Explain(error, named, plan) ?? error;
        }
    }

    private async Task<IDocumentStore> Open(string named, ConnectionPlan plan) => plan.Kind switch
    {
        ConnectionKind.Postgres => await SqlDocuments.Elsewhere(Db.Connect(await PostgresSource.Open(plan, connector.Resolve(plan.Password), reach, CancellationToken.None)), keeping, clock, CancellationToken.None),
        ConnectionKind.Cosmos => new CosmosDocuments(plan, connector.Resolve(plan.AccountKey)!, reach, keeping, clock),
        _ => throw ProblemException.Invalid("connection_kind_wrong", $"'{named}' cannot hold documents: it is of kind {ConnectionRules.Word(plan.Kind!.Value)}.", "Name a connection of kind postgres or cosmos, or leave 'documents' away."),
    };

    private async Task Checked(IEnumerable<NewDocument> documents, CancellationToken stop)
    {
        foreach (var one in documents)
            if (one.Checked().Blob is { } blob && await blobs.Size(blob, stop) is null)
                throw ProblemException.NotFound("blob", blob.Hex, "Keep the bytes first.");
    }

    /// <summary>Writes down that readers see it now.</summary>
    public async Task Tell(Tx tx, Who who, string project, DocumentList now)
    {
        await audit.Write(tx, who, "documents.swapped", project, $"{now.Collection} {now.Number}", new { now.MadeBy, now.Documents });
        await events.Publish(tx, new DocumentsSwapped(project, now.Collection, now.Number, now.MadeBy, now.Documents, who.Name));
    }

    /// <summary>In the transaction of the deed; for a deed elsewhere, right after it.</summary>
    private Task Told(Tx? tx, Func<Tx, Task> tell, CancellationToken stop) => tx is null ? db.Write(tell, stop) : tell(tx);
}
