using Steward.Data;
using Steward.Identity;
using Steward.Monitoring;
using Steward.Storage;
using Steward.Testing;

namespace Steward.Labeling.Tests;

public class ClosingOnSqliteTests() : CloserTests(Databases.Sqlite());
public class ClosingOnPostgresTests() : CloserTests(Databases.Postgres());

/// <summary>From answers to a snapshot, once.</summary>
public abstract class CloserTests(Db db) : IAsyncDisposable
{
    private readonly Desk _desk = new(db);
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_full_queue_closes_a_moment_after_the_last_answer_and_becomes_a_snapshot()
    {
        await Full(14);
        await Closer.Look(Stop);
        Assert.Equal(QueueState.Open, (await Queue()).State);
        _desk.Clock.Advance(Closer.Grace);
        await Closer.Look(Stop);
        var done = await Queue();
        Assert.Equal((QueueState.Done, 2), (done.State, done.Snapshot!.Value));
        var snapshot = (await _desk.Sets.Find(_desk.Project, "pictures", 2, Stop))!;
        Assert.Equal((Reason.Labels, 9 + 14), (snapshot.Reason, snapshot.Items));
        Assert.Single(_desk.Ear.Heard.OfType<SnapshotAdded>(), added => added.Reason is Reason.Labels);
        Assert.Equal(new QueueDone(_desk.Project, 1, 7, "pictures", 2, 14, 14, "steward"), Assert.Single(_desk.Ear.Heard.OfType<QueueDone>()));
        Assert.Equal("pictures@2", Assert.Single(_desk.Ear.Heard.OfType<LabelsGiven>()).Data);
    }

    [Fact]
    public async Task Some_answers_are_to_choose_by_and_to_judge_with()
    {
        await Full(14);
        await Finish();
        var items = (await _desk.Sets.Items((await _desk.Sets.Find(_desk.Project, "pictures", null, Stop))!, Stop)).Where(item => item.Source == "labels").ToList();
        Assert.Equal((10, 2, 2), (items.Count(item => item.Split is Split.Train), items.Count(item => item.Split is Split.Valid), items.Count(item => item.Split is Split.Test)));
        Assert.All(items, item => Assert.Equal("plum", item.Label));
    }

    [Fact]
    public async Task The_last_answer_may_be_taken_back_while_it_is_still_open()
    {
        await Full(2);
        await _desk.Queues.Undo(_desk.Person("mia"), _desk.Project, 1, Stop);
        _desk.Clock.Advance(TimeSpan.FromHours(1));
        await Closer.Look(Stop);
        Assert.Equal((QueueState.Open, 1), ((await Queue()).State, (await Queue()).Answered));
    }

    [Fact]
    public async Task Enough_is_enough_with_one_answer_and_not_with_none()
    {
        await _desk.Ask(3);
        Assert.Equal("queue_unanswered", (await Assert.ThrowsAsync<ProblemException>(Finish)).Code);
        await _desk.Answer("mia", await _desk.Next("mia"));
        var done = await Finish();
        Assert.Equal((QueueState.Done, 1, "leo"), (done.State, done.Answered, done.DoneBy));
        Assert.Equal(0, await _desk.Next("mia"));
        Assert.Equal("queue_closed", (await Assert.ThrowsAsync<ProblemException>(() => _desk.Answer("mia", 2))).Code);
        Assert.Equal(0, await _desk.Queues.Waiting(_desk.Project, Stop));
        Assert.Equal(done.Snapshot, (await Finish()).Snapshot);
    }

