using Steward.Blobs;
using Steward.Identity;
using Steward.Storage;

namespace Steward.Data.Tables;

internal sealed class Tables(TableStore store, TableCommit commit, Db db, IShelf shelf, TimeProvider clock) : ITables
{
    /// <summary>A reader that died is believed to live as long; nothing it may read goes before.</summary>
    private static readonly TimeSpan LongestReading = TimeSpan.FromDays(1);

    public Task<TableSnapshot?> Find(string project, TableReference table, CancellationToken stop) => store.Find(project, table, stop);

    public Task<List<TableSnapshot>> All(string project, CancellationToken stop) => store.Newest(project, stop);

    public Task<List<TableSnapshot>> History(string project, TableName table, int most, int? before, CancellationToken stop)
        => store.History(project, table, before ?? int.MaxValue, Math.Clamp(most, 1, 1000), stop);

    public async Task<Digest> DigestOf(TableSnapshot snapshot, CancellationToken stop)
        => Digest.Of(string.Join('\n', (await store.Parts((await Row(snapshot, stop)).Id, snapshot.Version, null, stop)).Select(part => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{part.Blob.Hex} {part.FirstRow} {part.RowCount}")).Order(StringComparer.Ordinal)));

    public async Task<IReadOnlyList<TableColumn>> Columns(TableSnapshot snapshot, CancellationToken stop)
        => await store.Columns((await Row(snapshot, stop)).Id, snapshot.SchemaVersion, stop);

    public async Task<IReadOnlyList<ColumnOrigin>> Origins(TableSnapshot snapshot, CancellationToken stop)
        => await store.Origins((await Row(snapshot, stop)).Id, snapshot.Version, stop);

    public async Task<StagedFile> Stage(string project, string parquet, TableWindow? window, CancellationToken stop)
    {
        Names.Check("project", project);
        var found = Inspector.Look(parquet, stop);
        return await Keep(parquet, found, [new FilePart(0, found.Rows, window)], stop);
    }

    /// <summary>Keeps a finished file whose contents are known.</summary>
    public async Task<StagedFile> Keep(string parquet, Inspected found, IReadOnlyList<FilePart> parts, CancellationToken stop)
    {
        StagedFile? staged = null;
        await shelf.Take(parquet, async (digest, size) =>
        {
            staged = new(digest, size, found.Rows, found.Columns, found.Statistics, parts);
            await store.Staged(FileRow.Of(staged), stop);
        }, stop);
        return staged!;
    }

    public Task<TableSnapshot> Commit(Tx tx, Who who, TableChange change) => commit.Make(tx, who, change);

    public Task<TableSnapshot> Commit(Who who, TableChange change, CancellationToken stop) => db.Write(tx => commit.Make(tx, who, change), stop);

    public async Task<TableReading> Open(string project, IEnumerable<TableReference> tables, CancellationToken stop)
    {
        var (leases, open) = (new List<string>(), new List<OpenTable>());
        try
        {
            var wanted = tables.Distinct().ToList();
            var newest = (await store.Newest(project, [.. wanted.Where(reference => reference.IsNewest).Select(reference => reference.Table).Distinct()], stop)).ToDictionary(snapshot => snapshot.Table);
            foreach (var reference in wanted)
            {
                var found = reference.IsNewest && newest.GetValueOrDefault(reference.Table.ToString()) is { } pinned ? pinned : await Get(project, reference, stop);
                var row = await Row(found, stop);
                var lease = new Lease(Names.NewId(), row.Id, found.Version, project, clock.GetUtcNow() + LongestReading);
                await store.Hold(lease, stop);
                leases.Add(lease.Id);
                // Looked at again now that it is held: either this sees that it expired, or the clean-up sees the lease.
                found = await Get(project, new(reference.Table, found.Version), stop);
                open.Add(await Open(row.Id, found, reference.Within, stop));
            }

            return new(project, open, () => store.LetGo(leases, CancellationToken.None));
        }
        catch
        {
            await store.LetGo(leases, CancellationToken.None);
            throw;
        }
    }

    public async Task<TableReading> Open(string project, IEnumerable<TableReference> tables, IReadOnlyList<TableChange> staged, CancellationToken stop)
    {
        var wanted = tables.Distinct().Select(reference => (Reference: reference, Change: reference.IsNewest ? staged.FirstOrDefault(change => change.Table == reference.Table) : null)).ToList();
        var there = new List<TableReference>();
        foreach (var (reference, change) in wanted)
            if (change is null || await store.Find(project, reference, stop) is not null)
                there.Add(reference);
        var reading = await Open(project, there, stop);
        try
        {
            var open = new List<OpenTable>();
            foreach (var (reference, change) in wanted)
            {
                var before = there.IndexOf(reference) is >= 0 and var place ? reading.Tables[place] : null;
                if (change?.Removed.Count > 0 && (before is null || !await store.Holds((await Row(before.Snapshot, stop)).Id, before.Snapshot.Version, change.Removed, stop)))
                    throw ProblemException.Conflict("table_conflict", $"Rows of '{change.Table}' that a staged change has rewritten were changed since {change.Table}@{change.From}.", "Make the change again from the newest snapshot.");
                open.Add(change is null ? before! : StagedTables.After(before, change, await Local(change.Files, stop), reference.Within));
            }

            return reading.With(open);
        }
        catch
        {
            await reading.DisposeAsync();
            throw;
        }
    }

    /// <summary>Where staged files lie on this machine.</summary>
    public async Task<IReadOnlyList<string>> Local(IReadOnlyList<StagedFile> files, CancellationToken stop)
    {
        var paths = new List<string>();
        foreach (var file in files)
            paths.Add(await shelf.Local(file.Blob, stop));
        return paths;
    }

    private async Task<OpenTable> Open(string tableId, TableSnapshot snapshot, TableWindow? within, CancellationToken stop)
    {
        var parts = await store.Parts(tableId, snapshot.Version, within, stop);
        var files = await store.Files(parts.Select(part => part.Blob), stop);
        var shapes = files.Values.Select(file => file.Columns).Distinct().ToDictionary(text => text, text => (IReadOnlyList<TableColumn>)Json.Read<List<TableColumn>>(text));
        var open = new List<OpenFile>();
        foreach (var file in parts.GroupBy(part => part.Blob))
            open.Add(new(await shelf.Local(file.Key, stop), files[file.Key], shapes[files[file.Key].Columns], [.. file.Select(part => new OpenPart(part.Id, part.FirstRow, part.RowCount, part.Window))]));
        return new(snapshot, await store.Columns(tableId, snapshot.SchemaVersion, stop), open);
    }

    private async Task<TableSnapshot> Get(string project, TableReference reference, CancellationToken stop)
    {
        var found = await store.Find(project, reference, stop) ?? throw (await store.Find(project, new(reference.Table), stop) is null
            ? ProblemException.NotFound("table", reference.Table.ToString(), "steward table list shows those of the project.")
            : ProblemException.NotFound("snapshot", reference.ToString(), $"steward table history {reference.Table} shows them."));
        return found.ExpiredAt is null ? found : throw ProblemException.Conflict("snapshot_expired", $"{found.Reference} is expired: its rows were given up.", $"steward table history {reference.Table} shows those that can be read.");
    }

    private async Task<TableRow> Row(TableSnapshot snapshot, CancellationToken stop) => (await store.Table(snapshot.Project, TableName.Parse(snapshot.Table), stop))!;
}
