namespace Steward.Audit;

/// <summary>Reading what is on record about something, for rooms that hand a part of it on.</summary>
public interface IAuditRecord
{
    /// <summary>The entries of a project about one subject, oldest first. Each can be checked by itself: it holds the hash before it.</summary>
    Task<List<AuditEntry>> About(string project, string subject, CancellationToken stop = default);
}
