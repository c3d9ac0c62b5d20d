using Steward.Monitoring;
using Steward.Storage;
using Steward.Testing;

namespace Steward.Labeling.Tests;

public class QueuesOnSqliteTests() : QueueTests(Databases.Sqlite());
public class QueuesOnPostgresTests() : QueueTests(Databases.Postgres());

/// <summary>What people who name pictures may rely on, on both engines.</summary>
public abstract class QueueTests(Db db) : IAsyncDisposable
{
    private readonly Desk _desk = new(db);
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_wish_becomes_one_queue_however_often_it_is_heard()
    {
        var queue = await _desk.Ask(3);
        await _desk.Get<Hearing>().Hear(await _desk.Wish(3), Stop);
        Assert.Equal(queue, Assert.Single(await _desk.Queues.All(_desk.Project, stop: Stop)) with { Labels = queue.Labels });
        Assert.Equal((1, 7, "pictures", 3, 0, QueueState.Open), (queue.Number, queue.Incident, queue.DataSet, queue.Items, queue.Answered, queue.State));
        Assert.Equal(["apple", "pear", "plum"], queue.Labels);
        Assert.Equal(3, await _desk.Queues.Waiting(_desk.Project, Stop));
    }

    [Fact]
    public async Task Two_people_never_look_at_the_same_picture()
    {
        await _desk.Ask(5);
        var (mia, leo) = (await _desk.Queues.Next(_desk.Person("mia"), _desk.Project, 1, 3, Stop), await _desk.Queues.Next(_desk.Person("leo"), _desk.Project, 1, 3, Stop));
        Assert.Equal([1, 2, 3], mia.Items.Select(item => item.Number));
        Assert.Equal([4, 5], leo.Items.Select(item => item.Number));
        Assert.Equal(0, await _desk.Next("ida"));
        Assert.Equal(1, await _desk.Next("mia"));
        Assert.Equal("item_taken", (await Assert.ThrowsAsync<ProblemException>(() => _desk.Answer("leo", 1))).Code);
    }

    [Fact]
    public async Task Many_people_at_once_name_every_picture_once()
    {
        await _desk.Ask(40);
        var done = await Task.WhenAll(Enumerable.Range(0, 5).Select(person => Task.Run(async () =>
        {
            var named = new List<int>();
            while (await _desk.Next($"p{person}") is > 0 and var item)
            {
                await _desk.Answer($"p{person}", item);
                named.Add(item);
            }

            return named;
        }, Stop)));
        // Four of them came twice, without being pictures of their own.
        Assert.Equal(Enumerable.Range(1, 40), done.SelectMany(named => named).Where(number => number <= 40).Order());
        Assert.Equal([41, 42, 43, 44], done.SelectMany(named => named).Where(number => number > 40).Order());
        Assert.Equal(40, (await _desk.Queues.Find(_desk.Project, 1, Stop))!.Answered);
    }

