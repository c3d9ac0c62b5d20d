using System.Runtime.CompilerServices;
using Steward.Data.Connections;
using Steward.Data.Tables;
using Steward.Work;

namespace Steward.Data.Engine;

internal sealed class TableEngine(Tables.Tables tables, TableStore store, IChildHosts hosts) : ITableEngine
{
    /// <summary>What a child needs besides its engine: the runtime and what it has loaded.</summary>
    private const long Beside = 256L << 20;

    private const long OurMemory = 512L << 20, LargestNote = 64L << 20;

    public async Task<MadeTable> Make(TableReading from, MakeOrder order, CancellationToken stop)
    {
        using var folder = hosts.Folder("sql");
        var job = Job(from, order.Sql, order.Limits.Memory, order.Ours) with { PartitionBy = order.PartitionBy };
        var made = order.Ours ? await Task.Run(() => DuckRun.Make(job, folder.Path, stop), stop) : await InChild<DuckMade>(job, folder, order.Limits, QueryChild.Made, stop);
        var files = new List<StagedFile>();
        foreach (var file in made.Files)
            files.Add(await tables.Keep(Within(folder, file.Name), new(file.Rows, made.Columns, file.Statistics), [new(0, file.Rows, order.Window)], stop));
        return new(files, made.Columns, Origins(from, made), files.Sum(file => file.Rows));
    }

    public async Task<QueryAnswer> Query(TableReading from, string sql, QueryLimits limits, CancellationToken stop)
    {
        using var folder = hosts.Folder("sql");
        var job = Job(from, sql, limits.Memory, limits.Ours) with { Rows = limits.Rows };
        return limits.Ours ? await Task.Run(() => DuckRun.Query(job, folder.Path, stop), stop) : await InChild<QueryAnswer>(job, folder, new() { Memory = limits.Memory, Time = limits.Time }, QueryChild.Answer, stop);
    }

    public async IAsyncEnumerable<RowBatch> Rows(TableReading from, string sql, int size, [EnumeratorCancellation] CancellationToken stop)
    {
        using var folder = hosts.Folder("sql");
        await foreach (var batch in RowStream.Of(Job(from, sql, OurMemory, ours: true), folder.Path, size, stop))
            yield return batch;
    }

    public async Task<MadeTable> Make(IAsyncEnumerable<RowBatch> rows, TableWindow? window, CancellationToken stop)
    {
        using var folder = hosts.Folder("sql");
        var files = new List<StagedFile>();
        await foreach (var (path, found) in RowKeeping.Of(rows, folder.Path, OurMemory, stop))
            files.Add(await tables.Keep(path, found, [new(0, found.Rows, window)], stop));
        return new(files, files.Count > 0 ? files[0].Columns : [], [], files.Sum(file => file.Rows));
    }

    /// <summary>Asks something of a file that is no table yet, in a child.</summary>
    public async Task<QueryAnswer> Ask(DuckTable file, string sql, int rows, JobLimits limits, CancellationToken stop)
    {
        using var folder = hosts.Folder("sql");
        return await InChild<QueryAnswer>(new(sql, [file], limits.Memory - Beside) { Rows = rows }, folder, limits, QueryChild.Answer, stop);
    }

    /// <summary>Makes Parquet files of ours from a file that is no table yet, in a child; they are moved to <paramref name="target"/>.</summary>
    public async Task<List<(string Path, Inspected Found)>> MakeIn(DuckTable file, string sql, string target, JobLimits limits, CancellationToken stop)
    {
        using var folder = hosts.Folder("sql");
        var made = await InChild<DuckMade>(new(sql, [file], limits.Memory - Beside), folder, limits, QueryChild.Made, stop);
        var moved = new List<(string, Inspected)>();
        foreach (var one in made.Files)
        {
            var path = Path.Combine(target, $"{Names.NewId()}.parquet");
            File.Move(Within(folder, one.Name), path);
            moved.Add((path, new(one.Rows, made.Columns, one.Statistics)));
        }

        return moved;
    }

