using System.Net;
using Steward.Identity;
using Steward.Projects;
using Steward.Testing;

namespace Steward.Monitoring.Tests;

/// <summary>What waits, what is forgotten, what belongs to whom.</summary>
public sealed class OverTimeTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_window_that_never_fills_is_judged_all_the_same()
    {
        await using var host = new Watched(monitor: "window: 100, patience: 1s");
        await host.InitializeAsync();
        var world = new RowWorld(1);
        var version = await host.Serve(RowWorld.Model(), world.Reference());
        await host.Ask(world.Rows(37), RowWorld.Dimensions);
        var window = Assert.Single(await host.Windows(version, 1));
        Assert.Equal((37, WindowState.Quiet), (window.Answers, window.State));
        await host.Ask(world.Rows(100), RowWorld.Dimensions);
        Assert.Equal(100, (await host.Windows(version, 2))[0].Answers);
    }

    [Fact]
    public async Task An_incident_that_nobody_explains_is_closed_with_exactly_that_and_the_next_alarm_opens_another()
    {
        await using var host = new Watched(monitor: "window: 20, quiet_after: 1, close_after: 1s");
        await host.InitializeAsync();
        var world = new RowWorld(2);
        await host.Serve(RowWorld.Model(), world.Reference());
        await host.Ask(world.Rows(20, shift: 3), RowWorld.Dimensions);
        await host.Told("alarm");
        await host.Ask(world.Rows(20), RowWorld.Dimensions);
        Assert.Contains("nobody has said; it has been quiet since", (await host.Told("closed")).Text, StringComparison.Ordinal);
        await host.Ask(world.Rows(20, shift: 3), RowWorld.Dimensions);
        await host.Told("alarm", number: 2);
        Assert.Equal(1, await host.Get<IIncidents>().Waiting("shop", Stop));
        Assert.Equal("steward", (await host.Incident()).Incident.ClosedBy);
    }

    [Fact]
    public async Task An_endpoint_is_shown_to_its_own_project_only()
    {
        await using var host = new Watched();
        await host.InitializeAsync();
        await host.Serve(RowWorld.Model(), new RowWorld(3).Reference());
        await host.Get<IProjects>().Put("steward: 1\nproject: other\n", Who.Steward, Stop);
        foreach (var path in (string[])["/api/projects/other/monitor/colours", "/projects/other/monitor/colours", "/api/projects/shop/incidents/9", "/projects/shop/incidents/9"])
            using (var reply = await host.Http.GetAsync(path, Stop))
                Assert.Equal(HttpStatusCode.NotFound, reply.StatusCode);
    }

    [Fact]
    public async Task Pages_say_first_how_it_is()
    {
        await using var host = new Watched(monitor: "window: 20");
        await host.InitializeAsync();
        var world = new RowWorld(4);
        Assert.Contains("Nothing out of the ordinary", await host.Http.GetStringAsync("/projects/shop/incidents", Stop), StringComparison.Ordinal);
        await host.Serve(RowWorld.Model(), world.Reference());
        Assert.Contains("colours was not judged yet", await host.Http.GetStringAsync("/projects/shop/monitor/colours", Stop), StringComparison.Ordinal);
        await host.Ask(world.Rows(20), RowWorld.Dimensions);
        await host.Windows(1, 1);
        Assert.Contains("colours is as usual", await host.Http.GetStringAsync("/projects/shop/monitor/colours", Stop), StringComparison.Ordinal);
        await host.Ask(world.Rows(20, shift: 3), RowWorld.Dimensions);
        await host.Told("alarm");
        Assert.Contains("colours is not as usual", await host.Http.GetStringAsync("/projects/shop/monitor/colours", Stop), StringComparison.Ordinal);
        var incident = await host.Http.GetStringAsync("/projects/shop/incidents/1", Stop);
        Assert.All((string[])["In short", "1 alarm, with 20 answers behind them", "Nothing by itself.", "What you can do now", "Close incident 1"], said => Assert.Contains(said, incident, StringComparison.Ordinal));
        Assert.Contains("What colours sees looks unfamiliar", await host.Http.GetStringAsync("/projects/shop/incidents", Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_watches_and_acts_the_same_on_PostgreSQL()
    {
        await using var host = new Watched("loop: [{when: low_confidence, then: [back_or_abstain, ask_for_labels: {batch: 5}]}]", "window: 40, quiet_after: 2", settings => settings with { Db = TestPostgres.NewDatabase() });
        await host.InitializeAsync();
        var pictures = new PictureWorld(7);
        foreach (var gain in new[] { 120f, 10f })
            await host.Serve(PictureWorld.Model(gain), PictureWorld.Reference(PictureWorld.Model(gain), pictures.Bright(200)));
        await host.Ask(pictures.Pale(40));
        await host.Told("back");
        await host.Serves(1);
        await Eventually.True("people are asked", () => host.Notes.Of<LabelsWanted>().Count == 1, Stop);
        for (var window = 0; window < 2; window++)
            await host.Ask(pictures.Bright(40));
        await host.Told("quiet");
    }
}
