using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace Steward.Storage;

/// <summary>
/// SQLite has one writer, so there is one here: it takes everything that waits, runs each piece in a savepoint of
/// one transaction, and acknowledges all of them after one sync. A piece that fails takes nothing with it.
/// </summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    private const int MostInOneCommit = 512;
    private readonly Channel<Piece> _waiting = Channel.CreateUnbounded<Piece>(new() { SingleReader = true });
    private readonly SqliteConnection _connection;
    private readonly Dialect _dialect;
    private readonly Dictionary<string, SqliteCommand> _prepared = new(StringComparer.Ordinal);
    private readonly Task _loop;

    public SqliteWriter(SqliteConnection connection, Dialect dialect)
    {
        (_connection, _dialect) = (connection, dialect);
        using (ExecutionContext.SuppressFlow())
            _loop = Task.Factory.StartNew(Loop, TaskCreationOptions.LongRunning).Unwrap();
    }

    public async Task<T> Commit<T>(Func<Tx, Task<T>> work, CancellationToken stop)
    {
        var piece = new Piece<T>(work, stop);
        if (!_waiting.Writer.TryWrite(piece))
            throw new ProblemException(ProblemKind.Unavailable, "stopping", "The server is stopping and takes no more changes.", "Try again when it is back.");
        return await piece.Result.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _loop;
        foreach (var command in _prepared.Values)
            await command.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private async Task Loop()
    {
        var batch = new List<Piece>(MostInOneCommit);
        while (await _waiting.Reader.WaitToReadAsync())
        {
            batch.Clear();
            try
            {
                Execute("BEGIN IMMEDIATE");
                while (batch.Count < MostInOneCommit && _waiting.Reader.TryRead(out var piece))
                {
                    batch.Add(piece);
                    await InSavepoint(piece);
                }

                Execute("COMMIT");
            }
            catch (Exception error)
            {
                // The commit itself failed (a full disk, a broken file): nobody is told that anything was kept.
                RollBack();
                if (batch.Count == 0 && _waiting.Reader.TryRead(out var first))
                    batch.Add(first);
                batch.ForEach(piece => piece.Fail(error));
                continue;
            }

            batch.ForEach(piece => piece.Acknowledge());
        }
    }

    private async Task InSavepoint(Piece piece)
    {
        if (piece.Stop.IsCancellationRequested)
        {
            piece.Remember(new OperationCanceledException(piece.Stop));
            return;
        }

        Execute("SAVEPOINT piece");
        try
        {
            await piece.Run(new Tx(_connection, null, _dialect, piece.Stop));
        }
        catch (Exception error)
        {
            piece.Remember(error);
            Execute("ROLLBACK TO piece");
        }

        Execute("RELEASE piece");
    }

    private void RollBack()
    {
        try { Execute("ROLLBACK"); }
        catch (SqliteException) { /* SQLite has rolled back by itself */ }
    }

    /// <summary>A handful of statements around every piece: each is prepared once.</summary>
    private void Execute(string sql)
    {
        if (!_prepared.TryGetValue(sql, out var command))
        {
            command = _prepared[sql] = _connection.CreateCommand();
            command.CommandText = sql;
        }

        command.ExecuteNonQuery();
    }

    private abstract class Piece(CancellationToken stop)
    {
        protected Exception? Failure { get; private set; }
        protected Tx? Tx { get; private set; }
        public CancellationToken Stop => stop;

        public Task Run(Tx tx)
        {
            Tx = tx;
            return Work(tx);
        }

        public void Remember(Exception error) => Failure = error;

        public abstract void Acknowledge();

        public abstract void Fail(Exception error);

        protected abstract Task Work(Tx tx);
    }

    private sealed class Piece<T>(Func<Tx, Task<T>> work, CancellationToken stop) : Piece(stop)
    {
        private T _value = default!;

        public TaskCompletionSource<T> Result { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override void Acknowledge()
        {
            if (Failure is not null)
            {
                Fail(Failure);
                return;
            }

            Tx?.Committed();
            Result.TrySetResult(_value);
        }

        public override void Fail(Exception error) => Result.TrySetException(error);

        protected override async Task Work(Tx tx) => _value = await work(tx);
    }
}
