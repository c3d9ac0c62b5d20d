using CsCheck;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Steward.Audit;
using Steward.Blobs;
using Steward.Events;
using Steward.Identity;
using Steward.Projects;
using Steward.Storage;
using Steward.Testing;

namespace Steward.Data.Tests;

/// <summary>The same promises, kept by both databases.</summary>
public abstract class DataSetsTests(Db db) : IAsyncLifetime
{
    private readonly Ear _ear = new();
    private ServiceProvider _services = null!;
    private IDataSets _sets = null!;
    private IBlobs _blobs = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_pictures_make_the_data_set()
    {
        Assert.Null(await _sets.Find("shop", "pictures", stop: Stop));
        var first = await Add(await Item("apple/1"), await Item("pear/1"));
        Assert.Equal(("pictures@1", 2, 2, "open"), (first.Reference, first.Items, first.NewItems, first.By));
        Assert.Equal(first, await _sets.Find("shop", "pictures", stop: Stop));
        Assert.Equal(first, Assert.Single(await _sets.All("shop", Stop)));
        Assert.Empty(await _sets.All("other", Stop));
    }

    [Fact]
    public async Task A_next_version_starts_from_the_one_before()
    {
        await Add(await Item("apple/1"), await Item("pear/1"));
        var next = await _sets.Add(Who.Open, "shop", "pictures", new(Reason.Labels, [await Item("kiwi/1")]) { Removed = ["pear/1", "never/there"] }, Stop);
        Assert.Equal(["apple/1", "kiwi/1"], (await _sets.Items(next, Stop)).Select(item => item.Key));
        Assert.Equal(["apple/1", "pear/1"], (await _sets.Items((await _sets.Find("shop", "pictures", 1, Stop))!, Stop)).Select(item => item.Key));
        var whole = await _sets.Add(Who.Open, "shop", "pictures", new(Reason.Import, [await Item("pear/1")]) { Whole = true }, Stop);
        Assert.Equal(["pear/1"], (await _sets.Items(whole, Stop)).Select(item => item.Key));
        Assert.Equal([3, 2, 1], (await _sets.Versions("shop", "pictures", stop: Stop)).Select(version => version.Version));
    }

    [Fact]
    public async Task A_version_is_told_and_audited_once_and_no_change_is_no_version()
    {
        var first = await Add(await Item("apple/1"));
        Assert.Equal(first, await Add(await Item("apple/1")));
        Assert.Equal([new SnapshotAdded("shop", "pictures", 1, Reason.Import, "open")], _ear.Heard.OfType<SnapshotAdded>());
        Assert.Equal([("snapshot.added", "pictures@1")], _ear.Audited.Where(entry => entry.Action == "snapshot.added"));
    }

    [Fact]
    public async Task Versions_added_at_once_all_come_one_after_the_other()
    {
        var items = new List<Item>();
        for (var i = 0; i < 8; i++)
            items.Add(await Item($"apple/{i}"));
        var added = await Task.WhenAll(items.Select(item => Task.Run(() => Add(item), Stop)));
        Assert.Equal(Enumerable.Range(1, 8), added.Select(version => version.Version).Order());
        Assert.Equal(8, (await _sets.Find("shop", "pictures", stop: Stop))!.Items);
        Assert.Equal(8, _ear.Heard.OfType<SnapshotAdded>().Count());
    }

    [Fact]
    public async Task The_same_bytes_cost_once_in_a_project_and_belong_to_it_alone()
    {
        var one = await Item("apple/1", "same");
        Assert.Equal(4, (await Add(one)).NewBytes);
        Assert.Equal(0, (await Add(one with { Key = "apple/copy" })).NewBytes);
        Assert.Equal(0, (await _sets.Add(Who.Open, "shop", "others", new(Reason.Import, [one]), Stop)).NewBytes);
        Assert.True(await _sets.Holds("shop", one.Blob, Stop));
        Assert.False(await _sets.Holds("other", one.Blob, Stop));
        Assert.Equal(4, (await _sets.Add(Who.Open, "other", "pictures", new(Reason.Import, [one]), Stop)).NewBytes);
    }

    [Fact]
    public async Task The_digest_of_the_manifest_is_the_content_whatever_the_order()
    {
        var items = new List<Item>();
        for (var i = 0; i < 30; i++)
            items.Add(await Item($"kind-{i % 4}/{i}"));
        var one = await Add([.. items]);
        items.Reverse();
        var other = await _sets.Add(Who.Open, "other", "elsewhere", new(Reason.Labels, items), Stop);
        Assert.Equal(one.Manifest, other.Manifest);
    }

