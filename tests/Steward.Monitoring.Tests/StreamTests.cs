using Steward.Projects;
using Steward.Serving;
using Steward.Testing;

namespace Steward.Monitoring.Tests;

/// <summary>Answers of a real model, through the real log, judged as they come.</summary>
public sealed class StreamTests : IAsyncLifetime
{
    private readonly Watched _host = new();
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Twenty_quiet_streams_raise_at_most_one_alarm_of_all_four_kinds()
    {
        var alarms = 0;
        for (var seed = 0; seed < 20; seed++)
        {
            var world = new RowWorld(seed);
            var version = await _host.Serve(RowWorld.Model(), world.Reference());
            for (var window = 0; window < 5; window++)
                await _host.Ask(world.Rows(100), RowWorld.Dimensions);
            var windows = await _host.Windows(version, 5);
            Assert.All(windows, window => Assert.True(window is { Drift: not null, Kinds: not null, Unsure.ReferenceOf: > 0 }, window.ToString()));
            await _host.SaysWrong(version, 160, of: 10, new Random(seed));
            var feedback = await _host.Feedback(version, 8);
            alarms += windows.Count(window => window.State is WindowState.Alarm) + feedback.Count(batch => batch.Alarms);
        }

        Assert.InRange(alarms, 0, 1);
    }

