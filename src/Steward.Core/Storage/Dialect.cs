namespace Steward.Storage;

/// <summary>The handful of words the two databases spell differently.</summary>
/// <param name="Name"><c>sqlite</c> or <c>postgres</c>.</param>
/// <param name="Blob">Column type of bytes; <c>${blob}</c> in migrations.</param>
/// <param name="SkipLocked">Ends a <c>SELECT … LIMIT n</c> that claims rows several workers compete for; SQLite has one writer and needs nothing.</param>
/// <param name="ForUpdate">Locks the selected rows until the transaction ends.</param>
public sealed record Dialect(string Name, string Blob, string SkipLocked, string ForUpdate)
{
    public static readonly Dialect Sqlite = new("sqlite", "blob", "", "");
    public static readonly Dialect Postgres = new("postgres", "bytea", "FOR UPDATE SKIP LOCKED", "FOR UPDATE");
}
