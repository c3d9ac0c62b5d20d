using Steward.Projects;

namespace Steward.Monitoring.Tests;

/// <summary>Answers of a real model, through the real log, judged as they come.</summary>
public sealed class StreamTests : IAsyncLifetime
{
    private readonly Watched _host = new();
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Twenty_quiet_streams_raise_at_most_one_alarm()
    {
        var alarms = 0;
        for (var seed = 0; seed < 20; seed++)
        {
            var world = new RowWorld(seed);
            var version = await _host.Serve(RowWorld.Model(), world.Reference());
            for (var window = 0; window < 5; window++)
                await _host.Ask(world.Rows(100), RowWorld.Dimensions);
            alarms += (await _host.Windows(version, 5)).Count(window => window.State is WindowState.Alarm);
        }

        Assert.InRange(alarms, 0, 1);
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
