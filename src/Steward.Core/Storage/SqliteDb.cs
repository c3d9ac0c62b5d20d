using System.Data.Common;
using System.Reflection;
using Microsoft.Data.Sqlite;

namespace Steward.Storage;

internal sealed class SqliteDb : Db
{
    private readonly string _connect;
    private readonly string _file;
    private readonly Lazy<SqliteWriter> _writer;

    public SqliteDb(string file) : base(Dialect.Sqlite)
    {
        _file = file;
        _connect = new SqliteConnectionStringBuilder { DataSource = file, DefaultTimeout = 30 }.ConnectionString;
        _writer = new(() => new SqliteWriter(OpenNow(), Dialect));
    }

    public override Task Migrate(IReadOnlyList<Assembly> rooms, CancellationToken stop)
        => Migrations.Apply(OpenNow(), rooms, Dialect, stop);

    public override Task<long> Size(CancellationToken stop)
        => Task.FromResult(new[] { _file, _file + "-wal" }.Where(File.Exists).Sum(f => new FileInfo(f).Length));

    public override async ValueTask DisposeAsync()
    {
        if (_writer.IsValueCreated)
            await _writer.Value.DisposeAsync();
        using var last = new SqliteConnection(_connect);
        SqliteConnection.ClearPool(last);
    }

    private protected override Task<DbConnection> Open(CancellationToken stop) => Task.FromResult<DbConnection>(OpenNow());

    private protected override Task<T> Commit<T>(Func<Tx, Task<T>> work, CancellationToken stop) => _writer.Value.Commit(work, stop);

    private SqliteConnection OpenNow()
    {
        var connection = new SqliteConnection(_connect);
        connection.Open();
        using var pragmas = connection.CreateCommand();
        // FULL: a commit returns after fsync of the log, so what we acknowledge survives a power cut.
        pragmas.CommandText = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=30000";
        pragmas.ExecuteNonQuery();
        return connection;
    }
}