    [Theory]
    [InlineData(0)] // died before the snapshot
    [InlineData(1)] // died before the queue was told done
    [InlineData(2)] // the same, and somebody imported meanwhile
    public async Task A_crash_on_the_way_makes_no_second_snapshot(int steps)
    {
        await Full(5);
        await db.Write(async tx => await QueueStore.Change(tx, Closer.Close((await QueueStore.Hold(tx, _desk.Project, 1))!, "leo", _desk.Clock.GetUtcNow())), Stop);
        if (steps > 0)
            await Closer.Snapshot(await Queue(), Stop);
        if (steps > 1)
            await _desk.Sets.Add(Who.Steward, _desk.Project, "pictures", new(Reason.Import, [new("apple/9", await _desk.Blob("apple9"), "apple", Split.Train, "import")]), Stop);
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => Closer.Look(Stop), Stop)));
        Assert.Equal((QueueState.Done, 2), ((await Queue()).State, (await Queue()).Snapshot!.Value));
        Assert.Single(_desk.Ear.Heard.OfType<SnapshotAdded>(), added => added.Reason is Reason.Labels);
        Assert.Single(_desk.Ear.Heard.OfType<QueueDone>());
    }

    [Fact]
    public async Task Two_people_who_say_enough_at_once_make_one_snapshot()
    {
        await _desk.Ask(6);
        await _desk.Answer("mia", await _desk.Next("mia"));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(Finish, Stop)));
        Assert.Single(_desk.Ear.Heard.OfType<SnapshotAdded>(), added => added.Reason is Reason.Labels);
        Assert.Single(_desk.Ear.Heard.OfType<QueueDone>());
        Assert.Single(_desk.Ear.Audited, entry => entry.Action == "labels.finished");
    }

    [Fact]
    public async Task What_the_data_tests_refuse_opens_the_queue_again_and_says_why()
    {
        await _desk.Ask(1, "data: {pictures: {expect: [{check: min_rows_per_class, value: 3}]}}");
        await _desk.Answer("mia", 1);
        await _desk.Get<Projects.IProjects>().Put($"steward: 1\nproject: {_desk.Project}\ndata: {{pictures: {{expect: [{{check: min_rows_per_class, value: 4}}]}}}}\n", Who.Steward, Stop);
        var refused = await Assert.ThrowsAsync<ProblemException>(Finish);
        Assert.Equal(("labels_refused", ProblemKind.GateFailed), (refused.Code, refused.Kind));
        Assert.Contains("every label needs 4 items", (await Queue()).Trouble, StringComparison.Ordinal);
        _desk.Clock.Advance(TimeSpan.FromHours(1));
        await Closer.Look(Stop);
        Assert.Equal(QueueState.Open, (await Queue()).State);
        await _desk.Get<Projects.IProjects>().Put($"steward: 1\nproject: {_desk.Project}\n", Who.Steward, Stop);
        Assert.Equal(QueueState.Done, (await Finish()).State);
    }

    [Fact]
    public async Task A_picture_that_the_data_set_has_keeps_its_key_and_its_split()
    {
        await _desk.Ask(1);
        var wish = await _desk.Wish(1, "pear");
        await _desk.Get<Hearing>().Hear(wish, Stop);
        await _desk.Answer("mia", 1, "plum", queue: 2);
        await _desk.Queues.Finish(_desk.Person("mia"), _desk.Project, 2, Stop);
        var items = await _desk.Sets.Items((await _desk.Sets.Find(_desk.Project, "pictures", null, Stop))!, Stop);
        Assert.Equal(9, items.Count);
        Assert.Equal(new Item("pear/0", wish.Items[0].Picture, "plum", Split.Train, "labels"), items.Single(item => item.Key == "pear/0"));
    }

    public async ValueTask DisposeAsync()
    {
        await _desk.DisposeAsync();
        await db.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private Closer Closer => _desk.Get<Closer>();

    private async Task<LabelQueue> Queue() => (await _desk.Queues.Find(_desk.Project, 1, Stop))!;

    private Task<LabelQueue> Finish() => _desk.Queues.Finish(_desk.Person("leo"), _desk.Project, 1, Stop);

    private async Task Full(int pictures)
    {
        await _desk.Ask(pictures);
        while (await _desk.Next("mia") is > 0 and var item)
            await _desk.Answer("mia", item);
    }
}
