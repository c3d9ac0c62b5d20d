using Microsoft.Extensions.Caching.Memory;
using Steward.Projects;

namespace Steward.Data;

/// <summary>Looks for duplicates in snapshots and holds them against the data tests. Snapshots never change, so what was found is remembered.</summary>
internal sealed class DataChecks(Prints prints, Manifests manifests, IProjects projects) : IDisposable
{
    private readonly MemoryCache _found = new(new MemoryCacheOptions { SizeLimit = 50_000 });

    public async Task<DuplicateReport> Duplicates(Snapshot snapshot, SameBy by, CancellationToken stop)
    {
        var key = (snapshot.Project, snapshot.Manifest, by);
        if (_found.TryGetValue(key, out DuplicateReport? known))
            return known!;
        var found = await Duplicates(snapshot.Project, await manifests.Items(snapshot.Manifest, stop), by, stop);
        return _found.Set(key, found, new MemoryCacheEntryOptions { Size = found.Pictures + found.Groups.Count + 1 });
    }

    /// <summary>How the snapshot stands against the data tests that the project file asks for now.</summary>
    public async Task<IReadOnlyList<TestResult>> Tests(Snapshot snapshot, CancellationToken stop)
    {
        var plan = (await projects.Get(snapshot.Project, stop)).PlanOf(snapshot.DataSet);
        var reports = new Dictionary<SameBy, DuplicateReport>();
        foreach (var by in Asked(plan))
            reports[by] = await Duplicates(snapshot, by, stop);
        var items = await manifests.Items(snapshot.Manifest, stop);
        return [.. plan.Expect.Select(test => new TestResult(test.Words, test.Failure(items, by => reports[by])))];
    }

    /// <summary>Refuses with <c>data_test_failed</c> what the plan does not allow.</summary>
    public async Task Demand(DataSetPlan plan, string project, string dataSet, IReadOnlyList<Item> items, CancellationToken stop)
    {
        var reports = new Dictionary<SameBy, DuplicateReport>();
        foreach (var by in Asked(plan))
            reports[by] = await Duplicates(project, items, by, stop);
        var failures = plan.Expect.Select(test => test.Failure(items, by => reports[by])).OfType<string>().ToList();
        if (failures.Count > 0)
            throw new ProblemException(ProblemKind.GateFailed, "data_test_failed", $"The data tests of '{dataSet}' refuse this: {string.Join("; ", failures)}.", "Mend the pictures, or change 'expect' in steward.yaml.");
    }

    public void Dispose() => _found.Dispose();

    private async Task<DuplicateReport> Duplicates(string project, IReadOnlyList<Item> items, SameBy by, CancellationToken stop)
    {
        var known = by is SameBy.Bytes ? new Dictionary<Digest, PicturePrint?>() : await prints.Of(project, items.Select(item => item.Blob), stop);
        return await Task.Run(() => Data.Duplicates.Find(items, known, by, stop), stop);
    }

    private static IEnumerable<SameBy> Asked(DataSetPlan plan) => plan.Expect.Where(test => test.LooksAtPictures).Select(test => test.By).Distinct();
}

/// <param name="Test">As the project file writes it.</param>
/// <param name="Why">What does not hold; null when it passed.</param>
public sealed record TestResult(string Test, string? Why)
{
    public bool Passed => Why is null;
}
