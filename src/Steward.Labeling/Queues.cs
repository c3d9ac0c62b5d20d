using Steward.Audit;
using Steward.Identity;
using Steward.Monitoring;
using Steward.Storage;

namespace Steward.Labeling;

internal sealed class Queues(Db db, QueueStore store, Closer closer, ILearning learning, Repeats repeats, IAudit audit, TimeProvider clock) : IQueues
{
    /// <summary>How long an item is one person's: longer than a look takes, shorter than a break.</summary>
    internal static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);
    private const int MostAhead = 10;

    public Task<List<LabelQueue>> All(string project, int most, CancellationToken stop) => store.All(project, Math.Clamp(most, 1, 1000), stop);

    public Task<LabelQueue?> Find(string project, int queue, CancellationToken stop) => store.Find(project, queue, stop);

    public Task<List<LabelItem>> Items(string project, int queue, int most, CancellationToken stop) => store.Items(project, queue, Math.Clamp(most, 1, 1000), stop);

    public async Task<Lesson> Lesson(string project, int queue, CancellationToken stop)
    {
        IReadOnlyList<Agreement> agreements = await store.Find(project, queue, stop) is { } found
            ? await learning.Agreements(project, found.DataSet, found.Model.Length == 0 ? null : found.Model, stop)
            : [];
        return Labeling.Lesson.Of(await store.Items(project, queue, Labeling.Lesson.Most, stop), await store.Steps(project, queue, stop), agreements);
    }

    public Task<OwnLabels> Own(Who who, string project, CancellationToken stop) => repeats.Own(who, project, stop);

    public Task<int> Waiting(string project, CancellationToken stop) => store.Waiting(project, stop);

    public Task<Turn> Next(Who who, string project, int queue, int ahead, CancellationToken stop) => Held(who, project, queue, async (tx, held) =>
    {
        if (held.State is not QueueState.Open || held.Waiting == 0)
            return new Turn(held, []);
        var now = clock.GetUtcNow();
        var free = await QueueStore.Free(tx, held, who.Id, now, Math.Clamp(ahead, 1, MostAhead));
        if (free.Count > 0)
            await QueueStore.Lease(tx, held, free.Select(item => (int)item.Number), who.Id, now + Lease);
        return new Turn(held, free.ConvertAll(item => item.Read()));
    }, stop);

    public Task<LabelQueue> Answer(Who who, string project, int queue, int item, string label, CancellationToken stop) => Held(who, project, queue, async (tx, held) =>
    {
        DemandOpen(held);
        if (!held.Labels.Contains(label, StringComparer.Ordinal))
            throw ProblemException.Invalid("label_unknown", $"'{Names.Shorten(label)}' is none of the labels of {held.DataSet}.", $"Choose one of {string.Join(", ", held.Labels.Take(20))}.");
        var now = clock.GetUtcNow();
        // Sent again because the reply was lost: said once.
        if (await Mine(tx, held, item, who, now) is { ById: { } by, Label: { } said } && by == who.Id && said == label)
            return held;
        await QueueStore.Name(tx, held, item, label, who.Id, who.Name, null, DateTimeOffset.UnixEpoch);
        await QueueStore.Note(tx, held, item, who.Id, who.Name, label, now);
        return await Count(tx, held, now);
    }, stop);

    public Task<LabelQueue> Skip(Who who, string project, int queue, int item, CancellationToken stop) => Held(who, project, queue, async (tx, held) =>
    {
        DemandOpen(held);
        var now = clock.GetUtcNow();
        if ((await Mine(tx, held, item, who, now)).Label is not null)
            throw ProblemException.Conflict("item_answered", $"Picture {item} has your answer.", "Take it back first, or change it.");
        if (await QueueStore.Skipped(tx, held, item, who.Id))
            return held;
        await QueueStore.Name(tx, held, item, null, null, null, null, DateTimeOffset.UnixEpoch);
        await QueueStore.Note(tx, held, item, who.Id, who.Name, null, now);
        return held;
    }, stop);

    public Task<Turn> Undo(Who who, string project, int queue, CancellationToken stop) => Held(who, project, queue, async (tx, held) =>
    {
        DemandOpen(held);
        if (await QueueStore.Last(tx, held, who.Id) is not { } last)
            throw ProblemException.Conflict("nothing_to_undo", "You have not answered or skipped anything here that could be taken back.");
        var now = clock.GetUtcNow();
        await QueueStore.Undo(tx, held, last);
        var item = (await QueueStore.Item(tx, held, (int)last.Item))!;
        // A skipped picture that somebody else has taken or named meanwhile is theirs.
        if (item.ById == who.Id || (item.Label is null && IsFree(item, who, now)))
        {
            var before = last.Label is null ? null : await QueueStore.Before(tx, held, who.Id, last);
            await QueueStore.Name(tx, held, (int)last.Item, before, before is null ? null : who.Id, before is null ? null : who.Name, before is null ? who.Id : null, before is null ? now + Lease : DateTimeOffset.UnixEpoch);
        }

        return new Turn(await Count(tx, held, now), [(await QueueStore.Item(tx, held, (int)last.Item))!.Read()]);
    }, stop);

    public async Task<LabelQueue> Finish(Who who, string project, int queue, CancellationToken stop)
    {
        await Held(who, project, queue, async (tx, held) =>
        {
            if (held.State is not QueueState.Open)
                return held;
            if (held.Answered == 0)
                throw ProblemException.Conflict("queue_unanswered", $"Nothing in queue {queue} has an answer yet.", $"steward label {queue} prints the page where to answer.");
            var closing = Closer.Close(held, who.Name, clock.GetUtcNow());
            await QueueStore.Change(tx, closing);
            await audit.Write(tx, who, "labels.finished", project, $"queue {queue}", new { held.Answered, held.Items });
            return closing;
        }, stop);
        await closer.Bring(project, queue, stop);
        var after = (await store.Find(project, queue, stop))!;
        return after is { State: QueueState.Open, Trouble: { } trouble }
            ? throw new ProblemException(ProblemKind.GateFailed, "labels_refused", trouble, "Mend what it says, then finish again.")
            : after;
    }

    private Task<T> Held<T>(Who who, string project, int queue, Func<Tx, LabelQueue, Task<T>> work, CancellationToken stop)
    {
        who.Demand(Permission.Edit, project);
        return db.Write(async tx => await work(tx, await QueueStore.Hold(tx, project, queue) ?? throw NotFound(queue)), stop);
    }

    /// <summary>The item, when this person may say what it is: nobody else looks at it or has answered.</summary>
    private static async Task<QueueStore.ItemRow> Mine(Tx tx, LabelQueue held, int number, Who who, DateTimeOffset now)
    {
        var item = await QueueStore.Item(tx, held, number) ?? throw ProblemException.NotFound("item", $"{number}", $"Queue {held.Number} has the pictures 1 to {held.Items}.");
        if (item.Label is not null && item.ById != who.Id)
            throw ProblemException.Conflict("item_taken", $"{item.ByName} has named picture {number} already.", "Take the next one.");
        return item.ById == who.Id || IsFree(item, who, now)
            ? item
            : throw ProblemException.Conflict("item_taken", $"Somebody else looks at picture {number} at the moment.", "Take the next one.");
    }

    private static bool IsFree(QueueStore.ItemRow item, Who who, DateTimeOffset now) => item.LeasedTo is null || item.LeasedTo == who.Id || item.LeasedUntil <= now;

    private static async Task<LabelQueue> Count(Tx tx, LabelQueue held, DateTimeOffset now)
    {
        var answered = await QueueStore.Answered(tx, held);
        var counted = held with { Answered = answered, Trouble = null };
        counted = counted with { FullAt = counted.IsFull ? held.FullAt ?? now : null };
        await QueueStore.Change(tx, counted);
        return counted;
    }

    private static void DemandOpen(LabelQueue held)
    {
        if (held.State is not QueueState.Open)
            throw ProblemException.Conflict("queue_closed", $"Queue {held.Number} is closed{(held.DoneBy is { } by ? $" by {by}" : "")}: its answers are in {held.DataSet}.", "steward labels queue lists the others.");
    }

    public static ProblemException NotFound(int queue) => ProblemException.NotFound("label queue", $"{queue}", "steward labels queue lists those of the project.");
}
