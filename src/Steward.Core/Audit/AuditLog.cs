using Steward.Identity;
using Steward.Storage;

namespace Steward.Audit;

/// <summary>Writes and reads the chain. A writer locks its end, so entries of many servers still make one chain.</summary>
internal sealed class AuditLog(Db db, TimeProvider clock) : IAudit, IAuditRecord
{
    private const string Columns = "number, at, by_id, by_name, action, project, subject, detail, previous, hash";

    public async Task Write(Tx tx, Who who, string action, string? project, string subject, object? detail = null)
    {
        var head = await tx.One<AuditHead>($"SELECT number, hash FROM audit_head WHERE id = 'chain' {tx.Dialect.ForUpdate}")
            ?? throw new InvalidOperationException("The end of the audit chain is gone.");
        var at = Times.FromMicroseconds(clock.GetUtcNow().ToMicroseconds());
        var entry = new AuditEntry(head.Number + 1, at, who.Id, Names.Shorten(who.Name), action, project, Names.Shorten(subject, 200), detail is null ? null : Json.Write(detail), head.Hash, "");
        entry = entry with { Hash = entry.HashOf() };
        await tx.Run($"""
            INSERT INTO audit_entry ({Columns})
            VALUES (@Number, @At, @ById, @ByName, @Action, @Project, @Subject, @Detail, @Previous, @Hash)
            """, entry);
        await tx.Run("UPDATE audit_head SET number = @Number, hash = @Hash WHERE id = 'chain'", entry);
    }

    /// <summary>The newest entries first, older than <paramref name="before"/>.</summary>
    public Task<List<AuditEntry>> Newest(AuditFilter filter, int most, long? before, CancellationToken stop) => db.All<AuditEntry>($"""
        SELECT {Columns}
          FROM audit_entry
         WHERE number < @Before
           AND (CAST(@Project AS text) IS NULL OR project = @Project)
           AND (CAST(@Action AS text) IS NULL OR action = @Action)
           AND (CAST(@By AS text) IS NULL OR by_id = @By)
         ORDER BY number DESC
         LIMIT @Most
        """, new { filter.Project, filter.Action, filter.By, Most = (long)most, Before = before ?? long.MaxValue }, stop);

    public Task<List<AuditEntry>> About(string project, string subject, CancellationToken stop)
        => db.All<AuditEntry>($"SELECT {Columns} FROM audit_entry WHERE project = @project AND subject = @subject ORDER BY number LIMIT 1000", new { project, subject }, stop);

    /// <summary>The entries after a number, oldest first, at most a thousand.</summary>
    public Task<List<AuditEntry>> After(long number, CancellationToken stop)
        => db.All<AuditEntry>($"SELECT {Columns} FROM audit_entry WHERE number > @number ORDER BY number LIMIT 1000", new { number }, stop);

    /// <summary>Every entry of a span of time, streamed in the order of the chain.</summary>
    public async IAsyncEnumerable<AuditEntry> Between(DateTimeOffset? from, DateTimeOffset? to, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        for (List<AuditEntry> page = await After(long.MinValue, stop); page.Count > 0; page = await After(page[^1].Number, stop))
        {
            foreach (var entry in page.Where(entry => (from is null || entry.At >= from) && (to is null || entry.At < to)))
                yield return entry;
        }
    }

    public async Task<AuditHead> Head(CancellationToken stop)
        => await db.One<AuditHead>("SELECT number, hash FROM audit_head WHERE id = 'chain'", stop: stop) ?? new(0, "");

    /// <summary>The end of the chain, and how many entries are there, seen at one moment.</summary>
    public async Task<AuditExtent> Extent(CancellationToken stop) => await db.One<AuditExtent>("""
        SELECT h.number AS head, (SELECT count(*) FROM audit_entry) AS entries, (SELECT coalesce(max(number), 0) FROM audit_entry) AS last
          FROM audit_head h
         WHERE h.id = 'chain'
        """, stop: stop) ?? new(-1, 0, 0);
}

/// <summary>Which entries to show; null means all.</summary>
public sealed record AuditFilter(string? Project = null, string? Action = null, string? By = null);

internal sealed record AuditExtent(long Head, long Entries, long Last);