    [Fact]
    public async Task What_cannot_be_kept_is_refused_and_nothing_is_left()
    {
        var good = await Item("apple/1");
        foreach (var (item, code) in new[] { (good with { Key = "../x" }, "item_invalid"), (good with { Label = " " }, "item_invalid"), (good with { Split = (Split)9 }, "item_invalid"), (good with { Blob = Digest.Of("nowhere") }, "blob_not_found") })
            Assert.Equal(code, (await Assert.ThrowsAsync<ProblemException>(() => Add(good, item))).Code);
        Assert.Equal("snapshot_empty", (await Assert.ThrowsAsync<ProblemException>(() => Add())).Code);
        Assert.Equal("name_invalid", (await Assert.ThrowsAsync<ProblemException>(() => _sets.Add(Who.Open, "shop", "../x", new(Reason.Import, [good]), Stop))).Code);
        Assert.Empty(await _sets.All("shop", Stop));
        Assert.Empty(_ear.Heard.OfType<SnapshotAdded>());
    }

    [Fact]
    public async Task A_reader_adds_nothing()
    {
        var reader = new Who("u1", "rita", new Dictionary<string, IReadOnlySet<Role>> { ["shop"] = new HashSet<Role> { Role.Reader } });
        var item = await Item("apple/1");
        Assert.Equal("denied", (await Assert.ThrowsAsync<ProblemException>(() => _sets.Add(reader, "shop", "pictures", new(Reason.Import, [item]), Stop))).Code);
    }

    [Fact]
    public async Task The_data_tests_of_the_project_refuse_by_name()
    {
        await _services.GetRequiredService<IProjects>().Put("steward: 1\nproject: shop\ndata: {pictures: {expect: [{check: no_leak_between_splits}, {check: min_rows_per_class, value: 2}]}}\n", Who.Open, Stop);
        var (one, pear) = (await Item("apple/1"), await Item("pear/1"));
        var refused = await Assert.ThrowsAsync<ProblemException>(() => Add(one, one with { Key = "apple/2", Split = Split.Test }, pear));
        Assert.Equal((ProblemKind.GateFailed, "data_test_failed"), (refused.Kind, refused.Code));
        Assert.Contains("apple/1 (train) = apple/2 (test)", refused.Message, StringComparison.Ordinal);
        Assert.Contains("pear has 1", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_differs_leads_from_one_version_to_the_other()
    {
        var blobs = new List<Digest>();
        for (var i = 0; i < 4; i++)
            blobs.Add((await Item($"x/{i}")).Blob);
        var items = Gen.Select(Gen.Int[0, 15], Gen.Int[0, 3], Gen.Enum<Split>(), (key, blob, split) => new Item($"kind/{key}", blobs[blob], "kind", split, "import"));
        await Gen.Select(items.Array[1, 12], items.Array[1, 12]).SampleAsync(async both =>
        {
            var name = "d" + Names.NewId();
            var from = await _sets.Add(Who.Open, "shop", name, new(Reason.Import, both.Item1), Stop);
            var to = await _sets.Add(Who.Open, "shop", name, new(Reason.Import, both.Item2) { Whole = true }, Stop);
            var diff = await _sets.Diff(from, to, Stop);
            var walked = (await _sets.Items(from, Stop)).Except(diff.Removed).Except(diff.Changed.Select(change => change.Before)).Concat(diff.Added).Concat(diff.Changed.Select(change => change.After));
            Assert.Equal((await _sets.Items(to, Stop)).ToHashSet(), walked.ToHashSet());
            Assert.Equal(from.Version == to.Version, diff.IsEmpty);
        }, iter: 20, threads: 1);
    }

    public async ValueTask InitializeAsync()
    {
        _services = new ServiceCollection()
            .AddStorage(new Settings { Data = TestFolder.New() })
            .AddSingleton(db).AddSingleton(TimeProvider.System).AddSingleton<IEvents>(_ear).AddSingleton<IAudit>(_ear)
            .AddSingleton(typeof(Microsoft.Extensions.Logging.ILogger<>), typeof(NullLogger<>))
            .AddProjects([.. new DataRoom().Sections])
            .Also(new DataRoom().Furnish)
            .BuildServiceProvider();
        (_sets, _blobs) = (_services.GetRequiredService<IDataSets>(), _services.GetRequiredService<IBlobs>());
        foreach (var project in (string[])["shop", "other"])
            await _services.GetRequiredService<IProjects>().Put($"steward: 1\nproject: {project}\n", Who.Open, Stop);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _services.DisposeAsync();
        await db.DisposeAsync();
    }

    private Task<Snapshot> Add(params Item[] items) => _sets.Add(Who.Open, "shop", "pictures", new(Reason.Import, items), Stop);

    private async Task<Item> Item(string key, string? text = null)
        => new(key, (await _blobs.Put(System.Text.Encoding.UTF8.GetBytes(text ?? key), Stop)).Digest, key.Split('/')[0], Split.Train, "import");
}

public class DataSetsOnSqliteTests() : DataSetsTests(Databases.Sqlite());

public class DataSetsOnPostgresTests() : DataSetsTests(Databases.Postgres());
