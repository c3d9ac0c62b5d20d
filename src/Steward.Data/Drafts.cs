using Steward.Identity;
using Steward.Projects;
using Steward.Storage;

namespace Steward.Data;

/// <summary>Begins, fills, commits and drops drafts.</summary>
internal sealed class Drafts(Db db, DraftStore store, IDataSets sets, Prints prints, IProjects projects, TimeProvider clock)
{
    public async Task<Draft> Begin(Who who, string project, string dataSet, CancellationToken stop)
    {
        who.Demand(Permission.Edit, project);
        Names.Check("data set", dataSet);
        await projects.Get(project, stop);
        var draft = new Draft(Names.NewId(), project, dataSet, who.Id, clock.Now(), false);
        return await db.Write(async tx =>
        {
            await DraftStore.DropForgotten(tx, project, draft.StartedAt - DraftLimits.Forgotten);
            if (await DraftStore.Open(tx, project, who.Id) >= DraftLimits.MostOpen)
                throw ProblemException.Conflict("too_many_drafts", $"You have {DraftLimits.MostOpen} open drafts in '{project}' already.", "Commit or drop some; those of more than 7 days are dropped by themselves.");
            await DraftStore.Add(tx, draft);
            return draft;
        }, stop);
    }

    /// <summary>Refuses before the bytes of a batch are read.</summary>
    public Task Check(Who who, string project, string dataSet, string id, CancellationToken stop) => db.Write(tx => Taking(tx, who, project, dataSet, id), stop);

    /// <summary>How many pictures the draft holds now. A key that came with an earlier batch is replaced, so a batch may be sent again.</summary>
    public Task<long> Put(Who who, string project, string dataSet, string id, IReadOnlyList<DraftItem> items, CancellationToken stop) => db.Write(async tx =>
    {
        await DraftStore.Put(tx, await Taking(tx, who, project, dataSet, id), items);
        await PrintStore.Put(tx, project, items.Where(item => item.Print is not null).Select(item => (item.Blob, item.Print)));
        return await DraftStore.Count(tx, id) is var count && count <= DraftLimits.MostItems
            ? count
            : throw new ProblemException(ProblemKind.TooLarge, "draft_full", $"A draft holds at most {DraftLimits.MostItems:N0} pictures; this batch was not kept.", "Commit this draft and begin another.");
    }, stop);

    /// <summary>Adds the snapshot and drops the draft. Refused, the draft is open again; the same again adds nothing twice.</summary>
    public async Task<Committed> Commit(Who who, string project, string dataSet, string id, CommitDraft how, CancellationToken stop)
    {
        await db.Write(async tx =>
        {
            await Mine(tx, who, project, dataSet, id);
            await DraftStore.Close(tx, id, true);
        }, stop);
        try
        {
            var items = await store.Items(id, stop);
            var before = await sets.Find(project, dataSet, stop: stop);
            var split = await Split(project, dataSet, before is null ? [] : await sets.Items(before, stop), items, how.ValidFromTrain, stop);
            var snapshot = await sets.Add(who, project, dataSet, new(how.Reason ?? Reason.Import, split) { Whole = how.Whole }, stop);
            await db.Write(tx => DraftStore.Drop(tx, id), stop);
            return new(snapshot, snapshot.Version == before?.Version);
        }
        catch
        {
            await db.Write(tx => DraftStore.Close(tx, id, false), CancellationToken.None);
            throw;
        }
    }

    private async Task<List<Item>> Split(string project, string dataSet, IReadOnlyList<Item> before, List<DraftItem> draft, bool validFromTrain, CancellationToken stop)
    {
        var choice = new SplitChoice((await projects.Get(project, stop)).PlanOf(dataSet).Split);
        if (validFromTrain)
            (choice, draft) = choice.ValidFromTrain(draft);
        if (draft.TrueForAll(item => item.Split is not null))
            return choice.Of(before, draft, blob => blob);
        var blobs = before.Select(item => item.Blob).Concat(draft.Select(item => item.Blob)).ToList();
        var first = Duplicates.Firsts(blobs, await prints.Of(project, blobs, stop), SameBy.Phash, stop);
        return choice.Of(before, draft, blob => first[blob]);
    }

    public Task Drop(Who who, string project, string dataSet, string id, CancellationToken stop) => db.Write(async tx =>
    {
        await Mine(tx, who, project, dataSet, id);
        await DraftStore.Drop(tx, id);
    }, stop);

    private static async Task<Draft> Taking(Tx tx, Who who, string project, string dataSet, string id) => await Mine(tx, who, project, dataSet, id) is { Closed: false } open
        ? open
        : throw ProblemException.Conflict("draft_closed", "This draft is being committed and takes no more pictures.", "Commit it again, or begin another draft.");

    /// <summary>Somebody else's draft looks like one that is not there.</summary>
    private static async Task<Draft> Mine(Tx tx, Who who, string project, string dataSet, string id)
    {
        who.Demand(Permission.Edit, project);
        return await DraftStore.Find(tx, id) is { } draft && draft.Project == project && draft.DataSet == dataSet && draft.Owner == who.Id
            ? draft
            : throw ProblemException.NotFound("draft", Names.Shorten(id), "It was committed or dropped, or another person began it: begin a new one.");
    }
}

/// <summary>How a draft is to become a snapshot.</summary>
/// <param name="Reason">Import, unless people named what they were asked to name.</param>
/// <param name="Whole">The snapshot holds only what the draft holds.</param>
/// <param name="ValidFromTrain">What is said to be for learning is shared between train and valid.</param>
internal sealed record CommitDraft(Reason? Reason, bool Whole, bool ValidFromTrain);

/// <summary>What a commit led to.</summary>
/// <param name="Unchanged">The newest snapshot held all of it already.</param>
internal sealed record Committed(Snapshot Snapshot, bool Unchanged);