    public async Task<TableChange> Merge(string project, TableName table, IReadOnlyList<StagedFile> rows, IReadOnlyList<string> key, int? from, CancellationToken stop)
    {
        var newest = await tables.Find(project, new(table, from), stop);
        await using var reading = newest is null ? null : await tables.Open(project, [new(table, newest.Version)], stop);
        using var folder = hosts.Folder("sql");
        var merge = new Merging(table, reading?.Tables[0].Columns ?? rows[0].Columns, reading?.Tables[0].Files ?? [], rows, key, await tables.Local(rows, stop), folder.Path);
        var (file, parts, removed) = await Task.Run(() => merge.Run(OurMemory, stop), stop);
        var staged = file is null ? [] : (IReadOnlyList<StagedFile>)[await tables.Keep(file.Value.Path, file.Value.Found, parts, stop)];
        return new(project, table, ChangeKind.Merge, newest?.Version ?? 0, staged) { Key = key, Removed = removed };
    }

    public async Task<TableChange?> Compact(string project, TableName table, CancellationToken stop)
    {
        var newest = await tables.Find(project, new(table), stop) ?? throw ProblemException.NotFound("table", table.ToString(), "steward table list shows those of the project.");
        await using var reading = await tables.Open(project, [new(table, newest.Version)], stop);
        var groups = Compaction.Choose(reading.Tables[0]);
        if (groups.Count == 0)
            return null;
        using var folder = hosts.Folder("sql");
        var (staged, removed) = (new List<StagedFile>(), new List<string>());
        foreach (var group in groups)
        {
            var (path, found, parts) = await Task.Run(() => Compaction.Write(reading.Tables[0], group, folder.Path, OurMemory, stop), stop);
            staged.Add(await tables.Keep(path, found, parts, stop));
            removed.AddRange(group.Select(one => one.Part.Id));
        }

        return new(project, table, ChangeKind.Compact, newest.Version, staged) { Removed = removed, Reason = "small files written together" };
    }

    public async Task<TableDiff> Diff(string project, TableName table, int from, int to, IReadOnlyList<string> key, int most, CancellationToken stop)
    {
        await using var reading = await tables.Open(project, [new(table, from), new(table, to)], stop);
        if (from == to)
            return new(reading.Tables[0].Snapshot, reading.Tables[0].Snapshot, reading.Tables[0].Columns, 0, 0, 0, [], [], []);
        var by = key.Count > 0 ? key : (await store.Table(project, table, stop))!.Key;
        using var folder = hosts.Folder("sql");
        return await Task.Run(() => Differing.Between(reading.Tables[0], reading.Tables[1], by, most, folder.Path, OurMemory, stop), stop);
    }

    private static DuckJob Job(TableReading from, string sql, long memory, bool ours)
        => new(sql, [.. from.Tables.Select(DuckTable.Of)], ours ? Math.Min(memory, OurMemory) : Math.Max(64L << 20, memory - Beside));

    private async Task<T> InChild<T>(DuckJob job, ChildFolder folder, JobLimits limits, string note, CancellationToken stop)
    {
        await File.WriteAllTextAsync(Path.Combine(folder.Path, QueryChild.Job), Json.Write(job), stop);
        await hosts.Run("sql", folder, limits, (_, _) => Task.CompletedTask, stop);
        var left = new FileInfo(Path.Combine(folder.Path, note));
        if (!left.Exists || left.LinkTarget is not null || left.Length > LargestNote)
            throw new ProblemException(ProblemKind.Unavailable, "child_failed", "The process that ran the SQL left no answer.", "Try again.");
        return Json.Read<T>(await File.ReadAllTextAsync(left.FullName, stop));
    }

    /// <summary>A child names files; only plain ones of its own folder are taken.</summary>
    private static string Within(ChildFolder folder, string name)
    {
        var (root, path) = (Path.Combine(folder.Path, "out") + "/", Path.GetFullPath(Path.Combine(folder.Path, "out", name)));
        return path.StartsWith(root, StringComparison.Ordinal) && new FileInfo(path) is { Exists: true, LinkTarget: null }
            ? path
            : throw new ProblemException(ProblemKind.Unavailable, "child_failed", "The process that ran the SQL left files that are not its own.", "Try again.");
    }

    private static IReadOnlyList<ColumnOrigin> Origins(TableReading from, DuckMade made)
    {
        var snapshots = from.Tables.ToDictionary(table => table.Snapshot.Table, table => table.Snapshot.Reference);
        return [.. made.Columns.Zip(made.Origins, (column, origins) => origins.Where(origin => snapshots.ContainsKey(origin.Table)).Select(origin => new ColumnOrigin(column.Name, snapshots[origin.Table], origin.Column))).SelectMany(all => all).Distinct()];
    }
}
