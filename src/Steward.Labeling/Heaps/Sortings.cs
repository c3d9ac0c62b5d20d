using System.Globalization;
using Steward.Audit;
using Steward.Data;
using Steward.Identity;
using Steward.Projects;
using Steward.Storage;
using Steward.Work;
using static Steward.Labeling.Heaps.SortingStore;

namespace Steward.Labeling.Heaps;

/// <summary>What people do with sortings: begin one, name its heaps, set pictures aside, take steps back, and say done.</summary>
internal sealed class Sortings(Db db, SortingStore store, SortingCloser closer, IProjects projects, IDataSets sets, ILedger ledger, IAudit audit, TimeProvider clock)
{
    private const int MostNames = 200;

    public Task<List<Sorting>> All(string project, int most, CancellationToken stop) => store.All(project, Math.Clamp(most, 1, 1000), stop);

    public async Task<SortingView> Get(string project, int number, CancellationToken stop)
        => new(await store.Find(project, number, stop) ?? throw NotFound(number), await store.Heaps(project, number, stop));

    /// <summary>The most typical first, those set aside last.</summary>
    public Task<List<HeapItem>> Pictures(string project, int number, int heap, int skip, int most, CancellationToken stop)
        => store.Pictures(project, number, heap, Math.Max(0, skip), Math.Clamp(most, 1, 1000), stop);

    public Task<List<HeapItem>> Ends(string project, int number, int first, int last, CancellationToken stop) => store.Ends(project, number, first, last, stop);

