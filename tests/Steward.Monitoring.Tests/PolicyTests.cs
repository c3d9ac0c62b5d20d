using System.Net;
using System.Net.Http.Json;
using Steward.Identity;
using Steward.Models;
using Steward.Serving;
using Steward.Testing;

namespace Steward.Monitoring.Tests;

/// <summary>What happens by itself after an alarm, from the first doubtful picture to quiet again.</summary>
public sealed class PolicyTests : IAsyncLifetime
{
    private const string Loop = """
        loop:
          - {when: low_confidence, then: [ask_for_labels: {batch: 12}, back_or_abstain]}
          - {when: drift, then: [open_incident]}
        """;

    private readonly Watched _host = new(Loop, "window: 40, quiet_after: 4");
    private readonly PictureWorld _pictures = new(5);
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_goes_back_to_the_version_that_doubts_clearly_less_about_the_same_pictures()
    {
        await Serve(gain: 120);
        var now = await Serve(gain: 10);
        await _host.Ask(_pictures.Pale(40));
        var said = await _host.Told("back");
        Assert.Contains("colours@2 was unsure about 40 of 40 pictures, colours@1, which served before, about", said.Text, StringComparison.Ordinal);
        await _host.Serves(1);
        var move = (await _host.Get<IPromotions>().History("shop", "colours", stop: Stop))[0];
        Assert.Equal((MoveKind.Back, now, 1, "steward"), (move.Kind, move.From, move.Version, move.By));
        Assert.Null((await _host.Get<IEndpoints>().Find("colours", Stop))!.AbstainUnder);
        await _host.Told("serves");
    }

    [Fact]
    public async Task It_abstains_when_the_version_before_is_not_clearly_better_and_says_so()
    {
        await Serve(gain: 10);
        await Serve(gain: 10);
        await _host.Ask(_pictures.Pale(40));
        var said = await _host.Told("abstain");
        Assert.Contains("colours@2 was unsure about 40 of 40 pictures, colours@1, which served before, about 40 of the same 40. That is not clearly less.", said.Text, StringComparison.Ordinal);
        Assert.Equal(0.6, (await _host.Get<IEndpoints>().Find("colours", Stop))!.AbstainUnder);
        Assert.Single(await _host.Get<IPromotions>().History("shop", "colours", stop: Stop), move => move.Version == 2);
    }

    [Fact]
    public async Task The_first_version_can_only_abstain()
    {
        await Serve(gain: 10);
        await _host.Ask(_pictures.Pale(40));
        Assert.Contains("No version served before colours@1.", (await _host.Told("abstain")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task People_are_asked_once_for_the_most_doubtful_pictures()
    {
        await Serve(gain: 10);
        await _host.Ask([.. _pictures.Bright(20), .. _pictures.Pale(20)]);
        await _host.Ask(_pictures.Pale(40));
        await _host.Windows(1, 2);
        await _host.Told("labels");
        await Eventually.True("it is heard", () => _host.Notes.Of<LabelsWanted>().Count > 0, Stop);
        var wanted = Assert.Single(_host.Notes.Of<LabelsWanted>());
        Assert.Equal(("shop", 1, "colours", "colours", 1, "pictures@1", 12), (wanted.Project, wanted.Incident, wanted.Endpoint, wanted.Model, wanted.Version, wanted.Data, wanted.Items.Count));
        Assert.All(wanted.Items, item => Assert.True(item.Confidence < 0.6));
        Assert.Equal(12, wanted.Items.DistinctBy(item => item.Picture).Count());
    }

    [Fact]
    public async Task A_version_that_learned_the_new_world_makes_it_quiet_and_answers_again_until_somebody_says_what_it_was()
    {
        await Serve(gain: 10);
        await _host.Ask(_pictures.Pale(40));
        await _host.Told("abstain");
        await Serve(gain: 120, data: "pictures@2");
        for (var window = 0; window < 6; window++)
            await _host.Ask(_pictures.Pale(40));
        await _host.Told("quiet");
        await _host.Told("answers");
        await _host.Told("normal");
        var windows = await _host.Windows(2, 6);
        Assert.Equal([WindowState.Quiet, WindowState.Quiet, .. Enumerable.Repeat(WindowState.Learning, 4)], windows.Select(window => window.State));
        Assert.Equal(Against.NewNormal, windows[0].Drift!.Against);
        Assert.Null((await _host.Get<IEndpoints>().Find("colours", Stop))!.AbstainUnder);
        Assert.Equal(IncidentState.Quiet, (await _host.Incident()).Incident.State);

        using var closed = await _host.Http.PostAsJsonAsync("/api/projects/shop/incidents/1/close", new { cause = "a new camera" }, Stop);
        Assert.Equal(HttpStatusCode.OK, closed.StatusCode);
        using var twice = await _host.Http.PostAsJsonAsync("/api/projects/shop/incidents/1/close", new { cause = "no, the light" }, Stop);
        Assert.Equal(HttpStatusCode.Conflict, twice.StatusCode);
        var view = await _host.Incident();
        Assert.Equal((IncidentState.Closed, "a new camera", "open"), (view.Incident.State, view.Incident.Cause, view.Incident.ClosedBy));
        Assert.Equal(["alarm", "labels", "abstain", "made", "serves", "quiet", "answers", "normal", "closed"], view.Timeline.Select(entry => entry.Kind).Distinct().OrderBy(kind => Array.IndexOf(["alarm", "labels", "abstain", "made", "serves", "quiet", "answers", "normal", "closed"], kind)));
        await Eventually.True("closing is told", () => _host.Notes.Of<IncidentClosed>().Count == 1, Stop);
    }

    [Fact]
    public async Task A_version_that_still_doubts_alarms_in_the_same_incident()
    {
        await Serve(gain: 10);
        await _host.Ask(_pictures.Pale(40));
        await _host.Told("abstain");
        await Serve(gain: 12, data: "pictures@2");
        await _host.Ask(_pictures.Pale(40));
        await _host.Told("alarm", times: 2);
        var incident = (await _host.Incident()).Incident;
        Assert.Equal((IncidentState.Open, 2, 2), (incident.State, incident.Version, incident.Alarms));
        await Eventually.True("people are asked about the new version, too", () => _host.Notes.Of<LabelsWanted>().Count == 2, Stop);
    }

    [Fact]
    public async Task A_threshold_that_a_person_set_stays_when_it_is_quiet_again()
    {
        await Serve(gain: 10);
        await _host.Get<IEndpoints>().AbstainUnder(Who.Steward, "colours", 0.8, "careful", Stop);
        await _host.Ask(_pictures.Pale(40));
        await _host.Told("abstain");
        for (var window = 0; window < 4; window++)
            await _host.Ask(_pictures.Bright(40));
        await _host.Told("quiet");
        await Eventually.True("every deed is done", async () => (await _host.Get<DeedStore>().Of("shop", 1, Stop)).TrueForAll(deed => deed.DoneAt is not null), Stop);
        Assert.Equal(0.8, (await _host.Get<IEndpoints>().Find("colours", Stop))!.AbstainUnder);
    }

    public ValueTask InitializeAsync() => _host.InitializeAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private Task<int> Serve(float gain, string data = "pictures@1")
    {
        var model = PictureWorld.Model(gain);
        return _host.Serve(model, PictureWorld.Reference(model, _pictures.Bright(200)), data);
    }
}
