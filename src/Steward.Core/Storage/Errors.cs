using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Steward.Storage;

/// <summary>What the engines' errors mean, said once.</summary>
internal static class Errors
{
    private const int SqliteFull = 13, SqliteConstraint = 19, SqliteIoError = 10;

    public static ProblemException? Explain(DbException error) => error switch
    {
        SqliteException { SqliteErrorCode: SqliteConstraint } or PostgresException { SqlState: "23505" or "23503" or "23514" }
            => ProblemException.Conflict("already_there", "Something with this name or number is there already, or what it belongs to is gone.", "Look at the list and choose another name."),
        SqliteException { SqliteErrorCode: SqliteFull } or PostgresException { SqlState: "53100" }
            => DiskFull(),
        SqliteException { SqliteErrorCode: SqliteIoError } io when io.SqliteExtendedErrorCode is 778 or 1034 // IOERR_WRITE, IOERR_FSYNC
            => DiskFull(),
        _ => null,
    };

    public static ProblemException DiskFull() => new(ProblemKind.DiskFull, "disk_full",
        "The disk is full: nothing of this request was kept, and nothing that was kept before is lost.", "Free some space (steward doctor shows what takes it), then try again.");
}