    /// <summary>Eight people in a hurry on a line that loses replies: what was said is sent again, some is skipped, some taken back.</summary>
    [Fact]
    public async Task A_storm_of_labels_loses_nothing_and_counts_nothing_twice()
    {
        const int Pictures = 400;
        await _desk.Ask(Pictures);
        var said = new System.Collections.Concurrent.ConcurrentDictionary<int, (string Person, string Label)>();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(number => Task.Run(async () =>
        {
            var (person, random, step) = ($"p{number}", new Random(number), 0);
            while ((await _desk.Queues.Next(_desk.Person(person), _desk.Project, 1, 5, Stop)).Items is { Count: > 0 } items)
                foreach (var item in items)
                {
                    step++;
                    if (step % 10 == 0)
                    {
                        await _desk.Queues.Skip(_desk.Person(person), _desk.Project, 1, item.Number, Stop);
                        await _desk.Queues.Undo(_desk.Person(person), _desk.Project, 1, Stop);
                    }

                    var label = random.Next(2) == 0 ? "plum" : "pear";
                    try
                    {
                        for (var sent = 0; sent < (step % 4 == 0 ? 2 : 1); sent++)
                            await _desk.Answer(person, item.Number, label);
                    }
                    catch (ProblemException taken) when (step % 10 == 0 && taken.Code == "item_taken")
                    {
                        // While it was skipped somebody else took it.
                        continue;
                    }

                    Assert.True(said.TryAdd(item.Number, (person, label)), $"Picture {item.Number} was given to two people.");
                }
        }, Stop)));
        var kept = await _desk.Queues.Items(_desk.Project, 1, stop: Stop);
        Assert.Equal(Pictures, (await _desk.Queues.Find(_desk.Project, 1, Stop))!.Answered);
        Assert.All(kept, item => Assert.Equal(said[item.Number], (item.By!, item.Label!)));
        Assert.Equal(Pictures, (await db.All<long>("SELECT count(*) FROM label_deed WHERE project = @project AND item <= @Pictures AND undone = 0", new { project = _desk.Project, Pictures }, Stop)).Single());
    }

    [Fact]
    public async Task How_long_a_picture_takes_and_how_often_the_model_guessed_it_is_said()
    {
        await _desk.Ask(24);
        Assert.True(await _desk.Queues.Lesson(_desk.Project, 1, Stop) is { Seconds: null, Guessed: 0, Right: 0, Agreements: [], MayStop: false, Words: "" });
        for (var i = 1; i <= 24; i++)
        {
            _desk.Clock.Advance(TimeSpan.FromSeconds(i == 12 ? 600 : 2));
            await _desk.Answer("mia", i, i % 3 == 0 ? "plum" : "pear");
        }

        var lesson = await _desk.Queues.Lesson(_desk.Project, 1, Stop);
        Assert.Equal((2, 24, 16), (lesson.Seconds, lesson.Guessed, lesson.Right));
        Assert.Equal("The model had guessed 16 of 24 of them as people do.", lesson.Words);
    }

    [Theory]
    [InlineData("Names still change the answers: fruit@3 answers 480 of 500 as fruit@2 did.", false, 0.999, 0.955)]
    [InlineData("Names changed little this time: fruit@4 answers 499 of 500 as fruit@3 did. 3 times running, and you may stop; this was number 2.", false, 0.98, 0.991, 0.997)]
    [InlineData("You may stop: 3 times running a new version answered the test pictures almost as the one before (fruit@4 answers 499 of 500 as fruit@3 did), so more names will change little.", true, 0.99, 0.991, 0.997)]
    public void Whether_more_names_would_change_the_model_is_said_in_plain_words(string words, bool stop, params double[] kappas)
    {
        var lesson = Lesson.Of([], [], [.. kappas.Select((kappa, i) => new Agreement($"fruit@{i + 1}", $"fruit@{i + 2}", kappa > 0.99 ? 499 : 480, 500, kappa))]);
        Assert.Equal((words, stop), (lesson.Words, lesson.MayStop));
    }

    [Fact]
    public async Task What_somebody_left_open_comes_back_after_a_while()
    {
        await _desk.Ask(1);
        Assert.Equal(1, await _desk.Next("mia"));
        Assert.Equal(0, await _desk.Next("leo"));
        _desk.Clock.Advance(Queues.Lease);
        Assert.Equal(1, await _desk.Next("leo"));
        Assert.Equal("item_taken", (await Assert.ThrowsAsync<ProblemException>(() => _desk.Answer("mia", 1))).Code);
        Assert.Equal(1, (await _desk.Answer("leo", 1)).Answered);
        Assert.Contains("leo has named", (await Assert.ThrowsAsync<ProblemException>(() => _desk.Answer("mia", 1))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_skipped_picture_is_for_others()
    {
        await _desk.Ask(2);
        await _desk.Queues.Skip(_desk.Person("mia"), _desk.Project, 1, await _desk.Next("mia"), Stop);
        Assert.Equal(2, await _desk.Next("mia"));
        Assert.Equal(1, await _desk.Next("leo"));
    }

    [Fact]
    public async Task Undo_takes_back_one_step_after_the_other_and_only_ones_own()
    {
        await _desk.Ask(4);
        await _desk.Answer("mia", await _desk.Next("mia"), "apple");
        await _desk.Answer("leo", await _desk.Next("leo"), "pear");
        await _desk.Queues.Skip(_desk.Person("mia"), _desk.Project, 1, 3, Stop);
        await _desk.Answer("mia", 1, "plum");

        Assert.Equal((1, "apple"), await Undo("mia"));
        Assert.Equal((3, null), await Undo("mia"));
        Assert.Equal((1, null), await Undo("mia"));
        Assert.Equal("nothing_to_undo", (await Assert.ThrowsAsync<ProblemException>(() => Undo("mia"))).Code);
        Assert.Equal([1, 3], (await _desk.Queues.Next(_desk.Person("mia"), _desk.Project, 1, 2, Stop)).Items.Select(item => item.Number));
        var answered = Assert.Single(await _desk.Queues.Items(_desk.Project, 1, stop: Stop), item => item.Label is not null);
        Assert.Equal((2, "pear", "leo"), (answered.Number, answered.Label, answered.By));
        Assert.Equal(1, (await _desk.Queues.Find(_desk.Project, 1, Stop))!.Answered);
    }

    [Fact]
    public async Task Only_the_labels_of_the_data_set_are_taken()
    {
        await _desk.Ask(1);
        Assert.Equal("label_unknown", (await Assert.ThrowsAsync<ProblemException>(() => _desk.Answer("mia", 1, "Plum"))).Code);
        Assert.Equal("item_not_found", (await Assert.ThrowsAsync<ProblemException>(() => _desk.Answer("mia", 2))).Code);
        Assert.Equal("label_queue_not_found", (await Assert.ThrowsAsync<ProblemException>(() => _desk.Answer("mia", 1, queue: 9))).Code);
    }

    [Fact]
    public async Task Another_wish_of_the_same_incident_is_another_queue()
    {
        await _desk.Ask(2);
        await _desk.Get<Hearing>().Hear(await _desk.Wish(3, "other"), Stop);
        Assert.Equal([2, 1], (await _desk.Queues.All(_desk.Project, stop: Stop)).Select(queue => queue.Number));
    }

    public async ValueTask DisposeAsync()
    {
        await _desk.DisposeAsync();
        await db.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private async Task<(int, string?)> Undo(string person)
    {
        var item = Assert.Single((await _desk.Queues.Undo(_desk.Person(person), _desk.Project, 1, Stop)).Items);
        return (item.Number, item.Label);
    }
}
