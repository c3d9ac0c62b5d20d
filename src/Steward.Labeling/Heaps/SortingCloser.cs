using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Steward.Audit;
using Steward.Data;
using Steward.Events;
using Steward.Identity;
using Steward.Storage;

namespace Steward.Labeling.Heaps;

/// <summary>
/// Brings the names of closed sortings into their data set, once: first no more steps are taken, then the snapshot is added
/// (the same names give the same snapshot, so adding again after a crash adds nothing), then it is done and told.
/// </summary>
internal sealed partial class SortingCloser(Db db, SortingStore store, IDataSets sets, IAudit audit, IEvents events, TimeProvider clock, ILogger<SortingCloser> log) : BackgroundService
{
    /// <summary>The source of what heaps named: less sure than a picture that somebody looked at alone.</summary>
    public const string Source = "heaps";

    private static readonly TimeSpan Between = TimeSpan.FromSeconds(5);

    /// <summary>Adds the names of a closing sorting. What the data set refuses opens it again and says why.</summary>
    public async Task Bring(string project, int number, CancellationToken stop)
    {
        if (await store.Find(project, number, stop) is not { State: QueueState.Closing } sorting)
            return;
        try
        {
            await Done(sorting, await Snapshot(sorting, stop), stop);
        }
        catch (ProblemException refused) when (refused.Kind is ProblemKind.GateFailed or ProblemKind.Invalid)
        {
            await db.Write(async tx =>
            {
                if (await SortingStore.Hold(tx, project, number) is { State: QueueState.Closing } held)
                    await SortingStore.Change(tx, held with { State = QueueState.Open, DoneBy = null, Named = null, Trouble = refused.Message });
            }, stop);
        }
    }

    internal async Task<Snapshot> Snapshot(Sorting sorting, CancellationToken stop)
    {
        var names = (await store.Names(sorting.Project, sorting.Number, stop)).ToDictionary(one => one.Picture, one => one.Name);
        var newest = await sets.Find(sorting.Project, sorting.DataSet, null, stop) ?? throw ProblemException.NotFound("data set", sorting.DataSet);
        // What somebody named otherwise meanwhile, one by one, stays as they said.
        var named = (await sets.Items(newest, stop)).Where(item => !item.IsNamed && names.ContainsKey(item.Blob)).Select(item => item with { Label = names[item.Blob], Source = Source }).ToList();
        return named.Count == 0 ? newest : await sets.Add(Who.Steward, sorting.Project, sorting.DataSet, new(Reason.Labels, named), stop);
    }

    internal Task Done(Sorting sorting, Snapshot snapshot, CancellationToken stop) => db.Write(async tx =>
    {
        if (await SortingStore.Hold(tx, sorting.Project, sorting.Number) is not { State: QueueState.Closing } held)
            return;
        var by = held.DoneBy ?? Who.Steward.Name;
        await SortingStore.Change(tx, held with { State = QueueState.Done, DoneAt = clock.GetUtcNow(), Snapshot = snapshot.Version });
        await audit.Write(tx, Who.Steward, "heaps.added", held.Project, $"sorting {held.Number}", new { snapshot = snapshot.Reference, held.Named, by });
        await events.Publish(tx, new HeapsNamed(held.Project, held.Number, held.DataSet, snapshot.Version, held.Named ?? 0, by));
    }, stop);

    /// <summary>What a server that died left half done.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var tick = new PeriodicTimer(Between, clock);
        do
        {
            try
            {
                foreach (var sorting in await store.Closing(stoppingToken))
                    await Bring(sorting.Project, sorting.Number, stoppingToken);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                LookFailed(log, error);
            }
        }
        while (await tick.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(LogLevel.Error, "The names of heaps could not be added to their data set; it is tried again.")]
    private static partial void LookFailed(ILogger log, Exception error);
}
