using Dapper;
using Steward.Storage;

namespace Steward.Data;

/// <summary>All SQL about snapshots and the pictures they hold.</summary>
internal sealed class SnapshotStore(Db db)
{
    private const int RowsAtOnce = 250;
    private const string Columns = "project, data_set, version, manifest, items, new_items, new_bytes, reason, added_by AS by, added_at AS at";

    public Task<Snapshot?> Find(string project, string dataSet, int version, CancellationToken stop) => db.One<Snapshot>($"""
        SELECT {Columns}
          FROM snapshot
         WHERE project = @project AND data_set = @dataSet AND version = @version
        """, new { project, dataSet, version }, stop);

    public Task<Snapshot?> Newest(string project, string dataSet, CancellationToken stop)
        => db.One<Snapshot>(NewestOne, new { project, dataSet }, stop);

    public static Task<Snapshot?> Newest(Tx tx, string project, string dataSet)
        => tx.One<Snapshot>(NewestOne, new { project, dataSet });

    public Task<List<Snapshot>> Versions(string project, string dataSet, int most, CancellationToken stop) => db.All<Snapshot>($"""
        SELECT {Columns}
          FROM snapshot
         WHERE project = @project AND data_set = @dataSet
         ORDER BY version DESC
         LIMIT @most
        """, new { project, dataSet, most }, stop);

    public Task<List<Snapshot>> All(string project, CancellationToken stop) => db.All<Snapshot>($"""
        SELECT {Columns}
          FROM snapshot s
         WHERE project = @project
           AND version = (SELECT max(version) FROM snapshot n WHERE n.project = s.project AND n.data_set = s.data_set)
         ORDER BY data_set
        """, new { project }, stop);

    public static Task Add(Tx tx, Snapshot add) => tx.Run("""
        INSERT INTO snapshot (project, data_set, version, manifest, items, new_items, new_bytes, reason, added_by, added_at)
        VALUES (@Project, @DataSet, @Version, @Manifest, @Items, @NewItems, @NewBytes, @Reason, @By, @At)
        """, add);

    /// <summary>Notes the pictures as the project's own; the bytes of those that were not.</summary>
    public static async Task<long> Own(Tx tx, string project, IEnumerable<(Digest Blob, long Size)> pictures)
    {
        var bytes = 0L;
        foreach (var some in pictures.Chunk(RowsAtOnce))
        {
            var values = new DynamicParameters();
            values.Add("project", project);
            for (var i = 0; i < some.Length; i++)
            {
                values.Add($"b{i}", some[i].Blob.Hex);
                values.Add($"s{i}", some[i].Size);
            }

            var rows = string.Join(", ", Enumerable.Range(0, some.Length).Select(i => $"(@project, @b{i}, @s{i})"));
            bytes += (await tx.All<long>($"INSERT INTO snapshot_blob (project, blob, size) VALUES {rows} ON CONFLICT DO NOTHING RETURNING size", values)).Sum();
        }

        return bytes;
    }

    /// <summary>Which of these pictures the project owns already.</summary>
    public async Task<HashSet<Digest>> Owned(string project, IEnumerable<Digest> pictures, CancellationToken stop)
    {
        var owned = new HashSet<Digest>();
        foreach (var some in pictures.Chunk(RowsAtOnce))
            owned.UnionWith(await db.All<Digest>("SELECT blob FROM snapshot_blob WHERE project = @project AND blob IN @some", new { project, some = some.Select(blob => blob.Hex).ToArray() }, stop));
        return owned;
    }

    public async Task<bool> Owns(string project, Digest blob, CancellationToken stop)
        => await db.One<long>("SELECT count(*) FROM snapshot_blob WHERE project = @project AND blob = @blob", new { project, blob }, stop) > 0;

    /// <summary>Bytes of these pictures together, each counted once.</summary>
    public async Task<long> Bytes(string project, IEnumerable<Digest> pictures, CancellationToken stop)
    {
        var bytes = 0L;
        foreach (var some in pictures.Distinct().Chunk(4 * RowsAtOnce))
            bytes += await db.One<long>("SELECT CAST(coalesce(sum(size), 0) AS bigint) FROM snapshot_blob WHERE project = @project AND blob IN @some", new { project, some = some.Select(blob => blob.Hex).ToArray() }, stop);
        return bytes;
    }

    private const string NewestOne = $"""
        SELECT {Columns}
          FROM snapshot
         WHERE project = @project AND data_set = @dataSet
         ORDER BY version DESC
         LIMIT 1
        """;
}