    /// <summary>Names to offer: those the data set knows, and those given here.</summary>
    public async Task<List<string>> Suggestions(Sorting sorting, IEnumerable<Heap> heaps, CancellationToken stop)
    {
        var newest = await sets.Find(sorting.Project, sorting.DataSet, null, stop);
        var known = newest is null ? [] : (await sets.Items(newest, stop)).Where(item => item.IsNamed).Select(item => item.Label);
        return [.. known.Concat(heaps.Select(heap => heap.Name).OfType<string>()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Take(500)];
    }

    /// <summary>A task that sorts the unnamed pictures of the newest snapshot.</summary>
    public Task<WorkTask> Make(Who who, string project, string? dataSet, int? count, CancellationToken stop) => Order(who, project, dataSet, count, null, stop);

    /// <summary>A task that makes a queue of the unnamed pictures that teach most: those a model doubts, or typical ones where no model can be asked.</summary>
    /// <param name="names">To choose from, beside those that the data set has.</param>
    public async Task<WorkTask> Ask(Who who, string project, string? dataSet, int count, IReadOnlyList<string> names, CancellationToken stop)
    {
        who.Demand(Permission.Edit, project);
        var newest = await sets.Find(project, Names.Check("data set", dataSet), null, stop);
        var known = newest is null ? [] : (await sets.Items(newest, stop)).Where(item => item.IsNamed).Select(item => item.Label);
        List<string> offered = [.. names.Select(Said).OfType<string>().Concat(known).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return offered.Count is < 2 or > MostNames
            ? throw ProblemException.Invalid("names_missing", $"There are {offered.Count} names to choose from; telling apart takes 2 to {MostNames}.", $"steward labels start {dataSet} --names apple,pear")
            : await Order(who, project, dataSet, count, offered, stop);
    }

    private async Task<WorkTask> Order(Who who, string project, string? dataSet, int? count, IReadOnlyList<string>? names, CancellationToken stop)
    {
        who.Demand(Permission.Edit, project);
        await projects.Get(project, stop);
        if (count is < 2 or > HeapOrder.MostHeaps)
            throw ProblemException.Invalid("heaps_invalid", $"{count} heaps cannot be made.", $"Choose 2 to {HeapOrder.MostHeaps}; more than there are kinds, for two heaps may get the same name.");
        var name = Names.Check("data set", dataSet);
        var newest = await sets.Find(project, name, null, stop) ?? throw ProblemException.NotFound("data set", name, $"steward heaps make {name} --folder FOLDER brings pictures without names.");
        HeapHandler.Unnamed(newest, await sets.Items(newest, stop));
        return await ledger.Add(new(project, HeapOrder.Kind, $"heaps/{Names.NewId()}", new HeapOrder(project, name, newest.Version, count, who.Name, names)), who, stop);
    }

    /// <summary>Says what a heap shows; nothing takes the name away.</summary>
    public Task<SortingView> Name(Who who, string project, int number, int heap, string? name, CancellationToken stop) => Step(who, project, number, async (tx, held) =>
    {
        var before = await Heap(tx, held, heap);
        var said = Said(name);
        if (said == before.Name)
            return null;
        await SortingStore.Name(tx, held, heap, said);
        return new Deed(DeedKind.Name, heap, null, before.Name);
    }, stop);

    /// <summary>Sets a picture aside, or puts it back: whether it is like the others.</summary>
    public Task<SortingView> Aside(Who who, string project, int number, int picture, bool aside, CancellationToken stop) => Step(who, project, number, async (tx, held) =>
    {
        var item = await Picture(tx, held, picture) ?? throw ProblemException.NotFound("picture", $"{picture}", $"Sorting {number} has the pictures 1 to {held.Pictures}.");
        if (item.Aside == aside)
            return null;
        await SortingStore.Aside(tx, held, picture, aside);
        return new Deed(DeedKind.Aside, item.Heap, picture, item.Aside ? "1" : "0");
    }, stop);

    /// <summary>Makes a heap of what was set aside in another one.</summary>
    public Task<SortingView> Split(Who who, string project, int number, int heap, CancellationToken stop) => Step(who, project, number, async (tx, held) =>
    {
        if ((await Heap(tx, held, heap)).Aside == 0)
            throw ProblemException.Conflict("nothing_aside", $"Nothing in heap {heap} is set aside.", "Set pictures aside first: those that are not like the others.");
        var fresh = (await HeapsOf(tx, held)).Max(one => one.Number) + 1;
        await AddHeap(tx, held, fresh);
        await MoveAside(tx, held, heap, fresh);
        return new Deed(DeedKind.Split, fresh, null, heap.ToString(CultureInfo.InvariantCulture));
    }, stop);

    /// <summary>Takes back this person's last step, and the one before with the next call.</summary>
    public Task<SortingView> Undo(Who who, string project, int number, CancellationToken stop) => Step(who, project, number, async (tx, held) =>
    {
        var last = await Last(tx, held, who.Id) ?? throw ProblemException.Conflict("nothing_to_undo", "You have not done anything here that could be taken back.");
        await SortingStore.Undo(tx, held, last.Seq);
        switch (last.Kind)
        {
            case DeedKind.Name:
                await SortingStore.Name(tx, held, last.Heap, last.Before);
                break;
            case DeedKind.Aside:
                await SortingStore.Aside(tx, held, last.Picture!.Value, last.Before == "1");
                break;
            default:
                await MoveBack(tx, held, last.Heap, int.Parse(last.Before!, CultureInfo.InvariantCulture));
                await DropHeap(tx, held, last.Heap);
                break;
        }

        return null;
    }, stop);

    /// <summary>All pictures of named heaps get the name: one snapshot, once.</summary>
    public async Task<SortingView> Done(Who who, string project, int number, CancellationToken stop)
    {
        await Held(who, project, number, async (tx, held) =>
        {
            if (held.State is not QueueState.Open)
                return held;
            var named = (await HeapsOf(tx, held)).Where(heap => heap.Name is not null).Sum(heap => heap.Pictures);
            if (named == 0)
                throw ProblemException.Conflict("heaps_unnamed", $"No heap of sorting {number} has a name yet.", "Name at least one.");
            await Change(tx, held with { State = QueueState.Closing, DoneBy = who.Name, Named = named, Trouble = null });
            await audit.Write(tx, who, "heaps.finished", project, $"sorting {number}", new { named, held.Pictures });
            return held;
        }, stop);
        await closer.Bring(project, number, stop);
        var after = await Get(project, number, stop);
        return after.Sorting is { State: QueueState.Open, Trouble: { } trouble }
            ? throw new ProblemException(ProblemKind.GateFailed, "labels_refused", trouble, "Mend what it says, then say done again.")
            : after;
    }

    public static ProblemException NotFound(int number) => ProblemException.NotFound("sorting", $"{number}", "steward heaps list shows those of the project.");

    private async Task<SortingView> Step(Who who, string project, int number, Func<Tx, Sorting, Task<Deed?>> step, CancellationToken stop) => await Held(who, project, number, async (tx, held) =>
    {
        if (held.State is not QueueState.Open)
            throw ProblemException.Conflict("sorting_closed", $"Sorting {number} is closed{(held.DoneBy is { } by ? $" by {by}" : "")}: its names are in {held.DataSet}.", "steward heaps list shows the others.");
        if (await step(tx, held) is { } deed)
            await Note(tx, held, deed, who.Id, who.Name, clock.GetUtcNow());
        if (held.Trouble is not null)
            await Change(tx, held with { Trouble = null });
        return new SortingView(held with { Trouble = null }, await HeapsOf(tx, held));
    }, stop);

    private static string? Said(string? name)
    {
        var said = string.IsNullOrWhiteSpace(name) ? null : Names.Text("name", name.Trim(), Item.LongestLabel);
        return said?.Any(char.IsControl) == true
            ? throw ProblemException.Invalid("text_invalid", "The name holds characters that cannot be shown.", "Use letters, digits and spaces.")
            : said;
    }

    private Task<T> Held<T>(Who who, string project, int number, Func<Tx, Sorting, Task<T>> work, CancellationToken stop)
    {
        who.Demand(Permission.Edit, project);
        return db.Write(async tx => await work(tx, await Hold(tx, project, number) ?? throw NotFound(number)), stop);
    }

    private static async Task<Heap> Heap(Tx tx, Sorting held, int number)
        => (await HeapsOf(tx, held)).Find(heap => heap.Number == number) ?? throw ProblemException.NotFound("heap", $"{number}", $"steward heaps show {held.Number} lists its heaps.");
}
