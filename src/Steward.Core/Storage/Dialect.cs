using System.Text.RegularExpressions;

namespace Steward.Storage;

/// <summary>The handful of words the two databases spell differently.</summary>
/// <param name="Name"><c>sqlite</c> or <c>postgres</c>.</param>
/// <param name="Blob">Column type of bytes; <c>${blob}</c> in migrations.</param>
/// <param name="SkipLocked">Ends a <c>SELECT … LIMIT n</c> that claims rows several workers compete for; SQLite has one writer and needs nothing.</param>
/// <param name="ForUpdate">Locks the selected rows until the transaction ends.</param>
public sealed partial record Dialect(string Name, string Blob, string SkipLocked, string ForUpdate)
{
    public static readonly Dialect Sqlite = new("sqlite", "blob", "", "");
    public static readonly Dialect Postgres = new("postgres", "bytea", "FOR UPDATE SKIP LOCKED", "FOR UPDATE");

    /// <summary>The statement as the engine reads it: <c>IN @list</c> is opened by Dapper on SQLite, and <c>= ANY(@list)</c> on PostgreSQL.</summary>
    internal string Spell(string sql) => Name == Postgres.Name && sql.Contains("IN @", StringComparison.Ordinal)
        ? InList().Replace(NotInList().Replace(sql, "<> ALL($1)"), "= ANY($1)")
        : sql;

    [GeneratedRegex(@"\bNOT IN (@\w+)", RegexOptions.NonBacktracking)]
    private static partial Regex NotInList();

    [GeneratedRegex(@"\bIN (@\w+)", RegexOptions.NonBacktracking)]
    private static partial Regex InList();
}
