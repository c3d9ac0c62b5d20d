using Steward.Audit;
using Steward.Data;
using Steward.Events;
using Steward.Identity;
using Steward.Monitoring;
using Steward.Storage;

namespace Steward.Labeling;

/// <summary>Makes a queue of what people are asked to name. The names offered are those the data set knows.</summary>
internal sealed class Hearing(Db db, IDataSets sets, Repeats repeats, IAudit audit, TimeProvider clock) : IListen<LabelsWanted>
{
    public async Task Hear(LabelsWanted happened, CancellationToken stop)
    {
        var dataSet = happened.Data.Split('@')[0];
        var newest = await sets.Find(happened.Project, dataSet, null, stop);
        var labels = newest is null ? happened.Items.Select(item => item.Guess) : (await sets.Items(newest, stop)).Where(item => item.IsNamed).Select(item => item.Label);
        var items = happened.Items.DistinctBy(item => item.Picture).Select((item, i) => new LabelItem(i + 1, item.Picture, item.Prediction, item.Guess, item.Confidence, null, null)).ToList();
        if (items.Count == 0)
            return;
        var wish = Digest.Of(Json.Write(happened)).Hex;
        var again = await repeats.Wanted(happened.Project, stop) ? Repeats.Among(items.Count, wish) : [];
        await db.Write(async tx =>
        {
            if (await QueueStore.Heard(tx, happened.Project, wish))
                return;
            var queue = new LabelQueue(
                happened.Project, await QueueStore.NextNumber(tx, happened.Project), happened.Incident, happened.Endpoint, happened.Model, happened.Version, dataSet,
                [.. labels.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)], QueueState.Open, items.Count, 0, clock.GetUtcNow(), null, null, null, null, null, null);
            await QueueStore.Add(tx, queue, wish, items, again);
            await audit.Write(tx, Who.Steward, "labels.asked", happened.Project, $"queue {queue.Number}", new { happened.Incident, items = items.Count, dataSet });
        }, stop);
    }
}
