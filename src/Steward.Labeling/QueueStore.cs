using Steward.Storage;

namespace Steward.Labeling;

/// <summary>All SQL about queues, items and what people did with them.</summary>
internal sealed class QueueStore(Db db)
{
    private const string QueueColumns = "project, number, incident, endpoint, model, version, data_set, labels, state, items, answered, created_at, full_at, closing_at, done_at, done_by, snapshot, trouble, gathers";
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

    /// <param name="items">Numbered from 1.</param>
    public static async Task Add(Tx tx, LabelQueue queue, string wish, IReadOnlyList<LabelItem> items, IReadOnlyList<Again> repeats)
    {
        await tx.Run("""
            INSERT INTO label_queue (project, number, wish, incident, endpoint, model, version, data_set, labels, state, items, answered, created_at, gathers)
            VALUES (@Project, @Number, @wish, @Incident, @Endpoint, @Model, @Version, @DataSet, @labels, @State, @Items, 0, @CreatedAt, @Gathers)
            """, new { queue.Project, queue.Number, wish, queue.Incident, queue.Endpoint, queue.Model, queue.Version, queue.DataSet, labels = Json.Write(queue.Labels), queue.State, queue.Items, queue.CreatedAt, queue.Gathers });
        foreach (var item in items)
            await Ask(tx, queue, item, null);
        foreach (var (again, i) in repeats.Select((again, i) => (again, i)))
            await Ask(tx, queue, items[again.Number - 1] with { Number = items.Count + i + 1 }, again);
    }

    /// <summary>Whether people are, or were, asked about this answer of the request log.</summary>
    public static async Task<bool> Asked(Tx tx, string project, string prediction)
        => await tx.One<long>("SELECT count(*) FROM label_item WHERE project = @project AND prediction = @prediction", new { project, prediction }) > 0;

    /// <summary>The open queue that gathers answers of an endpoint for a data set and has room for another; nobody else changes it until the transaction ends.</summary>
    public static async Task<LabelQueue?> Gathering(Tx tx, string project, string endpoint, string dataSet) => (await tx.One<QueueRow>($"""
        SELECT {QueueColumns}
          FROM label_queue
         WHERE project = @project AND endpoint = @endpoint AND data_set = @dataSet AND state = @open AND items < gathers
         ORDER BY number
         LIMIT 1 {tx.Dialect.ForUpdate}
        """, new { project, endpoint, dataSet, open = QueueState.Open }))?.Read();

    /// <summary>One more question for a queue that gathers them.</summary>
    public static async Task Gather(Tx tx, LabelQueue queue, LabelItem item)
    {
        await Ask(tx, queue, item, null);
        await tx.Run("UPDATE label_queue SET items = items + 1, full_at = NULL WHERE project = @Project AND number = @Number", new { queue.Project, queue.Number });
    }

    private static Task Ask(Tx tx, LabelQueue queue, LabelItem item, Again? again) => tx.Run("""
            INSERT INTO label_item (project, queue, number, picture, prediction, guess, confidence, leased_until, repeats, asked_after)
            VALUES (@Project, @queue, @Number, @Picture, @Prediction, @Guess, @Confidence, 0, @repeats, @after)
            """, new { queue.Project, queue = queue.Number, item.Number, item.Picture, item.Prediction, item.Guess, item.Confidence, repeats = (long?)again?.Number, after = (long?)again?.After });

    public static Task Change(Tx tx, LabelQueue one) => tx.Run("""
        UPDATE label_queue
           SET state = @State, answered = @Answered, full_at = @FullAt, closing_at = @ClosingAt, done_at = @DoneAt, done_by = @DoneBy, snapshot = @Snapshot, trouble = @Trouble
         WHERE project = @Project AND number = @Number
        """, new { one.Project, one.Number, one.State, one.Answered, one.FullAt, one.ClosingAt, one.DoneAt, one.DoneBy, one.Snapshot, one.Trouble });

    /// <summary>Its pictures; what is asked a second time is none of its own.</summary>
    public async Task<List<LabelItem>> Items(string project, int queue, int most, CancellationToken stop) => (await db.All<ItemRow>($"""
        SELECT {ItemColumns}
          FROM label_item
         WHERE project = @project AND queue = @queue AND repeats IS NULL
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
           AND (repeats IS NULL OR EXISTS (SELECT 1 FROM label_item o WHERE o.project = i.project AND o.queue = i.queue AND o.number = i.repeats AND o.label IS NOT NULL))
         ORDER BY CASE WHEN leased_to = @person THEN 0 ELSE 1 END, coalesce(asked_after, number), number
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
        => (int)await tx.One<long>("SELECT count(*) FROM label_item WHERE project = @Project AND queue = @Number AND repeats IS NULL AND label IS NOT NULL", new { queue.Project, queue.Number });

    /// <summary>The pictures that came twice and that this person named at least once.</summary>
    public async Task<OwnLabels> Own(string project, string person, CancellationToken stop)
    {
        var rows = await db.All<AgainRow>("""
            SELECT CASE WHEN o.by_id = r.by_id THEN 1 ELSE 0 END AS own, count(*) AS pictures, sum(CASE WHEN o.label = r.label THEN 1 ELSE 0 END) AS alike
              FROM label_item r
              JOIN label_item o ON o.project = r.project AND o.queue = r.queue AND o.number = r.repeats
             WHERE r.project = @project AND r.repeats IS NOT NULL AND r.label IS NOT NULL AND o.label IS NOT NULL AND (r.by_id = @person OR o.by_id = @person)
             GROUP BY CASE WHEN o.by_id = r.by_id THEN 1 ELSE 0 END
            """, new { project, person }, stop);
        Alike Of(int own) => rows.Find(row => row.Own == own) is { } row ? new((int)row.Alike, (int)row.Pictures) : new(0, 0);
        return new(true, Of(1), Of(0));
    }

    private sealed class AgainRow
    {
        public long Own { get; init; }
        public long Pictures { get; init; }
        public long Alike { get; init; }
    }

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
        public long? Gathers { get; init; }

        public LabelQueue Read() => new(
            Project, (int)Number, (int)Incident, Endpoint, Model, (int)Version, DataSet, Json.Read<List<string>>(Labels), Enum.Parse<QueueState>(State, ignoreCase: true),
            (int)Items, (int)Answered, CreatedAt, FullAt, ClosingAt, DoneAt, DoneBy, (int?)Snapshot, Trouble) { Gathers = (int?)Gathers };
    }
}
