using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Steward.Audit;
using Steward.Data;
using Steward.Events;
using Steward.Identity;
using Steward.Monitoring;
using Steward.Storage;

namespace Steward.Labeling;

/// <summary>
/// Brings answered queues into their data set, exactly once: first no more answers are taken, then the snapshot is added
/// (the same answers give the same snapshot, so adding again after a crash adds nothing), then the queue is done and told.
/// </summary>
internal sealed partial class Closer(Db db, QueueStore store, IDataSets sets, IAudit audit, IEvents events, TimeProvider clock, ILogger<Closer> log) : BackgroundService
{
    /// <summary>After the last answer: long enough to see that it was the wrong key.</summary>
    internal static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

    /// <summary>One look at everything that is to be closed.</summary>
    public async Task Look(CancellationToken stop)
    {
        foreach (var queue in await store.Due(clock.GetUtcNow() - Grace, stop))
            try
            {
                if (queue.State is QueueState.Open)
                    await CloseFull(queue, stop);
                await Bring(queue.Project, queue.Number, stop);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                BringFailed(log, queue.Number, queue.Project, error);
            }
    }

    /// <summary>The queue with its answers frozen.</summary>
    public static LabelQueue Close(LabelQueue open, string by, DateTimeOffset now) => open with { State = QueueState.Closing, ClosingAt = now, DoneBy = by, Trouble = null };

    /// <summary>Adds the answers of a closing queue to the data set. What the data set refuses opens the queue again and says why.</summary>
    public async Task Bring(string project, int number, CancellationToken stop)
    {
        if (await store.Find(project, number, stop) is not { State: QueueState.Closing } queue)
            return;
        try
        {
            await Done(queue, await Snapshot(queue, stop), stop);
        }
        catch (ProblemException refused) when (refused.Kind is ProblemKind.GateFailed or ProblemKind.Invalid)
        {
            await db.Write(async tx =>
            {
                if (await QueueStore.Hold(tx, project, number) is { State: QueueState.Closing } held)
                    await QueueStore.Change(tx, held with { State = QueueState.Open, FullAt = null, ClosingAt = null, DoneBy = null, Trouble = refused.Message });
            }, stop);
        }
    }

    /// <summary>The snapshot that holds the answers: added now, or by a try that died before it could say so.</summary>
    internal async Task<Snapshot> Snapshot(LabelQueue queue, CancellationToken stop)
    {
        var answers = (await store.Items(queue.Project, queue.Number, 1000, stop)).FindAll(item => item.Label is not null);
        var newest = await sets.Find(queue.Project, queue.DataSet, null, stop);
        foreach (var made in await sets.Versions(queue.Project, queue.DataSet, 100, stop))
            if (made.Reason is Reason.Labels && made.At >= queue.ClosingAt && Holds(await sets.Items(made, stop), queue, answers))
                return made;
        var items = Answers.AsItems(queue, answers, newest is null ? [] : await sets.Items(newest, stop));
        return await sets.Add(Who.Steward, queue.Project, queue.DataSet, new(Reason.Labels, items), stop);
    }

    internal async Task Done(LabelQueue queue, Snapshot snapshot, CancellationToken stop)
    {
        List<NamedAnswer> named = [.. (await store.Items(queue.Project, queue.Number, 1000, stop)).Where(item => item.Label is not null).Select(item => new NamedAnswer(item.Prediction, item.Label!))];
        await db.Write(tx => Done(tx, queue, snapshot, named), stop);
    }

    private async Task Done(Tx tx, LabelQueue queue, Snapshot snapshot, List<NamedAnswer> named)
    {
        if (await QueueStore.Hold(tx, queue.Project, queue.Number) is not { State: QueueState.Closing } held)
            return;
        var by = held.DoneBy ?? Who.Steward.Name;
        await QueueStore.Change(tx, held with { State = QueueState.Done, DoneAt = clock.GetUtcNow(), Snapshot = snapshot.Version });
        await audit.Write(tx, Who.Steward, "labels.added", queue.Project, $"queue {queue.Number}", new { snapshot = snapshot.Reference, held.Answered, held.Items, by });
        await events.Publish(tx, new QueueDone(queue.Project, queue.Number, queue.Incident, queue.DataSet, snapshot.Version, held.Answered, held.Items, by));
        if (queue.Incident > 0 || queue.Gathers is not null)
            await events.Publish(tx, new LabelsGiven(queue.Project, queue.Incident, snapshot.Reference, held.Answered, held.Items, named));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var tick = new PeriodicTimer(Between, clock);
        do
        {
            try
            {
                await Look(stoppingToken);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                LookFailed(log, error);
            }
        }
        while (await tick.WaitForNextTickAsync(stoppingToken));
    }

    private Task CloseFull(LabelQueue queue, CancellationToken stop) => db.Write(async tx =>
    {
        if (await QueueStore.Hold(tx, queue.Project, queue.Number) is not { State: QueueState.Open, FullAt: { } full } held || full > clock.GetUtcNow() - Grace)
            return;
        await QueueStore.Change(tx, Close(held, Who.Steward.Name, clock.GetUtcNow()));
        await audit.Write(tx, Who.Steward, "labels.finished", queue.Project, $"queue {queue.Number}", new { held.Answered, held.Items });
    }, stop);

    private static bool Holds(IReadOnlyList<Item> items, LabelQueue queue, List<LabelItem> answers)
    {
        var labels = items.Where(item => item.Source == Answers.Source).ToLookup(item => item.Blob, item => item.Label);
        return queue.Answered > 0 && answers.TrueForAll(answer => labels[answer.Picture].Contains(answer.Label!));
    }

    [LoggerMessage(LogLevel.Error, "The answers of queue {Queue} of {Project} could not be added to the data set; it is tried again.")]
    private static partial void BringFailed(ILogger log, int queue, string project, Exception error);

    [LoggerMessage(LogLevel.Error, "A look at the label queues failed; it is tried again.")]
    private static partial void LookFailed(ILogger log, Exception error);
}
