using Steward.Storage;

namespace Steward.Labeling;

/// <summary>All SQL about queues, items and what people did with them.</summary>
internal sealed class QueueStore(Db db)
{
    private const string QueueColumns = "project, number, incident, endpoint, model, version, data_set, labels, state, items, answered, created_at, full_at, closing_at, done_at, done_by, snapshot, trouble";
    private const string ItemColumns = "number, picture, prediction, guess, confidence, label, by_id, by_name, leased_to, leased_until";

    public async Task<List<LabelQueue>> All(string project, int most, CancellationToken stop) => (await db.All<QueueRow>($"""
        SELECT {QueueColumns}
          FROM label_queue
         WHERE project = @project
         ORDER BY number DESC
         LIMIT @most
        """, new { project, most }, stop)).ConvertAll(row => row.Read());

    public async Task<LabelQueue?> Find(string project, int number, CancellationToken stop)
        => (await db.One<QueueRow>($"SELECT {QueueColumns} FROM label_queue WHERE project = @project AND number = @number", new { project, number }, stop))?.Read();

    /// <summary>The queue, which nobody else changes until the transaction ends.</summary>
    public static async Task<LabelQueue?> Hold(Tx tx, string project, int number)
        => (await tx.One<QueueRow>($"SELECT {QueueColumns} FROM label_queue WHERE project = @project AND number = @number {tx.Dialect.ForUpdate}", new { project, number }))?.Read();

    /// <summary>Those of every project that are to be closed: on their way, or full since before a time.</summary>
    public async Task<List<LabelQueue>> Due(DateTimeOffset fullBefore, CancellationToken stop) => (await db.All<QueueRow>($"""
        SELECT {QueueColumns}
          FROM label_queue
         WHERE state = @closing OR (state = @open AND full_at <= @fullBefore)
         ORDER BY project, number
        """, new { fullBefore, closing = QueueState.Closing, open = QueueState.Open }, stop)).ConvertAll(row => row.Read());

    public async Task<int> Waiting(string project, CancellationToken stop) => (int)await db.One<long>(
        "SELECT coalesce(sum(items - answered), 0) FROM label_queue WHERE project = @project AND state = @open", new { project, open = QueueState.Open }, stop);

    public static async Task<bool> Heard(Tx tx, string project, string wish)
        => await tx.One<long>("SELECT count(*) FROM label_queue WHERE project = @project AND wish = @wish", new { project, wish }) > 0;

    public static async Task<int> NextNumber(Tx tx, string project)
        => (int)await tx.One<long>("SELECT coalesce(max(number), 0) + 1 FROM label_queue WHERE project = @project", new { project });

    public static async Task Add(Tx tx, LabelQueue queue, string wish, IEnumerable<LabelItem> items)
    {
        await tx.Run("""
            INSERT INTO label_queue (project, number, wish, incident, endpoint, model, version, data_set, labels, state, items, answered, created_at)
            VALUES (@Project, @Number, @wish, @Incident, @Endpoint, @Model, @Version, @DataSet, @labels, @State, @Items, 0, @CreatedAt)
            """, new { queue.Project, queue.Number, wish, queue.Incident, queue.Endpoint, queue.Model, queue.Version, queue.DataSet, labels = Json.Write(queue.Labels), queue.State, queue.Items, queue.CreatedAt });
        foreach (var item in items)
            await tx.Run("""
                INSERT INTO label_item (project, queue, number, picture, prediction, guess, confidence, leased_until)
                VALUES (@Project, @queue, @Number, @Picture, @Prediction, @Guess, @Confidence, 0)
                """, new { queue.Project, queue = queue.Number, item.Number, item.Picture, item.Prediction, item.Guess, item.Confidence });
    }

