using System.Data.Common;
using Dapper;

namespace Steward.Storage;

/// <summary>
/// The records store: a file beside the process, or a PostgreSQL server. Rooms write one SQL text that both
/// understand; the few places where they cannot are members of <see cref="Dialect"/>. A write is answered
/// only after it reached the disk.
/// </summary>
public abstract class Db : IAsyncDisposable
{
    private static readonly AsyncLocal<bool> Writing = new();

    private protected Db(Dialect dialect)
    {
        Bind.Ready();
        Dialect = dialect;
    }

    public Dialect Dialect { get; }

    /// <summary><c>sqlite:FILE</c>, or a PostgreSQL connection string.</summary>
    public static Db Connect(string address) => address.StartsWith("sqlite:", StringComparison.Ordinal)
        ? new SqliteDb(address["sqlite:".Length..])
        : new PostgresDb(Npgsql.NpgsqlDataSource.Create(address));

    /// <summary>A PostgreSQL database that somebody else knows the way to; disposed with this.</summary>
    public static Db Connect(DbDataSource postgres) => new PostgresDb(postgres);

    public async Task<List<T>> All<T>(string sql, object? values = null, CancellationToken stop = default)
    {
        await using var connection = await Open(stop);
        return (await connection.QueryAsync<T>(new CommandDefinition(Dialect.Spell(sql), Bind.Of(values), cancellationToken: stop))).AsList();
    }

    /// <summary>The first row, or the default when there is none.</summary>
    public async Task<T?> One<T>(string sql, object? values = null, CancellationToken stop = default)
    {
        await using var connection = await Open(stop);
        return await connection.QueryFirstOrDefaultAsync<T>(new CommandDefinition(Dialect.Spell(sql), Bind.Of(values), cancellationToken: stop));
    }

    /// <summary>One statement in a transaction of its own; how many rows changed.</summary>
    public Task<int> Run(string sql, object? values = null, CancellationToken stop = default) => Write(tx => tx.Run(sql, values), stop);

    /// <summary>
    /// Everything the work writes commits together and is on the disk when this returns. The work may run twice
    /// (a lost race on PostgreSQL), so it touches nothing but its transaction. Inside it, no second <c>Write</c>.
    /// </summary>
    public async Task<T> Write<T>(Func<Tx, Task<T>> work, CancellationToken stop = default)
    {
        if (Writing.Value)
            throw new InvalidOperationException("A write inside a write waits for itself: hand the Tx on instead.");
        try
        {
            return await Commit(Marked, stop);
        }
        catch (DbException error) when (Errors.Explain(error) is { } problem)
        {
            throw problem;
        }

        // Set where the work runs: SQLite's writer has a loop of its own, which the caller's context does not reach.
        async Task<T> Marked(Tx tx)
        {
            Writing.Value = true;
            return await work(tx);
        }
    }

    public Task Write(Func<Tx, Task> work, CancellationToken stop = default) => Write(async tx =>
    {
        await work(tx);
        return true;
    }, stop);

    /// <summary>Applies every room's migrations that this store has not seen yet.</summary>
    public abstract Task Migrate(IReadOnlyList<System.Reflection.Assembly> rooms, CancellationToken stop = default);

    /// <summary>Bytes the records take on disk.</summary>
    public abstract Task<long> Size(CancellationToken stop = default);

    public abstract ValueTask DisposeAsync();

    private protected abstract Task<DbConnection> Open(CancellationToken stop);

    private protected abstract Task<T> Commit<T>(Func<Tx, Task<T>> work, CancellationToken stop);
}
