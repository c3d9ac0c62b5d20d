using System.Data;
using System.Data.Common;
using Dapper;

namespace Steward.Storage;

/// <summary>One transaction. What is written through it becomes visible, durable and acknowledged together, or not at all.</summary>
public sealed class Tx
{
    private readonly DbConnection _connection;
    private readonly DbTransaction? _transaction;
    private readonly CancellationToken _stop;
    private readonly List<Action> _afterCommit = [];

    internal Tx(DbConnection connection, DbTransaction? transaction, Dialect dialect, CancellationToken stop)
        => (_connection, _transaction, Dialect, _stop) = (connection, transaction, dialect, stop);

    public Dialect Dialect { get; }

    public async Task<List<T>> All<T>(string sql, object? values = null) => (await _connection.QueryAsync<T>(Command(sql, values))).AsList();

    public Task<T?> One<T>(string sql, object? values = null) => _connection.QueryFirstOrDefaultAsync<T>(Command(sql, values))!;

    /// <summary>How many rows changed.</summary>
    public Task<int> Run(string sql, object? values = null) => _connection.ExecuteAsync(Command(sql, values));

    /// <summary>Runs once the transaction is durable; not at all when it fails. For waking loops, never for effects that must happen.</summary>
    public void AfterCommit(Action wake) => _afterCommit.Add(wake);

    internal void Committed() => _afterCommit.ForEach(wake => wake());

    private CommandDefinition Command(string sql, object? values) => new(Dialect.Spell(sql), Bind.Of(values), _transaction, commandType: CommandType.Text, cancellationToken: _stop);
}
