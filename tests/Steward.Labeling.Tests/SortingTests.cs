using Steward.Data;
using Steward.Identity;
using Steward.Labeling.Heaps;
using Steward.Projects;
using Steward.Storage;
using Steward.Testing;

namespace Steward.Labeling.Tests;

public class SortingsOnSqliteTests() : SortingTests(Databases.Sqlite());
public class SortingsOnPostgresTests() : SortingTests(Databases.Postgres());

/// <summary>What people do with heaps, and what becomes of it.</summary>
public abstract class SortingTests(Db db) : IAsyncDisposable
{
    private readonly Desk _desk = new(db);
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Named_heaps_name_their_pictures_once_and_the_others_stay_without_a_name()
    {
        await Sorted(3, 2, 2);
        await Sortings.Name(Mia, _desk.Project, 1, 1, " plum ", Stop);
        await Sortings.Name(Mia, _desk.Project, 1, 2, "plum", Stop);
        await Sortings.Aside(Mia, _desk.Project, 1, 3, true, Stop);
        Assert.All(await Items(), item => Assert.False(item.IsNamed));
        var done = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Sortings.Done(Mia, _desk.Project, 1, Stop), Stop)));
        Assert.All(done, one => Assert.Equal((QueueState.Done, 2, 4), (one.Sorting.State, one.Sorting.Snapshot!.Value, one.Sorting.Named!.Value)));
        Assert.Equal(["plum", "plum", "", "plum", "plum", "", ""], (await Items()).Select(item => item.Label));
        Assert.Equal(["heaps", "import"], (await Items()).Select(item => item.Source).Distinct());
        Assert.Single(_desk.Ear.Heard.OfType<SnapshotAdded>(), added => added.Reason is Reason.Labels);
        Assert.Equal(new HeapsNamed(_desk.Project, 1, "found", 2, 4, "mia"), Assert.Single(_desk.Ear.Heard.OfType<HeapsNamed>()));
        Assert.Equal("sorting_closed", (await Assert.ThrowsAsync<ProblemException>(() => Sortings.Undo(Mia, _desk.Project, 1, Stop))).Code);
    }

    [Fact]
    public async Task What_was_set_aside_becomes_a_heap_of_its_own()
    {
        await Sorted(4, 1);
        await Sortings.Aside(Mia, _desk.Project, 1, 2, true, Stop);
        await Sortings.Aside(Mia, _desk.Project, 1, 4, true, Stop);
        Assert.Equal([new(1, null, 2, 2), new(2, null, 1, 0)], (await Sortings.Get(_desk.Project, 1, Stop)).Heaps);
        Assert.Equal([1, 3, 2, 4], (await Sortings.Pictures(_desk.Project, 1, 1, 0, 10, Stop)).Select(picture => picture.Number));
        Assert.Equal([new(1, null, 2, 0), new(2, null, 1, 0), new(3, null, 2, 0)], (await Sortings.Split(Mia, _desk.Project, 1, 1, Stop)).Heaps);
        Assert.Equal("nothing_aside", (await Assert.ThrowsAsync<ProblemException>(() => Sortings.Split(Mia, _desk.Project, 1, 1, Stop))).Code);
    }

    [Fact]
    public async Task Undo_takes_back_one_step_after_the_other_and_only_ones_own()
    {
        await Sorted(3, 2);
        var before = await Sortings.Get(_desk.Project, 1, Stop);
        await Sortings.Name(Mia, _desk.Project, 1, 1, "plum", Stop);
        await Sortings.Name(_desk.Person("leo"), _desk.Project, 1, 2, "pear", Stop);
        await Sortings.Name(Mia, _desk.Project, 1, 1, "apple", Stop);
        await Sortings.Aside(Mia, _desk.Project, 1, 1, true, Stop);
        await Sortings.Split(Mia, _desk.Project, 1, 1, Stop);
        Assert.Equal([new(1, "apple", 2, 1), new(2, "pear", 2, 0)], (await Undo()).Heaps);
        Assert.Equal(new(1, "apple", 3, 0), (await Undo()).Heaps[0]);
        Assert.Equal("plum", (await Undo()).Heaps[0].Name);
        Assert.Equal(before.Heaps[0], (await Undo()).Heaps[0]);
        Assert.Equal("nothing_to_undo", (await Assert.ThrowsAsync<ProblemException>(Undo)).Code);
        Assert.Equal("pear", (await Sortings.Get(_desk.Project, 1, Stop)).Heaps[1].Name);
    }

    [Fact]
    public async Task Equal_pictures_get_the_name_together_and_what_was_named_meanwhile_keeps_its_own()
    {
        await Sorted(2);
        var twin = (await Items())[0];
        await _desk.Sets.Add(Who.Steward, _desk.Project, "found", new(Reason.Import, [twin with { Key = "twin" }, (await Items())[1] with { Label = "pear" }]), Stop);
        await Sortings.Name(Mia, _desk.Project, 1, 1, "plum", Stop);
        await Sortings.Done(Mia, _desk.Project, 1, Stop);
        Assert.Equal(["plum", "pear", "plum"], (await Items()).Select(item => item.Label));
    }

    [Theory]
    [InlineData(0)] // died before the snapshot
    [InlineData(1)] // died before it was told
    public async Task A_crash_on_the_way_makes_no_second_snapshot(int steps)
    {
        await Sorted(3);
        await Sortings.Name(Mia, _desk.Project, 1, 1, "plum", Stop);
        await db.Write(async tx => await SortingStore.Change(tx, (await SortingStore.Hold(tx, _desk.Project, 1))! with { State = QueueState.Closing, DoneBy = "mia", Named = 3 }), Stop);
        if (steps > 0)
            await _desk.Get<SortingCloser>().Snapshot((await Sortings.Get(_desk.Project, 1, Stop)).Sorting, Stop);
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => _desk.Get<SortingCloser>().Bring(_desk.Project, 1, Stop), Stop)));
        Assert.Equal((QueueState.Done, 2), ((await Sortings.Get(_desk.Project, 1, Stop)).Sorting.State, (await Sortings.Get(_desk.Project, 1, Stop)).Sorting.Snapshot));
        Assert.Single(_desk.Ear.Heard.OfType<SnapshotAdded>(), added => added.Reason is Reason.Labels);
        Assert.Single(_desk.Ear.Heard.OfType<HeapsNamed>());
    }

    [Fact]
    public async Task What_the_data_tests_refuse_opens_it_again_and_says_why()
    {
        await Sorted(3);
        await _desk.Get<IProjects>().Put($"steward: 1\nproject: {_desk.Project}\ndata: {{found: {{expect: [{{check: min_rows_per_class, value: 4}}]}}}}\n", Who.Steward, Stop);
        await Sortings.Name(Mia, _desk.Project, 1, 1, "plum", Stop);
        var refused = await Assert.ThrowsAsync<ProblemException>(() => Sortings.Done(Mia, _desk.Project, 1, Stop));
        Assert.Equal("labels_refused", refused.Code);
        Assert.Equal((QueueState.Open, refused.Message), ((await Sortings.Get(_desk.Project, 1, Stop)).Sorting.State, (await Sortings.Get(_desk.Project, 1, Stop)).Sorting.Trouble));
        Assert.Null((await Undo()).Sorting.Trouble);
    }

    [Fact]
    public async Task Names_and_numbers_that_make_no_sense_are_refused_in_words()
    {
        await Sorted(2);
        Assert.Equal("heaps_unnamed", (await Assert.ThrowsAsync<ProblemException>(() => Sortings.Done(Mia, _desk.Project, 1, Stop))).Code);
        Assert.Equal("text_too_long", (await Assert.ThrowsAsync<ProblemException>(() => Sortings.Name(Mia, _desk.Project, 1, 1, new string('x', 101), Stop))).Code);
        Assert.Equal("text_invalid", (await Assert.ThrowsAsync<ProblemException>(() => Sortings.Name(Mia, _desk.Project, 1, 1, "a\nb", Stop))).Code);
        Assert.Equal("heap_not_found", (await Assert.ThrowsAsync<ProblemException>(() => Sortings.Name(Mia, _desk.Project, 1, 9, "plum", Stop))).Code);
        Assert.Equal("picture_not_found", (await Assert.ThrowsAsync<ProblemException>(() => Sortings.Aside(Mia, _desk.Project, 1, 9, true, Stop))).Code);
        Assert.Equal("sorting_not_found", (await Assert.ThrowsAsync<ProblemException>(() => Sortings.Undo(Mia, _desk.Project, 2, Stop))).Code);
        Assert.Equal("heaps_invalid", (await Assert.ThrowsAsync<ProblemException>(() => Sortings.Make(Mia, _desk.Project, "found", 1, Stop))).Code);
        Assert.Equal("data_set_not_found", (await Assert.ThrowsAsync<ProblemException>(() => Sortings.Make(Mia, _desk.Project, "lost", null, Stop))).Code);
    }

    public async ValueTask DisposeAsync()
    {
        await _desk.DisposeAsync();
        await db.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private Sortings Sortings => _desk.Get<Sortings>();

    private Who Mia => _desk.Person("mia");

    private Task<SortingView> Undo() => Sortings.Undo(Mia, _desk.Project, 1, Stop);

    private async Task<IReadOnlyList<Item>> Items() => await _desk.Sets.Items((await _desk.Sets.Find(_desk.Project, "found", null, Stop))!, Stop);

    /// <summary>A data set of unnamed pictures, sorted into heaps of these sizes.</summary>
    private async Task Sorted(params int[] sizes)
    {
        await _desk.Get<IProjects>().Put($"steward: 1\nproject: {_desk.Project}\n", Who.Steward, Stop);
        var (items, pictures) = (new List<Item>(), new List<(Digest, int, float)>());
        foreach (var (heap, size) in sizes.Index())
            for (var i = 0; i < size; i++)
            {
                items.Add(new($"{items.Count:000}", await _desk.Blob($"{heap} {i}"), "", Split.Train, "import"));
                pictures.Add((items[^1].Blob, heap + 1, i));
            }

        await _desk.Sets.Add(Who.Steward, _desk.Project, "found", new(Reason.Import, items), Stop);
        await db.Write(tx => SortingStore.Add(tx, new(_desk.Project, 1, "found", 1, items.Count, QueueState.Open, _desk.Clock.GetUtcNow(), "mia", null, null, null, null, null), "task", pictures), Stop);
    }
}
