using System.Data;
using System.Data.Common;
using System.Reflection;
using Dapper;
using Npgsql;

namespace Steward.Storage;

internal sealed class PostgresDb(DbDataSource source) : Db(Dialect.Postgres)
{
    public override Task Migrate(IReadOnlyList<Assembly> rooms, CancellationToken stop)
        => Migrations.Apply(source.CreateConnection(), rooms, Dialect, stop);

    public override async Task<long> Size(CancellationToken stop)
    {
        await using var connection = await Open(stop);
        return await connection.ExecuteScalarAsync<long>("SELECT pg_database_size(current_database())");
    }

    public override ValueTask DisposeAsync() => source.DisposeAsync();

    private protected override async Task<DbConnection> Open(CancellationToken stop) => await source.OpenConnectionAsync(stop);

    private protected override async Task<T> Commit<T>(Func<Tx, Task<T>> work, CancellationToken stop)
    {
        for (var attempt = 1; ; attempt++)
        {
            await using var connection = await source.OpenConnectionAsync(stop);
            await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, stop);
            try
            {
                var tx = new Tx(connection, transaction, Dialect, stop);
                var result = await work(tx);
                await transaction.CommitAsync(stop);
                tx.Committed();
                return result;
            }
            // 40001 serialization failure, 40P01 deadlock: the loser of a race may simply try again.
            catch (PostgresException lost) when (lost.SqlState is "40001" or "40P01" && attempt < 5)
            {
            }
        }
    }
}
