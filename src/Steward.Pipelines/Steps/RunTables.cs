using System.Collections.Concurrent;
using Steward.Data.Tables;

namespace Steward.Pipelines;

/// <summary>The tables as one run sees them: the newest snapshots, and over them what its own steps have staged.</summary>
internal sealed class RunTables(ITables tables, string project)
{
    private readonly ConcurrentDictionary<string, TableChange> _staged = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _kept = new(StringComparer.Ordinal);

    public void Add(IEnumerable<TableChange> changes)
    {
        foreach (var change in changes)
            _staged[change.Table.ToString()] = change;
    }

    public TableChange? Staged(string table) => _staged.GetValueOrDefault(table);

    /// <summary>Changes with the bytes of its rows: a digest's worth of text.</summary>
    public async Task<string> Fingerprint(string reference, CancellationToken stop)
    {
        var wanted = TableReference.Parse(reference);
        var staged = wanted.IsNewest ? Staged(wanted.Table.ToString()) : null;
        var snapshot = await tables.Find(project, wanted, stop);
        return $"{reference} {snapshot?.Version ?? 0} {(staged is null ? "" : string.Join(' ', staged.Files.Select(file => file.Blob.Hex)))}";
    }

    /// <summary>What this run has staged so far.</summary>
    public IReadOnlyList<TableChange> AllStaged => [.. _staged.Values];

    /// <summary>A change of this run is a snapshot now.</summary>
    public void Keep(TableSnapshot snapshot) => _kept[snapshot.Table] = snapshot.Version;

    /// <summary>What a step has read of a table, for <see cref="Same"/>.</summary>
    public SeenTable Seen(string reference, int version) => TableReference.Parse(reference) is { IsNewest: true } open ? new(open.Table.ToString(), version, Staged(open.Table.ToString()) is not null) : new("", version, false);

    /// <summary>For effects: throws when a table is another one, now that the run's changes are kept, than a step has read.</summary>
    public void Same(SeenTable? seen)
    {
        if (seen is null || !_kept.TryGetValue(seen.Table, out var version) || version == seen.Version)
            return;
        throw seen.Staged
            ? ProblemException.Conflict("table_conflict", $"Somebody else changed {seen.Table} meanwhile.")
            : ProblemException.Invalid("read_too_early", $"A step reads {seen.Table} before another step of the run writes it.", "Put it after that step, or let it need it.");
    }

    /// <summary>Opens tables for reading, of some only the rows of a window; disposed by the caller.</summary>
    /// <param name="also">Rows that are seen here alone.</param>
    public Task<TableReading> Open(IEnumerable<string> references, CancellationToken stop, TableWindow? window = null, IReadOnlyCollection<string>? ofWindow = null, IReadOnlyList<TableChange>? also = null)
        => tables.Open(project, references.Distinct(StringComparer.Ordinal).Select(one => ofWindow?.Contains(one) ?? false ? TableReference.Parse(one) with { Within = window } : TableReference.Parse(one)), [.. also ?? [], .. AllStaged], stop);

    /// <summary>The change that brings rows into a table.</summary>
    public async Task<TableChange> Into(string table, WriteMode mode, IReadOnlyList<StagedFile> files, TableWindow window, OnSchemaChange onChange, CancellationToken stop)
    {
        var name = TableName.Parse(table);
        var from = (await tables.Find(project, new(name), stop))?.Version ?? 0;
        var kind = Kind(mode);
        return new(project, name, kind, kind is ChangeKind.Append ? null : from, files) { Window = kind is ChangeKind.ReplaceWindow ? window : null, OnSchemaChange = onChange };
    }

    /// <summary>A change that an earlier run staged, for the table as it is now: what takes the place of rows still does; null for what was made from the rows that were there and are others now.</summary>
    public async Task<TableChange?> Anew(TableChange change, CancellationToken stop)
    {
        if (change.From is not { } from || (await tables.Find(project, new(change.Table), stop))?.Version is var newest && from == (newest ?? 0))
            return change;
        return change.Kind is ChangeKind.ReplaceAll or ChangeKind.ReplaceWindow ? change with { From = newest } : null;
    }

    public static ChangeKind Kind(WriteMode mode) => mode switch
    {
        WriteMode.Append => ChangeKind.Append,
        WriteMode.ReplaceAll => ChangeKind.ReplaceAll,
        _ => ChangeKind.ReplaceWindow,
    };
}

/// <param name="Version">The snapshot it was, or will be.</param>
/// <param name="Staged">This run had changed it by then.</param>
internal sealed record SeenTable(string Table, int Version, bool Staged);
