using Steward.Events;
using Steward.Identity;
using Steward.Storage;

namespace Steward.Data.Documents;

/// <summary>
/// Documents for applications to read by key: top-N lists per customer, model cards, models. They live in the server's
/// records, or where the project file says: <c>documents: {connection: NAME}</c>, PostgreSQL or Cosmos DB.
/// </summary>
public interface IDocuments
{
    /// <summary>Null when the list has no such document, or its time is over.</summary>
    /// <param name="list">The current one when null. A reader that needs several documents of one list names it.</param>
    Task<Document?> Get(string project, string collection, string key, long? list = null, CancellationToken stop = default);

    /// <summary>Those of these keys that there are, all of one list.</summary>
    Task<IReadOnlyList<Document>> Get(string project, string collection, IReadOnlyList<string> keys, CancellationToken stop = default);

    /// <summary>By key, after a key.</summary>
    Task<IReadOnlyList<Document>> List(string project, string collection, string? after = null, int most = 100, long? list = null, CancellationToken stop = default);

    Task<IReadOnlyList<DocumentCollection>> Collections(string project, CancellationToken stop = default);

    /// <summary>The lists of a collection that there are, newest first.</summary>
    Task<IReadOnlyList<DocumentList>> Lists(string project, string collection, CancellationToken stop = default);

    /// <summary>Puts one document into the current list, or makes the collection with it.</summary>
    Task<Document> Put(Who who, string project, string collection, NewDocument document, string madeBy, CancellationToken stop = default);

    /// <summary>False when there was none.</summary>
    Task<bool> Delete(Who who, string project, string collection, string key, CancellationToken stop = default);

    /// <summary>Begins a list that nobody sees yet.</summary>
    Task<DocumentList> Begin(Who who, string project, string collection, string madeBy, CancellationToken stop = default);

    /// <summary>Adds documents to a list that was begun; a key that is there is replaced. <c>list_closed</c>.</summary>
    Task Add(Who who, string project, string collection, long list, IReadOnlyList<NewDocument> documents, CancellationToken stop = default);

    /// <summary>Makes a list the one that readers see; also one that was current before and is still there.</summary>
    Task<DocumentList> Swap(Who who, string project, string collection, long list, CancellationToken stop = default);

    /// <summary>The same in the caller's transaction, for documents in the server's own records; <c>documents_elsewhere</c> otherwise.</summary>
    Task<DocumentList> Swap(Tx tx, Who who, string project, string collection, long list);

    /// <summary>
    /// Makes a list the one that readers see because the caller's transaction commits: within it where documents lie in the
    /// server's own records, elsewhere right after it, by a task. A list that was begun later stays the current one.
    /// </summary>
    Task Publish(Tx tx, Who who, string project, string collection, long list);

    /// <summary>Drops a list that is not current.</summary>
    Task Drop(Who who, string project, string collection, long list, CancellationToken stop = default);
}

/// <summary>Readers of a collection see another list now.</summary>
public sealed record DocumentsSwapped(string Project, string Collection, long List, string MadeBy, long Documents, string By) : IEvent
{
    public static string Name => "data.documents_swapped";
}
