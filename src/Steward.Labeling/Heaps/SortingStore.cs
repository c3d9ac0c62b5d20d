using Dapper;
using Steward.Storage;

namespace Steward.Labeling.Heaps;

/// <summary>All SQL about sortings, their heaps and pictures, and what people did with them.</summary>
internal sealed class SortingStore(Db db)
{
    private const int RowsAtOnce = 250;
    private const string Columns = "project, number, data_set, version, pictures, state, created_at, created_by, done_at, done_by, named, snapshot, trouble";

    public async Task<List<Sorting>> All(string project, int most, CancellationToken stop) => (await db.All<Row>($"""
        SELECT {Columns}
          FROM heap_sorting
         WHERE project = @project
         ORDER BY number DESC
         LIMIT @most
        """, new { project, most }, stop)).ConvertAll(row => row.Read());

    public async Task<Sorting?> Find(string project, int number, CancellationToken stop)
        => (await db.One<Row>($"SELECT {Columns} FROM heap_sorting WHERE project = @project AND number = @number", new { project, number }, stop))?.Read();

    /// <summary>The sorting, which nobody else changes until the transaction ends.</summary>
    public static async Task<Sorting?> Hold(Tx tx, string project, int number)
        => (await tx.One<Row>($"SELECT {Columns} FROM heap_sorting WHERE project = @project AND number = @number {tx.Dialect.ForUpdate}", new { project, number }))?.Read();

    public async Task<List<Sorting>> Closing(CancellationToken stop)
        => (await db.All<Row>($"SELECT {Columns} FROM heap_sorting WHERE state = @closing ORDER BY project, number", new { closing = QueueState.Closing }, stop)).ConvertAll(row => row.Read());

    public static async Task<int> NextNumber(Tx tx, string project)
        => (int)await tx.One<long>("SELECT coalesce(max(number), 0) + 1 FROM heap_sorting WHERE project = @project", new { project });

    public static async Task Add(Tx tx, Sorting one, string task, IReadOnlyList<(Digest Picture, int Heap, float Odd)> pictures)
    {
        await tx.Run("""
            INSERT INTO heap_sorting (project, number, task, data_set, version, pictures, state, created_at, created_by)
            VALUES (@Project, @Number, @task, @DataSet, @Version, @Pictures, @State, @CreatedAt, @CreatedBy)
            """, new { one.Project, one.Number, task, one.DataSet, one.Version, one.Pictures, one.State, one.CreatedAt, one.CreatedBy });
        foreach (var heap in pictures.Select(picture => picture.Heap).Distinct().Order())
            await AddHeap(tx, one, heap);
        foreach (var some in pictures.Index().Chunk(RowsAtOnce))
        {
            var values = new DynamicParameters();
            values.Add("project", one.Project);
            values.Add("sorting", (long)one.Number);
            for (var i = 0; i < some.Length; i++)
            {
                values.Add($"n{i}", some[i].Index + 1L);
                values.Add($"p{i}", some[i].Item.Picture.Hex);
                values.Add($"h{i}", (long)some[i].Item.Heap);
                values.Add($"o{i}", (double)some[i].Item.Odd);
            }

            await tx.Run($"INSERT INTO heap_picture (project, sorting, number, picture, heap, odd, aside) VALUES {string.Join(", ", Enumerable.Range(0, some.Length).Select(i => $"(@project, @sorting, @n{i}, @p{i}, @h{i}, @o{i}, 0)"))}", values);
        }
    }

    public static Task Change(Tx tx, Sorting one) => tx.Run("""
        UPDATE heap_sorting
           SET state = @State, done_at = @DoneAt, done_by = @DoneBy, named = @Named, snapshot = @Snapshot, trouble = @Trouble
         WHERE project = @Project AND number = @Number
        """, new { one.Project, one.Number, one.State, one.DoneAt, one.DoneBy, one.Named, one.Snapshot, one.Trouble });

    public async Task<List<Heap>> Heaps(string project, int sorting, CancellationToken stop) => (await db.All<HeapRow>(HeapsIn, new { project, sorting }, stop)).ConvertAll(row => row.Read());

