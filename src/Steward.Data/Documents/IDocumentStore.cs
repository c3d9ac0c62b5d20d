using Steward.Storage;

namespace Steward.Data.Documents;

/// <summary>Where documents lie. Each kind keeps the same promises; what was checked before is not checked again.</summary>
internal interface IDocumentStore : IAsyncDisposable
{
    Task<Document?> Get(string project, string collection, string key, long? list, CancellationToken stop);

    Task<IReadOnlyList<Document>> Get(string project, string collection, IReadOnlyList<string> keys, CancellationToken stop);

    Task<IReadOnlyList<Document>> List(string project, string collection, string? after, int most, long? list, CancellationToken stop);

    Task<IReadOnlyList<DocumentCollection>> Collections(string project, CancellationToken stop);

    Task<IReadOnlyList<DocumentList>> Lists(string project, string collection, CancellationToken stop);

    /// <param name="also">Written with it; gets the transaction when these are the server's own records, else null once it is done.</param>
    Task<Document> Put(string project, string collection, NewDocument document, string madeBy, Func<Tx?, Task> also, CancellationToken stop);

    Task<bool> Delete(string project, string collection, string key, Func<Tx?, Task> also, CancellationToken stop);

    Task<DocumentList> Begin(string project, string collection, string madeBy, CancellationToken stop);

    Task Add(string project, string collection, long list, IReadOnlyList<NewDocument> documents, CancellationToken stop);

    /// <param name="onward">A list that was begun later stays the current one; then this one is dropped.</param>
    Task<DocumentList> Swap(string project, string collection, long list, string by, Func<Tx?, DocumentList, Task> also, bool onward, CancellationToken stop);

    Task Drop(string project, string collection, long list, CancellationToken stop);

    /// <summary>Takes away documents whose time is over, lists that were replaced long enough ago, and lists that were begun and forgotten.</summary>
    Task Sweep(CancellationToken stop);
}

/// <summary>How long lists stay that nobody sees any more.</summary>
public sealed record DocumentKeeping
{
    /// <summary>A reader that began with a list may end with it; and the one before the current can be brought back.</summary>
    public TimeSpan Former { get; init; } = TimeSpan.FromHours(1);

    /// <summary>A list that was begun and never swapped in.</summary>
    public TimeSpan Forgotten { get; init; } = TimeSpan.FromDays(2);

    public TimeSpan Look { get; init; } = TimeSpan.FromMinutes(5);
}

internal static class DocumentProblems
{
    public static ProblemException NoList(string collection, long list) => ProblemException.NotFound("list", $"{collection} {list}", $"steward documents list {collection} --lists shows those that there are.");

    public static ProblemException Closed(string collection, long list) => ProblemException.Conflict("list_closed", $"List {list} of '{collection}' takes no more documents: it is, or was, the one that readers see.", "Begin another list.");

    public static ProblemException IsCurrent(string collection, long list) => ProblemException.Conflict("list_current", $"List {list} of '{collection}' is the one that readers see.", "Swap another one in first.");
}
