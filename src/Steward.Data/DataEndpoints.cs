using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Steward.Identity;
using Steward.Projects;

namespace Steward.Data;

internal static class DataEndpoints
{
    private const int Most = 1000;

    public static void MapData(this IEndpointRouteBuilder routes)
    {
        var data = routes.MapGroup("/api/projects/{project}/data").WithTags("Data");
        data.MapGet("/", async (string project, int? limit, IDataSets all, CancellationToken stop)
            => (await all.All(project, stop)).Take(Math.Clamp(limit ?? 100, 1, Most)).Select(SnapshotView.Of)).Needs(Permission.Read);
        data.MapGet("/{dataset}", Versions).Needs(Permission.Read);
        data.MapGet("/{dataset}/plan", async (string project, string dataset, IProjects all, CancellationToken stop)
            => (await all.Get(project, stop)).PlanOf(Names.Check("data set", dataset))).Needs(Permission.Read);
        data.MapGet("/{dataset}/diff", Diff).Needs(Permission.Read);
        data.MapGet("/{dataset}/{version:int}", async (string project, string dataset, int version, IDataSets all, Summaries numbers, CancellationToken stop)
            => await Detail(await all.Get(project, dataset, version, stop), numbers, stop)).Needs(Permission.Read);
        data.MapGet("/{dataset}/{version:int}/items", Items).Needs(Permission.Read);
        data.MapGet("/{dataset}/{version:int}/check", Check).Needs(Permission.Read);
    }

    /// <summary>A snapshot that must be there; the newest when no version is named.</summary>
    public static async Task<Snapshot> Get(this IDataSets all, string project, string dataSet, int? version, CancellationToken stop)
        => await all.Find(project, dataSet, version, stop)
            ?? throw (version is null || await all.Find(project, dataSet, stop: stop) is null
                ? ProblemException.NotFound("data set", Names.Shorten(dataSet), "steward data list shows those of the project.")
                : ProblemException.NotFound("snapshot", $"{dataSet}@{version}", $"steward data show {dataSet} shows its versions."));

    public static IEnumerable<Item> Matching(this IEnumerable<Item> items, Split? split, string? label, string? source) => items
        .Where(item => (split is null || item.Split == split) && (string.IsNullOrEmpty(label) || item.Label == label) && (string.IsNullOrEmpty(source) || item.Source == source));

    private static async Task<IEnumerable<SnapshotView>> Versions(string project, string dataset, int? limit, IDataSets all, CancellationToken stop)
    {
        await all.Get(project, dataset, null, stop);
        return (await all.Versions(project, dataset, Math.Clamp(limit ?? 100, 1, Most), stop)).Select(SnapshotView.Of);
    }

    private static async Task<SnapshotDetail> Detail(Snapshot one, Summaries numbers, CancellationToken stop)
    {
        var counted = await numbers.Of(one, stop);
        return new(SnapshotView.Of(one), counted.Bytes, counted.Splits, counted.Labels, counted.Sources);
    }

    private static async Task<IEnumerable<Item>> Items(
        string project, string dataset, int version, string? split, string? label, string? source, string? after, int? limit, IDataSets all, CancellationToken stop)
        => (await all.Items(await all.Get(project, dataset, version, stop), stop))
            .SkipWhile(item => after is not null && string.CompareOrdinal(item.Key, after) <= 0)
            .Matching(Splits.Read(split), label, source)
            .Take(Math.Clamp(limit ?? 100, 1, Most));

    /// <summary>Pictures that are there more than once, the worst first, and how the version stands against the data tests of the project file.</summary>
    private static async Task<CheckView> Check(string project, string dataset, int version, string? by, int? limit, IDataSets all, DataChecks checks, CancellationToken stop)
    {
        var one = await all.Get(project, dataset, version, stop);
        var found = await checks.Duplicates(one, DataTest.ReadBy(by), stop);
        return new(SnapshotView.Of(one), found.By, found.Groups.Count, found.Pictures, found.Leaks, found.Conflicts, found.WorstFirst.Take(Math.Clamp(limit ?? 100, 1, Most)), await checks.Tests(one, stop));
    }

    private static async Task<DiffView> Diff(string project, string dataset, int? from, int? to, int? limit, IDataSets all, CancellationToken stop)
    {
        var after = await all.Get(project, dataset, to, stop);
        var before = await all.Get(project, dataset, from ?? Math.Max(1, after.Version - 1), stop);
        return DiffView.Of(await all.Diff(before, after, stop), Math.Clamp(limit ?? 100, 1, Most));
    }
}

/// <param name="Bytes">Of all its pictures, each counted once.</param>
internal sealed record SnapshotDetail(SnapshotView Snapshot, long Bytes, IReadOnlyDictionary<string, int> Splits, IReadOnlyDictionary<string, int> Labels, IReadOnlyDictionary<string, int> Sources);

/// <summary>What is there more than once; the list is cut at the limit, the counts are whole.</summary>
/// <param name="Pictures">How many could go without losing anything.</param>
/// <param name="Leaks">Groups in more than one split.</param>
/// <param name="Conflicts">Groups with more than one label.</param>
internal sealed record CheckView(
    SnapshotView Snapshot, SameBy By, int GroupCount, int Pictures, int Leaks, int Conflicts, IEnumerable<DuplicateGroup> Groups, IReadOnlyList<TestResult> Tests)
{
    internal string Words => Pictures == 0
        ? $"{Snapshot.Reference}: no picture is there twice ({DataTest.Word(By)})."
        : $"{Snapshot.Reference}: {Say.Count(Pictures, "picture")} of {Snapshot.Items:N0} {(Pictures == 1 ? "is a copy of another" : "are copies of others")} ({DataTest.Word(By)}); {Say.Count(Leaks, "leak")} between splits, {Say.Count(Conflicts, "conflict")} of labels.";
}

/// <summary>What differs; the lists are cut at the limit, the counts are whole.</summary>
internal sealed record DiffView(
    SnapshotView From, SnapshotView To, int AddedCount, int RemovedCount, int ChangedCount, IEnumerable<Item> Added, IEnumerable<Item> Removed, IEnumerable<ItemChange> Changed)
{
    public static DiffView Of(SnapshotDiff diff, int most) => new(
        SnapshotView.Of(diff.From), SnapshotView.Of(diff.To), diff.Added.Count, diff.Removed.Count, diff.Changed.Count, diff.Added.Take(most), diff.Removed.Take(most), diff.Changed.Take(most));
}