    public static async Task<List<Heap>> HeapsOf(Tx tx, Sorting one) => (await tx.All<HeapRow>(HeapsIn, new { project = one.Project, sorting = one.Number })).ConvertAll(row => row.Read());

    private const string HeapsIn = """
        SELECT h.number, h.name, count(p.number) FILTER (WHERE p.aside = 0) AS pictures, count(p.number) FILTER (WHERE p.aside = 1) AS aside
          FROM heap h
          LEFT JOIN heap_picture p ON p.project = h.project AND p.sorting = h.sorting AND p.heap = h.number
         WHERE h.project = @project AND h.sorting = @sorting
         GROUP BY h.number, h.name
         ORDER BY h.number
        """;

    /// <summary>The pictures of a heap, the most typical first, those set aside last.</summary>
    public async Task<List<HeapItem>> Pictures(string project, int sorting, int heap, int skip, int most, CancellationToken stop) => (await db.All<PictureRow>("""
        SELECT number, picture, heap, aside
          FROM heap_picture
         WHERE project = @project AND sorting = @sorting AND heap = @heap
         ORDER BY aside, odd, number
         LIMIT @most OFFSET @skip
        """, new { project, sorting, heap, skip, most }, stop)).ConvertAll(row => row.Read());

    /// <summary>The first and the last pictures of every heap, without those between.</summary>
    public async Task<List<HeapItem>> Ends(string project, int sorting, int first, int last, CancellationToken stop) => (await db.All<PictureRow>("""
        SELECT number, picture, heap, aside
          FROM (SELECT number, picture, heap, aside,
                       row_number() OVER (PARTITION BY heap ORDER BY aside, odd, number) AS place,
                       count(*) OVER (PARTITION BY heap) AS size
                  FROM heap_picture
                 WHERE project = @project AND sorting = @sorting) placed
         WHERE place <= @first OR place > size - @last
         ORDER BY heap, place
        """, new { project, sorting, first, last }, stop)).ConvertAll(row => row.Read());

    /// <summary>Each picture that has a name, and the name.</summary>
    public async Task<List<(Digest Picture, string Name)>> Names(string project, int sorting, CancellationToken stop) => (await db.All<NameRow>("""
        SELECT p.picture, h.name
          FROM heap_picture p
          JOIN heap h ON h.project = p.project AND h.sorting = p.sorting AND h.number = p.heap
         WHERE p.project = @project AND p.sorting = @sorting AND p.aside = 0 AND h.name IS NOT NULL
         ORDER BY p.number
        """, new { project, sorting }, stop)).ConvertAll(row => (Digest.Parse(row.Picture), row.Name));

    public static async Task<HeapItem?> Picture(Tx tx, Sorting one, int picture)
        => (await tx.One<PictureRow>("SELECT number, picture, heap, aside FROM heap_picture WHERE project = @Project AND sorting = @Number AND number = @picture", new { one.Project, one.Number, picture }))?.Read();

    public static Task AddHeap(Tx tx, Sorting one, int number)
        => tx.Run("INSERT INTO heap (project, sorting, number) VALUES (@Project, @Number, @heap)", new { one.Project, one.Number, heap = number });

    public static Task DropHeap(Tx tx, Sorting one, int number)
        => tx.Run("DELETE FROM heap WHERE project = @Project AND sorting = @Number AND number = @heap", new { one.Project, one.Number, heap = number });

    public static Task Name(Tx tx, Sorting one, int heap, string? name)
        => tx.Run("UPDATE heap SET name = @name WHERE project = @Project AND sorting = @Number AND number = @heap", new { one.Project, one.Number, heap, name });

    public static Task Aside(Tx tx, Sorting one, int picture, bool aside)
        => tx.Run("UPDATE heap_picture SET aside = @aside WHERE project = @Project AND sorting = @Number AND number = @picture", new { one.Project, one.Number, picture, aside });