    public static Task Change(Tx tx, LabelQueue one) => tx.Run("""
        UPDATE label_queue
           SET state = @State, answered = @Answered, full_at = @FullAt, closing_at = @ClosingAt, done_at = @DoneAt, done_by = @DoneBy, snapshot = @Snapshot, trouble = @Trouble
         WHERE project = @Project AND number = @Number
        """, new { one.Project, one.Number, one.State, one.Answered, one.FullAt, one.ClosingAt, one.DoneAt, one.DoneBy, one.Snapshot, one.Trouble });

    public async Task<List<LabelItem>> Items(string project, int queue, int most, CancellationToken stop) => (await db.All<ItemRow>($"""
        SELECT {ItemColumns}
          FROM label_item
         WHERE project = @project AND queue = @queue
         ORDER BY number
         LIMIT @most
        """, new { project, queue, most }, stop)).ConvertAll(row => row.Read());

    public async Task<LabelItem?> Item(string project, int queue, int number, CancellationToken stop)
        => (await db.One<ItemRow>($"SELECT {ItemColumns} FROM label_item WHERE project = @project AND queue = @queue AND number = @number", new { project, queue, number }, stop))?.Read();

    public static async Task<ItemRow?> Item(Tx tx, LabelQueue queue, int item)
        => await tx.One<ItemRow>($"SELECT {ItemColumns} FROM label_item WHERE project = @Project AND queue = @Number AND number = @item", new { queue.Project, queue.Number, item });

    /// <summary>
    /// What this person looks at, their own first: unanswered, held by nobody else, and not skipped by them. The caller
    /// holds the queue, so nobody takes the same.
    /// </summary>
    public static Task<List<ItemRow>> Free(Tx tx, LabelQueue queue, string person, DateTimeOffset now, int most) => tx.All<ItemRow>($"""
        SELECT {ItemColumns}
          FROM label_item i
         WHERE project = @Project AND queue = @Number AND label IS NULL
           AND (leased_to IS NULL OR leased_to = @person OR leased_until <= @now)
           AND NOT EXISTS (SELECT 1 FROM label_deed d WHERE d.project = i.project AND d.queue = i.queue AND d.item = i.number AND d.by_id = @person AND d.label IS NULL AND d.undone = 0)
         ORDER BY CASE WHEN leased_to = @person THEN 0 ELSE 1 END, number
         LIMIT @most
        """, new { queue.Project, queue.Number, person, now, most });

    public static Task Lease(Tx tx, LabelQueue queue, IEnumerable<int> items, string person, DateTimeOffset until)
        => tx.Run("UPDATE label_item SET leased_to = @person, leased_until = @until WHERE project = @Project AND queue = @Number AND number IN @items", new { queue.Project, queue.Number, items, person, until });

    public static Task Name(Tx tx, LabelQueue queue, int item, string? label, string? byId, string? byName, string? leasedTo, DateTimeOffset until) => tx.Run("""
        UPDATE label_item
           SET label = @label, by_id = @byId, by_name = @byName, leased_to = @leasedTo, leased_until = @until
         WHERE project = @Project AND queue = @Number AND number = @item
        """, new { queue.Project, queue.Number, item, label, byId, byName, leasedTo, until });

    /// <param name="label">Null for a skip.</param>
    public static Task Note(Tx tx, LabelQueue queue, int item, string byId, string byName, string? label, DateTimeOffset at) => tx.Run("""
        INSERT INTO label_deed (project, queue, seq, item, by_id, by_name, label, at, undone)
        VALUES (@Project, @Number, (SELECT coalesce(max(seq), 0) + 1 FROM label_deed WHERE project = @Project AND queue = @Number), @item, @byId, @byName, @label, @at, 0)
        """, new { queue.Project, queue.Number, item, byId, byName, label, at });

    /// <summary>What this person did last and has not taken back.</summary>
    public static Task<DeedRow?> Last(Tx tx, LabelQueue queue, string person) => tx.One<DeedRow>("""
        SELECT seq, item, label
          FROM label_deed
         WHERE project = @Project AND queue = @Number AND by_id = @person AND undone = 0
         ORDER BY seq DESC
         LIMIT 1
        """, new { queue.Project, queue.Number, person });

