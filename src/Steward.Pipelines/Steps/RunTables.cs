using System.Collections.Concurrent;
using Steward.Data.Tables;

namespace Steward.Pipelines;

/// <summary>The tables as one run sees them: the newest snapshots, and over them what its own steps have staged.</summary>
internal sealed class RunTables(ITables tables, string project)
{
    private readonly ConcurrentDictionary<string, TableChange> _staged = new(StringComparer.Ordinal);

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
        var staged = wanted is { Version: null, At: null } ? Staged(wanted.Table.ToString()) : null;
        var snapshot = await tables.Find(project, wanted, stop);
        return $"{reference} {snapshot?.Version ?? 0} {(staged is null ? "" : string.Join(' ', staged.Files.Select(file => file.Blob.Hex)))}";
    }

    /// <summary>What this run has staged so far.</summary>
    public IReadOnlyList<TableChange> AllStaged => [.. _staged.Values];

    /// <summary>Opens tables for reading, of some only the rows of a window; disposed by the caller.</summary>
    public Task<TableReading> Open(IEnumerable<string> references, CancellationToken stop, TableWindow? window = null, IReadOnlyCollection<string>? ofWindow = null)
        => tables.Open(project, references.Distinct(StringComparer.Ordinal).Select(one => ofWindow?.Contains(one) ?? false ? TableReference.Parse(one) with { Within = window } : TableReference.Parse(one)), AllStaged, stop);

    /// <summary>The change that brings rows into a table.</summary>
    public async Task<TableChange> Into(string table, WriteMode mode, IReadOnlyList<StagedFile> files, TableWindow window, OnSchemaChange onChange, CancellationToken stop)
    {
        var name = TableName.Parse(table);
        var from = (await tables.Find(project, new(name), stop))?.Version ?? 0;
        var kind = Kind(mode);
        return new(project, name, kind, kind is ChangeKind.Append ? null : from, files) { Window = kind is ChangeKind.ReplaceWindow ? window : null, OnSchemaChange = onChange };
    }

    public static ChangeKind Kind(WriteMode mode) => mode switch
    {
        WriteMode.Append => ChangeKind.Append,
        WriteMode.ReplaceAll => ChangeKind.ReplaceAll,
        _ => ChangeKind.ReplaceWindow,
    };
}
