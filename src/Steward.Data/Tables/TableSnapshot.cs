using Steward.Events;

namespace Steward.Data.Tables;

/// <summary>What a table held after one change; it never changes. Named <c>silver.orders@12</c>.</summary>
/// <param name="Rows">All it holds; <paramref name="AddedRows"/> came and <paramref name="RemovedRows"/> went with it.</param>
/// <param name="Parts">How many pieces of files it is made of.</param>
/// <param name="SchemaVersion">Which of the table's schemas it has, from 1.</param>
/// <param name="ExpiredAt">Since then it cannot be read any more; it stays in the history.</param>
public sealed record TableSnapshot(
    string Project, string Table, int Version, ChangeKind Kind, long Rows, long Bytes, int Parts, long AddedRows, long RemovedRows,
    DateTimeOffset? WindowStart, DateTimeOffset? WindowEnd, int SchemaVersion, string Reason, string? Task, string By, DateTimeOffset At, DateTimeOffset? ExpiredAt)
{
    public string Reference => $"{Table}@{Version}";
}

/// <summary>A table has a new snapshot. Told once, together with it.</summary>
public sealed record TableChanged(string Project, string Table, int Version, ChangeKind Kind, DateTimeOffset? WindowStart, DateTimeOffset? WindowEnd, string By) : IEvent
{
    public static string Name => "data.table_changed";
}
