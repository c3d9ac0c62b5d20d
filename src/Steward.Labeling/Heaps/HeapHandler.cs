using Steward.Audit;
using Steward.Blobs;
using Steward.Data;
using Steward.Identity;
using Steward.Monitoring;
using Steward.Storage;
using Steward.Work;

namespace Steward.Labeling.Heaps;

/// <summary>Does tasks of kind <c>heaps</c>: packs the unnamed pictures for a process of its own, and keeps the heaps it finds.</summary>
internal sealed class HeapHandler(IDataSets sets, IBlobs blobs, IChildHosts children, ILearning learning, Repeats repeats, IAudit audit, TimeProvider clock) : IWorkHandler
{
    private static readonly JobLimits Limits = new() { Memory = 3L << 30, Time = TimeSpan.FromMinutes(30) };

    public string Kind => HeapOrder.Kind;

    // It takes all cores.
    public int AtOnce => 1;

    public async Task<Func<Tx, Task<object?>>> Do(WorkContext context, CancellationToken stop)
    {
        var order = context.Claim.Payload<HeapOrder>();
        var snapshot = await sets.Find(order.Project, order.DataSet, order.Version, stop) ?? throw ProblemException.NotFound("data set", $"{order.DataSet}@{order.Version}");
        var items = Unnamed(snapshot, await sets.Items(snapshot, stop));
        var task = context.Claim.Task.Id;
        var twice = await repeats.Wanted(order.Project, stop);
        Doubted? doubted = null;
        if (order.Names is not null && (doubted = await Doubt(context, order, items, stop)) is { Items.Count: > 0 } asked)
            return tx => Ask(tx, order, task, asked, [.. asked.Items.Select((one, i) => new LabelItem(i + 1, one.Picture, "", one.Guess, one.Confidence, null, null))], twice);
        using var folder = children.Folder("heaps");
        await Pack(folder, items, order.HeapsFor(items.Count), stop);
        await children.Run("heaps", folder, Limits, context.Report, stop);
        var outcome = Json.Read<HeapOutcome>(await File.ReadAllTextAsync(Path.Combine(folder.Path, HeapJob.Outcome), stop));
        var pictures = items.Select((item, i) => (Picture: item.Blob, Heap: outcome.Heaps[i] + 1, Odd: outcome.Odd[i])).ToList();
        if (doubted is not null)
        {
            // The middle of each heap, that of the largest first.
            var middles = pictures.GroupBy(one => one.Heap).OrderBy(heap => heap.Key).Select(heap => heap.MinBy(one => one.Odd).Picture);
            return tx => Ask(tx, order, task, doubted, [.. middles.Select((picture, i) => new LabelItem(i + 1, picture, "", "", 0, null, null))], twice);
        }

        return async tx =>
        {
            var sorting = new Sorting(order.Project, await SortingStore.NextNumber(tx, order.Project), order.DataSet, order.Version, items.Count, QueueState.Open, clock.GetUtcNow(), order.By, null, null, null, null, null);
            await SortingStore.Add(tx, sorting, task, pictures);
            var made = new HeapsMade(sorting.Number, outcome.Heaps.Distinct().Count(), items.Count);
            await audit.Write(tx, Who.Steward with { Name = order.By }, "heaps.made", order.Project, $"sorting {sorting.Number}", new { data = snapshot.Reference, made.Heaps, made.Pictures });
            return made;
        };
    }

    private Task<Doubted> Doubt(WorkContext context, HeapOrder order, List<Item> items, CancellationToken stop)
        => learning.Doubted(order.Project, order.DataSet, items.ConvertAll(item => item.Blob), order.HeapsFor(items.Count), context.Report, stop);

    private async Task<object?> Ask(Tx tx, HeapOrder order, string task, Doubted by, List<LabelItem> items, bool twice)
    {
        var queue = new LabelQueue(order.Project, await QueueStore.NextNumber(tx, order.Project), 0, "", by.Model, by.Version, order.DataSet, order.Names!, QueueState.Open, items.Count, 0, clock.GetUtcNow(), null, null, null, null, null, null);
        await QueueStore.Add(tx, queue, task, items, twice ? Repeats.Among(items.Count, task) : []);
        var model = queue.Chosen is ChosenBy.Doubt ? $"{by.Model}@{by.Version}" : null;
        await audit.Write(tx, Who.Steward with { Name = order.By }, "labels.asked", order.Project, $"queue {queue.Number}", new { items = items.Count, order.DataSet, chosen = queue.Chosen, model });
        return new NamesAsked(queue.Number, items.Count, queue.Chosen, model, by.Why);
    }

    /// <summary>One item for each picture that has no name, in the order of keys; refuses too few and too many.</summary>
    public static List<Item> Unnamed(Snapshot snapshot, IReadOnlyList<Item> items)
    {
        var unnamed = items.Where(item => !item.IsNamed).DistinctBy(item => item.Blob).ToList();
        return unnamed.Count switch
        {
            0 => throw ProblemException.Conflict("all_named", $"Every picture of {snapshot.Reference} has a name.", $"steward heaps make {snapshot.DataSet} --folder FOLDER brings pictures without names."),
            1 => throw ProblemException.Conflict("too_few_pictures", $"One picture of {snapshot.Reference} has no name; a heap takes more.", $"Bring more: steward heaps make {snapshot.DataSet} --folder FOLDER"),
            > HeapOrder.MostPictures => throw new ProblemException(ProblemKind.TooLarge, "too_many_pictures", $"{unnamed.Count:N0} pictures of {snapshot.Reference} have no name; at most {HeapOrder.MostPictures:N0} are sorted.", "Sort them in data sets of their own."),
            _ => unnamed,
        };
    }

    private async Task Pack(ChildFolder folder, List<Item> items, int heaps, CancellationToken stop)
    {
        var (pictures, offset) = (new List<HeapPicture>(items.Count), 0L);
        await using (var file = File.Create(Path.Combine(folder.Path, HeapJob.Pictures)))
            foreach (var item in items)
            {
                var bytes = await blobs.Read(item.Blob, stop);
                await file.WriteAsync(bytes, stop);
                pictures.Add(new(item.Key, offset, bytes.Length));
                offset += bytes.Length;
            }

        await File.WriteAllTextAsync(Path.Combine(folder.Path, HeapJob.File), Json.Write(new HeapJob(Math.Min(heaps, items.Count), pictures)), stop);
    }
}
