using Dapper;
using Steward.Storage;

namespace Steward.Data;

/// <summary>All SQL about drafts and the pictures they gather.</summary>
internal sealed class DraftStore(Db db)
{
    private const int RowsAtOnce = 250;
    private const string Unsaid = "unsaid";
    private const string Columns = "id, project, data_set, owner, started_at, closed";

    public static Task Add(Tx tx, Draft draft) => tx.Run("""
        INSERT INTO upload (id, project, data_set, owner, started_at, closed)
        VALUES (@Id, @Project, @DataSet, @Owner, @StartedAt, @Closed)
        """, draft);

    /// <summary>The draft, locked until the transaction ends.</summary>
    public static Task<Draft?> Find(Tx tx, string id)
        => tx.One<Draft>($"SELECT {Columns} FROM upload WHERE id = @id {tx.Dialect.ForUpdate}", new { id });

    public static Task<long> Open(Tx tx, string project, string owner)
        => tx.One<long>("SELECT count(*) FROM upload WHERE project = @project AND owner = @owner", new { project, owner });

    public static Task Close(Tx tx, string id, bool closed) => tx.Run("UPDATE upload SET closed = @closed WHERE id = @id", new { id, closed });

    /// <summary>The pictures stay in the blob store: another draft or snapshot may hold the same bytes.</summary>
    public static async Task Drop(Tx tx, string id)
    {
        await tx.Run("DELETE FROM upload_item WHERE upload = @id", new { id });
        await tx.Run("DELETE FROM upload WHERE id = @id", new { id });
    }

    public static async Task DropForgotten(Tx tx, string project, DateTimeOffset before)
    {
        await tx.Run("DELETE FROM upload_item WHERE upload IN (SELECT id FROM upload WHERE project = @project AND started_at < @before)", new { project, before });
        await tx.Run("DELETE FROM upload WHERE project = @project AND started_at < @before", new { project, before });
    }

    /// <summary>Puts a batch over what is there, by key; no key may be in it twice.</summary>
    public static async Task Put(Tx tx, Draft draft, IReadOnlyList<DraftItem> items)
    {
        foreach (var some in items.Chunk(RowsAtOnce))
        {
            var values = new DynamicParameters();
            values.Add("upload", draft.Id);
            values.Add("project", draft.Project);
            for (var i = 0; i < some.Length; i++)
            {
                values.Add($"k{i}", some[i].Key);
                values.Add($"b{i}", some[i].Blob.Hex);
                values.Add($"n{i}", some[i].Size);
                values.Add($"l{i}", some[i].Label);
                values.Add($"s{i}", some[i].Split?.Word() ?? Unsaid);
                values.Add($"f{i}", some[i].Source);
            }

            var rows = string.Join(", ", Enumerable.Range(0, some.Length).Select(i => $"(@upload, @project, @k{i}, @b{i}, @n{i}, @l{i}, @s{i}, @f{i})"));
            await tx.Run($"""
                INSERT INTO upload_item (upload, project, key, blob, size, label, split, source) VALUES {rows}
                ON CONFLICT (upload, key) DO UPDATE
                   SET blob = excluded.blob, size = excluded.size, label = excluded.label, split = excluded.split, source = excluded.source
                """, values);
        }
    }

    public static Task<long> Count(Tx tx, string id) => tx.One<long>("SELECT count(*) FROM upload_item WHERE upload = @id", new { id });

    public async Task<List<DraftItem>> Items(string id, CancellationToken stop)
        => (await db.All<Row>("SELECT key, blob, size, label, split, source FROM upload_item WHERE upload = @id ORDER BY key", new { id }, stop))
            .ConvertAll(row => new DraftItem(row.Key, row.Blob, row.Size, row.Label, row.Split == Unsaid ? null : Splits.Read(row.Split), row.Source));

    private sealed record Row(string Key, Digest Blob, long Size, string Label, string Split, string Source);
}