    [Fact]
    public async Task A_kind_that_is_answered_far_more_often_alarms_with_k_of_n()
    {
        var world = new RowWorld(5);
        var version = await _host.Serve(RowWorld.Model(), world.Reference());
        await _host.Ask(world.Rows(100, of: 2, share: 0.6), RowWorld.Dimensions);
        var window = Assert.Single(await _host.Windows(version, 1));
        Assert.Contains(LoopWhen.ClassShare, window.Alarms);
        Assert.Equal(("c", true), (window.Kinds!.Kind, window.Kinds.More));
        Assert.True(window.Kinds.Count >= window.Kinds.Limit, window.Kinds.ToString());
        Assert.Contains($"{window.Kinds.Count} of 100 answers were c, {window.Kinds.ReferenceCount} of 400 in the test split: {window.Kinds.Limit} or more alarm.", (await _host.Told("alarm")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Feedback_that_is_worse_than_the_test_split_alarms_with_k_of_n_and_asks_about_the_wrong_ones_first()
    {
        await _host.Says("loop: [{when: low_accuracy, then: [ask_for_labels: {batch: 10}]}]");
        var pictures = new PictureWorld(3);
        var version = await _host.Serve(PictureWorld.Model(10), PictureWorld.Reference(PictureWorld.Model(10), pictures.Bright(200)));
        await _host.Ask(pictures.Bright(30));
        var wrong = await _host.SaysWrong(version, 20, of: 3, new Random(1));
        var batch = Assert.Single(await _host.Feedback(version, 1));
        Assert.True(batch is { Alarms: true, ReferenceWrong: 0, ReferenceRows: 200 }, batch.ToString());
        Assert.Contains($"{wrong.Count} of 20 answers that people spoke about were wrong; {batch.Limit} or more alarm, because 0 of 200 were so in the test split.", (await _host.Told("alarm")).Text, StringComparison.Ordinal);
        Assert.Contains($"{wrong.Count} that somebody said were wrong, and those colours@1 doubted most", (await _host.Told("labels")).Text, StringComparison.Ordinal);
        await Eventually.True("people are asked", () => _host.Notes.Of<LabelsWanted>().Count == 1, Stop);
        Assert.Equal(wrong.Order(), _host.Notes.Of<LabelsWanted>()[0].Items.Take(wrong.Count).Select(item => item.Prediction).Order());
        Assert.Equal(batch.Telling.Order(), wrong.Intersect(batch.Telling).Order());
        Assert.Equal(6, batch.Telling.Count);
    }

    [Fact]
    public async Task Labels_that_people_were_asked_for_are_counted_by_themselves_and_never_alarm()
    {
        var world = new RowWorld(6);
        var version = await _host.Serve(RowWorld.Model(), world.Reference());
        await _host.Ask(world.Rows(100), RowWorld.Dimensions);
        await _host.Windows(version, 1);
        var named = (await _host.Get<IRequestLog>().Since("colours", version, null, 60, Stop)).ConvertAll(answer => new NamedAnswer(answer.Id, "other"));
        await _host.Get<Storage.Db>().Write(tx => _host.Get<Events.IEvents>().Publish(tx, new LabelsGiven("shop", 1, "pictures@2", 60, 60, named)), Stop);
        await Eventually.True("they are kept with the answers", async () => (await _host.View()).Told.Any(told => told.Of == 60), Stop);
        var told = Assert.Single((await _host.View()).Told);
        Assert.Equal((ToldHow.Labels, 0, 60), (told.How, told.Right, told.Of));
        Assert.Empty((await _host.View()).Feedback);
        Assert.Equal(0, await _host.Get<IIncidents>().Waiting("shop", Stop));
    }

    [Fact]
    public async Task Limits_are_explained_with_the_numbers_of_the_test_split()
    {
        var world = new RowWorld(7);
        var version = await _host.Serve(RowWorld.Model(), world.Reference());
        var said = (await _host.View()).Explained.Where(one => one.About is not null).ToDictionary(one => one.About!.Value, one => one.Sentence);
        await _host.Ask(world.Rows(100), RowWorld.Dimensions);
        var window = Assert.Single(await _host.Windows(version, 1));
        Assert.Contains($"Up to {window.Unsure.Limit - 1} of 100 answers may be under 60 %; {window.Unsure.Limit} alarm, because {window.Unsure.ReferenceCount} of 400 were so in the test split", said[LoopWhen.LowConfidence], StringComparison.Ordinal);
        Assert.StartsWith($"Drift up to {Phrases.Number(window.Drift!.Limit)} is as usual", said[LoopWhen.Drift], StringComparison.Ordinal);
        Assert.StartsWith("5 kinds may each be answered about as often as in the test split", said[LoopWhen.ClassShare], StringComparison.Ordinal);
        Assert.Contains("because 40 of 400 were wrong in the test split", said[LoopWhen.LowAccuracy], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_that_moved_alarms_in_its_first_window_and_opens_one_incident()
    {
        var world = new RowWorld(1);
        var version = await _host.Serve(RowWorld.Model(), world.Reference());
        await _host.Ask(world.Rows(100), RowWorld.Dimensions);
        for (var window = 0; window < 3; window++)
            await _host.Ask(world.Rows(100, shift: 0.6f), RowWorld.Dimensions);
        var windows = await _host.Windows(version, 4);
        Assert.Equal([WindowState.Alarm, WindowState.Alarm, WindowState.Alarm, WindowState.Quiet], windows.Select(window => window.State));
        Assert.Equal([LoopWhen.Drift], windows[0].Alarms);
        var incident = (await _host.Incident()).Incident;
        Assert.Equal((1, 3, 300, IncidentState.Open), (incident.Number, incident.Alarms, incident.Answers, incident.State));
        Assert.Equal(windows[2].From, incident.Since);
        Assert.Equal(1, await _host.Get<IIncidents>().Waiting("shop", Stop));
    }

    [Fact]
    public async Task A_stream_that_is_doubted_alarms_with_k_of_n()
    {
        var world = new RowWorld(2);
        var version = await _host.Serve(RowWorld.Model(), world.Reference());
        await _host.Ask(world.Rows(100, between: 0.95f), RowWorld.Dimensions);
        var window = Assert.Single(await _host.Windows(version, 1));
        Assert.Contains(LoopWhen.LowConfidence, window.Alarms);
        Assert.True(window.Unsure.Count >= window.Unsure.Limit, window.ToString());
        Assert.Contains($"{window.Unsure.Count} of 100 answers were less than 60 % sure", (await _host.Told("alarm")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_answer_is_judged_once_also_when_they_come_in_odd_numbers_and_the_server_restarts()
    {
        var world = new RowWorld(3);
        var version = await _host.Serve(RowWorld.Model(), world.Reference());
        foreach (var rows in new[] { 30, 1, 99, 65, 7 })
            await _host.Ask(world.Rows(rows), RowWorld.Dimensions);
        await _host.Restart();
        await _host.Serves(version);
        await _host.Ask(world.Rows(98), RowWorld.Dimensions);
        var windows = await _host.Windows(version, 3);
        Assert.Equal([3, 2, 1], windows.Select(window => window.Number));
        Assert.All(windows, window => Assert.Equal(100, window.Answers));
        Assert.True(windows[1].To < windows[0].From && windows[2].To < windows[1].From);
        Assert.Equal(0, (await _host.View()).Waiting);
    }

    [Fact]
    public async Task A_version_without_a_test_split_is_said_to_be_unjudged()
    {
        var version = await _host.Serve(RowWorld.Model(), null);
        await _host.Ask(new RowWorld(4).Rows(100), RowWorld.Dimensions);
        var window = Assert.Single(await _host.Windows(version, 1));
        Assert.Equal((WindowState.Unjudged, null), (window.State, window.Drift));
        Assert.Contains("has no reference.json", window.Note, StringComparison.Ordinal);
    }

    public ValueTask InitializeAsync() => _host.InitializeAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();
}
