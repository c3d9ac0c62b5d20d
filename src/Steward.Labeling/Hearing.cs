using Steward.Audit;
using Steward.Data;
using Steward.Events;
using Steward.Identity;
using Steward.Monitoring;
using Steward.Storage;

namespace Steward.Labeling;

/// <summary>Makes a queue of what people are asked to name. The names offered are those the data set knows.</summary>
internal sealed class Hearing(Db db, IDataSets sets, Repeats repeats, IAudit audit, TimeProvider clock) : IListen<LabelsWanted>, IListen<NameWanted>
{
    public async Task Hear(LabelsWanted happened, CancellationToken stop)
    {
        var dataSet = happened.Data.Split('@')[0];
        var labels = await Names(happened.Project, dataSet, happened.Items, stop);
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
                labels, QueueState.Open, items.Count, 0, clock.GetUtcNow(), null, null, null, null, null, null);
            await QueueStore.Add(tx, queue, wish, items, again);
            await audit.Write(tx, Who.Steward, "labels.asked", happened.Project, $"queue {queue.Number}", new { happened.Incident, items = items.Count, dataSet });
        }, stop);
    }

    /// <summary>What is called wrong comes one by one: each is added to the queue that gathers them, once.</summary>
    public async Task Hear(NameWanted happened, CancellationToken stop)
    {
        var dataSet = happened.Data.Split('@')[0];
        var labels = await Names(happened.Project, dataSet, [happened.Item], stop);
        var item = new LabelItem(1, happened.Item.Picture, happened.Item.Prediction, happened.Item.Guess, happened.Item.Confidence, null, null);
        await db.Write(async tx =>
        {
            if (await QueueStore.Asked(tx, happened.Project, item.Prediction))
                return;
            var queue = await QueueStore.Gathering(tx, happened.Project, happened.Endpoint, dataSet);
            if (queue is not null)
                await QueueStore.Gather(tx, queue, item with { Number = queue.Items + 1 });
            else
                await QueueStore.Add(tx, queue = new LabelQueue(
                    happened.Project, await QueueStore.NextNumber(tx, happened.Project), 0, happened.Endpoint, happened.Model, happened.Version, dataSet, labels, QueueState.Open, 1, 0, clock.GetUtcNow(), null, null, null, null, null, null)
                {
                    Gathers = Math.Clamp(happened.Batch, 1, 1000),
                }, $"answer/{item.Prediction}", [item], []);
            await audit.Write(tx, Who.Steward, "labels.asked", happened.Project, $"queue {queue.Number}", new { item.Prediction, dataSet });
        }, stop);
    }

    private async Task<IReadOnlyList<string>> Names(string project, string dataSet, IReadOnlyList<WantedLabel> items, CancellationToken stop)
    {
        var newest = await sets.Find(project, dataSet, null, stop);
        var labels = newest is null ? items.Select(item => item.Guess) : (await sets.Items(newest, stop)).Where(item => item.IsNamed).Select(item => item.Label);
        return [.. labels.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }
}
