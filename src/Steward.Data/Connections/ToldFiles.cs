using System.Runtime.CompilerServices;

namespace Steward.Data.Connections;

/// <summary>A store whose troubles are told in words: every error of a client library becomes one sentence and one thing to try.</summary>
internal sealed class ToldFiles(IFileStore inner, Func<Exception, ProblemException?> explain) : IFileStore
{
    public bool Writes => inner.Writes;

    public int PieceSize => inner.PieceSize;

    public async IAsyncEnumerable<StoredFile> List(string prefix, string? after, [EnumeratorCancellation] CancellationToken stop)
    {
        await using var files = inner.List(prefix, after, stop).GetAsyncEnumerator(stop);
        while (await Told.Of(explain, async () => await files.MoveNextAsync()))
            yield return files.Current;
    }

    public Task<StoredFile?> Stat(string name, CancellationToken stop) => Told.Of(explain, () => inner.Stat(name, stop));

    public Task<FileReading> Open(StoredFile file, long from, long? length, CancellationToken stop) => Told.Of(explain, () => inner.Open(file, from, length, stop));

    public Task<StoredFile> Put(string name, ReadOnlyMemory<byte> bytes, CancellationToken stop) => Told.Of(explain, () => inner.Put(name, bytes, stop));

    public Task<bool> Delete(string name, CancellationToken stop) => Told.Of(explain, () => inner.Delete(name, stop));

    public Task<string> Begin(string name, CancellationToken stop) => Told.Of(explain, () => inner.Begin(name, stop));

    public Task<string> Piece(string name, string upload, int number, long offset, ReadOnlyMemory<byte> bytes, CancellationToken stop) => Told.Of(explain, () => inner.Piece(name, upload, number, offset, bytes, stop));

    public Task<StoredFile> Finish(string name, string upload, IReadOnlyList<string> tags, long length, byte[]? md5, CancellationToken stop) => Told.Of(explain, () => inner.Finish(name, upload, tags, length, md5, stop));

    public Task Abandon(string name, string upload, CancellationToken stop) => Told.Of(explain, async () =>
    {
        await inner.Abandon(name, upload, stop);
        return true;
    });

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}

/// <summary>The same for tables.</summary>
internal sealed class ToldTables(ITableSource inner, Func<Exception, ProblemException?> explain) : ITableSource
{
    public bool Writes => inner.Writes;

    public Task<IReadOnlyList<string>> Tables(CancellationToken stop) => Told.Of(explain, () => inner.Tables(stop));

    public Task<IReadOnlyList<SourceColumn>> Columns(string table, CancellationToken stop) => Told.Of(explain, () => inner.Columns(table, stop));

    public async IAsyncEnumerable<RowBatch> Read(TableQuery query, [EnumeratorCancellation] CancellationToken stop)
    {
        await using var batches = inner.Read(query, stop).GetAsyncEnumerator(stop);
        while (await Told.Of(explain, async () => await batches.MoveNextAsync()))
            yield return batches.Current;
    }

    public Task<long?> Write(string table, IReadOnlyList<SourceColumn> columns, IAsyncEnumerable<RowBatch> rows, TableWrite how, WriteOnce? once, CancellationToken stop) => Told.Of(explain, () => inner.Write(table, columns, rows, how, once, stop));

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}

internal static class Told
{
    public static async Task<T> Of<T>(Func<Exception, ProblemException?> explain, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception error) when (explain(error) is { } problem)
        {
            throw problem;
        }
    }
}
