using Microsoft.Extensions.DependencyInjection;
using Steward.Models;
using Steward.Projects;
using Steward.Serving;
using Steward.Storage;
using Steward.Testing;

namespace Steward.Monitoring.Tests;

public class ReleaseIncidentOnSqliteTests() : ReleaseIncidentTests(null);
public class ReleaseIncidentOnPostgresTests() : ReleaseIncidentTests(TestPostgres.NewDatabase());

/// <summary>A release that goes wrong is somebody's business.</summary>
public abstract class ReleaseIncidentTests(string? db) : IAsyncLifetime
{
    private const string Serve = "endpoint: colours, unsure_under: 0.6, release: {canary: [50, 100], step: 10m, at_least: 20, abort_if: {low_confidence: '> 0.2'}}";
    private readonly Watched _host = new(monitor: "window: 40", change: settings => settings with { Db = db ?? settings.Db });
    private readonly PictureWorld _pictures = new(8);
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_release_that_its_own_figures_stop_opens_one_incident_and_everything_is_back()
    {
        await Begin("loop: [{when: canary_abort, then: [rollback, open_incident, ask_for_labels: {batch: 5}]}]");
        await _host.Ask(_pictures.Pale(30));
        var said = await _host.Told("alarm");
        Assert.Matches(@"^\d+ of \d+ answers of colours@2 were less than 60 % sure; at most 20 % may be\. So it went back at once: colours@1 serves everything\.$", said.Text);
        var incident = (await _host.Incident()).Incident;
        Assert.Equal("The release of colours@2 stopped itself at 50 % of the requests.", incident.Summary);
        Assert.Equal((LoopWhen.CanaryAbort, 2), (Assert.Single(incident.Kinds), incident.Version));
        await _host.Serves(1);
        await Eventually.True("the alias went back", async () => (await _host.Get<IPromotions>().History("shop", "colours", stop: Stop))[0].Kind is MoveKind.Back, Stop);
        await Eventually.True("people are asked about what it doubted", () => _host.Notes.Of<LabelsWanted>().Count == 1, Stop);
        Assert.Equal((2, 5), (_host.Notes.Of<LabelsWanted>()[0].Version, _host.Notes.Of<LabelsWanted>()[0].Items.Count));
        Assert.Single(await Audited("incident.opened"));
        Assert.Single(await Audited("release.aborted"));
        Assert.DoesNotContain((await _host.Incident()).Timeline, entry => entry.Kind == "note");
    }

    [Fact]
    public async Task Heard_twice_it_is_one_incident_with_one_alarm()
    {
        await Begin("");
        await _host.Ask(_pictures.Pale(30));
        await _host.Told("alarm");
        var release = (await _host.Get<IReleases>().Newest("colours", Stop))!;
        for (var i = 0; i < 2; i++)
            await ActivatorUtilities.CreateInstance<Hearing>(_host.Services).Hear(new ReleaseEnded("shop", "colours", "colours", 2, 1, release.Epoch, false, true, 50, 30, "again", release.StartedAt), Stop);
        Assert.Equal(1, (await _host.Incident()).Incident.Alarms);
        Assert.Single(await _host.Get<IIncidents>().All("shop", stop: Stop));
    }

    [Fact]
    public async Task A_person_who_stops_a_release_opens_no_incident()
    {
        await Begin("");
        await _host.Get<IReleases>().Abort(Identity.Who.Steward, "colours", "by hand", Stop);
        await _host.Ask(_pictures.Bright(40));
        await _host.Windows(1, 1);
        Assert.Empty(await _host.Get<IIncidents>().All("shop", stop: Stop));
    }

    [Fact]
    public async Task A_window_that_alarms_while_a_version_is_tried_stops_its_release()
    {
        // The release itself watches nothing: what stops it is the alarm of the version's own windows.
        await Begin("loop: [{when: low_confidence, then: [back_or_abstain]}]", Serve.Replace("abort_if: {low_confidence: '> 0.2'}", "abort_if: {error_rate: '> 0.9'}", StringComparison.Ordinal));
        await _host.Ask(_pictures.Pale(120));
        Assert.Matches("^colours@2 was being tried with 50 % of the requests\\. So its release is stopped, and colours@1 serves everything\\.$", (await _host.Told("back")).Text);
        await Eventually.True("the release is over", async () => await _host.Get<IReleases>().Newest("colours", Stop) is { State: ReleaseState.Aborted }, Stop);
        Assert.Single(await _host.Get<IIncidents>().All("shop", stop: Stop));
    }

    public ValueTask InitializeAsync() => _host.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>A first version serves, and a second that doubts pale pictures gets half of the requests.</summary>
    private async Task Begin(string loop, string serve = Serve)
    {
        await _host.Serve(PictureWorld.Model(400), PictureWorld.Reference(PictureWorld.Model(400), _pictures.Bright(200)));
        await _host.Says(loop, serve);
        await _host.Point(PictureWorld.Model(10), PictureWorld.Reference(PictureWorld.Model(10), _pictures.Bright(200)));
        await Eventually.True("the second version is tried", async () => await _host.Get<IReleases>().Newest("colours", Stop) is { Version: 2, IsOver: false }, Stop);
    }

    private Task<List<string>> Audited(string action) => _host.Get<Db>().All<string>("SELECT action FROM audit_entry WHERE action = @action", new { action }, Stop);
}