    /// <summary>Moves what was set aside in a heap, as it is, to another one.</summary>
    public static Task MoveAside(Tx tx, Sorting one, int from, int to)
        => tx.Run("UPDATE heap_picture SET heap = @to, aside = 0 WHERE project = @Project AND sorting = @Number AND heap = @from AND aside = 1", new { one.Project, one.Number, from, to });

    public static Task MoveBack(Tx tx, Sorting one, int from, int to)
        => tx.Run("UPDATE heap_picture SET heap = @to, aside = 1 WHERE project = @Project AND sorting = @Number AND heap = @from", new { one.Project, one.Number, from, to });

    public static Task Note(Tx tx, Sorting one, Deed deed, string byId, string byName, DateTimeOffset at) => tx.Run("""
        INSERT INTO heap_deed (project, sorting, seq, kind, heap, picture, before, by_id, by_name, at, undone)
        VALUES (@Project, @Number, (SELECT coalesce(max(seq), 0) + 1 FROM heap_deed WHERE project = @Project AND sorting = @Number), @Kind, @Heap, @Picture, @Before, @byId, @byName, @at, 0)
        """, new { one.Project, one.Number, deed.Kind, deed.Heap, deed.Picture, deed.Before, byId, byName, at });

    /// <summary>What this person did last and has not taken back.</summary>
    public static async Task<Deed?> Last(Tx tx, Sorting one, string person) => (await tx.One<DeedRow>("""
        SELECT seq, kind, heap, picture, before
          FROM heap_deed
         WHERE project = @Project AND sorting = @Number AND by_id = @person AND undone = 0
         ORDER BY seq DESC
         LIMIT 1
        """, new { one.Project, one.Number, person }))?.Read();

    public static Task Undo(Tx tx, Sorting one, long seq)
        => tx.Run("UPDATE heap_deed SET undone = 1 WHERE project = @Project AND sorting = @Number AND seq = @seq", new { one.Project, one.Number, seq });

    internal enum DeedKind { Name, Aside, Split }

    /// <param name="Heap">Which heap; for a split the new one.</param>
    /// <param name="Before">The name before, whether the picture was set aside before, or the heap it was split from.</param>
    internal sealed record Deed(DeedKind Kind, int Heap, int? Picture, string? Before, long Seq = 0);

    private sealed class Row
    {
        public string Project { get; init; } = "";
        public long Number { get; init; }
        public string DataSet { get; init; } = "";
        public long Version { get; init; }
        public long Pictures { get; init; }
        public string State { get; init; } = "";
        public DateTimeOffset CreatedAt { get; init; }
        public string CreatedBy { get; init; } = "";
        public DateTimeOffset? DoneAt { get; init; }
        public string? DoneBy { get; init; }
        public long? Named { get; init; }
        public long? Snapshot { get; init; }
        public string? Trouble { get; init; }

        public Sorting Read() => new(Project, (int)Number, DataSet, (int)Version, (int)Pictures, Enum.Parse<QueueState>(State, ignoreCase: true), CreatedAt, CreatedBy, DoneAt, DoneBy, (int?)Named, (int?)Snapshot, Trouble);
    }

    private sealed class HeapRow
    {
        public long Number { get; init; }
        public string? Name { get; init; }
        public long Pictures { get; init; }
        public long Aside { get; init; }

        public Heap Read() => new((int)Number, Name, (int)Pictures, (int)Aside);
    }

    private sealed class PictureRow
    {
        public long Number { get; init; }
        public string Picture { get; init; } = "";
        public long Heap { get; init; }
        public long Aside { get; init; }

        public HeapItem Read() => new((int)Number, Digest.Parse(Picture), (int)Heap, Aside != 0);
    }

    private sealed class NameRow
    {
        public string Picture { get; init; } = "";
        public string Name { get; init; } = "";
    }

    private sealed class DeedRow
    {
        public long Seq { get; init; }
        public string Kind { get; init; } = "";
        public long Heap { get; init; }
        public long? Picture { get; init; }
        public string? Before { get; init; }

        public Deed Read() => new(Enum.Parse<DeedKind>(Kind, ignoreCase: true), (int)Heap, (int?)Picture, Before, Seq);
    }
}