    /// <summary>The label this person gave an item before the deed; null when none.</summary>
    public static Task<string?> Before(Tx tx, LabelQueue queue, string person, DeedRow deed) => tx.One<string>("""
        SELECT label
          FROM label_deed
         WHERE project = @Project AND queue = @Number AND by_id = @person AND item = @Item AND seq < @Seq AND undone = 0 AND label IS NOT NULL
         ORDER BY seq DESC
         LIMIT 1
        """, new { queue.Project, queue.Number, person, deed.Item, deed.Seq });

    public static async Task<bool> Skipped(Tx tx, LabelQueue queue, int item, string person) => await tx.One<long>("""
        SELECT count(*)
          FROM label_deed
         WHERE project = @Project AND queue = @Number AND by_id = @person AND item = @item AND label IS NULL AND undone = 0
        """, new { queue.Project, queue.Number, person, item }) > 0;

    /// <summary>Who did something when, in order.</summary>
    public async Task<List<(string Person, DateTimeOffset At)>> Steps(string project, int queue, CancellationToken stop) => (await db.All<StepRow>("""
        SELECT by_id, at
          FROM label_deed
         WHERE project = @project AND queue = @queue AND undone = 0
         ORDER BY seq
        """, new { project, queue }, stop)).ConvertAll(row => (row.ById, row.At));

    public static Task Undo(Tx tx, LabelQueue queue, DeedRow deed)
        => tx.Run("UPDATE label_deed SET undone = 1 WHERE project = @Project AND queue = @Number AND seq = @Seq", new { queue.Project, queue.Number, deed.Seq });

    public static async Task<int> Answered(Tx tx, LabelQueue queue)
        => (int)await tx.One<long>("SELECT count(*) FROM label_item WHERE project = @Project AND queue = @Number AND label IS NOT NULL", new { queue.Project, queue.Number });

    internal sealed class DeedRow
    {
        public long Seq { get; init; }
        public long Item { get; init; }
        public string? Label { get; init; }
    }

    private sealed class StepRow
    {
        public string ById { get; init; } = "";
        public DateTimeOffset At { get; init; }
    }

    internal sealed class ItemRow
    {
        public long Number { get; init; }
        public string Picture { get; init; } = "";
        public string Prediction { get; init; } = "";
        public string Guess { get; init; } = "";
        public double Confidence { get; init; }
        public string? Label { get; init; }
        public string? ById { get; init; }
        public string? ByName { get; init; }
        public string? LeasedTo { get; init; }
        public DateTimeOffset LeasedUntil { get; init; }

        public LabelItem Read() => new((int)Number, Digest.Parse(Picture), Prediction, Guess, Confidence, Label, ByName);
    }

    private sealed class QueueRow
    {
        public string Project { get; init; } = "";
        public long Number { get; init; }
        public long Incident { get; init; }
        public string Endpoint { get; init; } = "";
        public string Model { get; init; } = "";
        public long Version { get; init; }
        public string DataSet { get; init; } = "";
        public string Labels { get; init; } = "";
        public string State { get; init; } = "";
        public long Items { get; init; }
        public long Answered { get; init; }
        public DateTimeOffset CreatedAt { get; init; }
        public DateTimeOffset? FullAt { get; init; }
        public DateTimeOffset? ClosingAt { get; init; }
        public DateTimeOffset? DoneAt { get; init; }
        public string? DoneBy { get; init; }
        public long? Snapshot { get; init; }
        public string? Trouble { get; init; }

        public LabelQueue Read() => new(
            Project, (int)Number, (int)Incident, Endpoint, Model, (int)Version, DataSet, Json.Read<List<string>>(Labels), Enum.Parse<QueueState>(State, ignoreCase: true),
            (int)Items, (int)Answered, CreatedAt, FullAt, ClosingAt, DoneAt, DoneBy, (int?)Snapshot, Trouble);
    }
}
