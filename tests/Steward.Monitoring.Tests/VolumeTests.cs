using Steward.Audit;
using Steward.Identity;
using Steward.Projects;
using Steward.Serving;
using Steward.Storage;
using Steward.Testing;

namespace Steward.Monitoring.Tests;

/// <summary>Limits on how many requests come in a window by the clock. The endpoint is one that the host itself does not look at, so that the clock is the test's.</summary>
public sealed class VolumeTests : IAsyncLifetime
{
    private readonly Watched _host = new();
    private readonly FakeClock _clock = new();
    private Project _project = null!;
    private VolumeJudge _judge = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static Endpoint Counted(int? live = 3) => new("counted", "shop", "colours", live, 1, null, DateTimeOffset.UnixEpoch);

    private static DateTimeOffset One => new(2030, 1, 1, 1, 0, 0, TimeSpan.Zero);

    public async ValueTask InitializeAsync()
    {
        await _host.InitializeAsync();
        _judge = new(_host.Get<IRequestLog>(), _host.Get<VolumeStore>(), _host.Get<AlarmBook>(), _host.Get<IAudit>(), _host.Get<Db>(), _clock);
        await Limits("{window: 1h, at_least: 5, at_most: 8}");
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    /// <summary>Four are one too few, nine one too many; the limits themselves are fine.</summary>
    [Theory]
    [InlineData(4, true, "4 requests came in 1 h, fewer than the 5 that are expected.")]
    [InlineData(5, false, "5 requests came in 1 h.")]
    [InlineData(8, false, "8 requests came in 1 h.")]
    [InlineData(9, true, "9 requests came in 1 h, more than the 8 that are allowed.")]
    [InlineData(0, true, "0 requests came in 1 h, fewer than the 5 that are expected.")]
    public async Task An_hour_alarms_exactly_beyond_its_limits(int requests, bool alarms, string words)
    {
        await Begun();
        // From the first moment on, and before the first moment of the next hour.
        await Answered([.. Enumerable.Range(0, requests).Select(i => One + (i * TimeSpan.FromMinutes(59) / Math.Max(1, requests - 1))), One - TimeSpan.FromMicroseconds(1), One.AddHours(1)]);
        _clock.Advance(One.AddHours(1).AddSeconds(5) - _clock.GetUtcNow() - TimeSpan.FromMicroseconds(1));
        await Look();
        Assert.Empty(await Judged());
        _clock.Advance(TimeSpan.FromMicroseconds(1));
        await Look();
        await Look();
        var judged = Assert.Single(await Judged());
        Assert.Equal((requests, alarms, words, One), (judged.Requests, judged.Alarms, judged.Words, judged.From));
        var incidents = await _host.Get<IIncidents>().All("shop", stop: Stop);
        if (!alarms)
        {
            Assert.Empty(incidents);
            return;
        }
        var incident = Assert.Single(incidents);
        Assert.Equal([LoopWhen.Volume], incident.Kinds);
        Assert.Equal((words, judged.Incident), (incident.Summary, incident.Number));
        Assert.Contains("From 2030-01-01 01:00 to 2030-01-01 02:00 UTC " + words, (await _host.Told("alarm")).Text, StringComparison.Ordinal);
        await Eventually.True("others hear of it", () => Task.FromResult(_host.Notes.Of<AlarmRaised>() is [{ Endpoint: "counted", Alarms: [LoopWhen.Volume] }]), Stop);
        Assert.Contains(await _host.Get<IAuditRecord>().About("shop", "counted@3", Stop), entry => entry.Action == "alarm.raised");
    }

    [Fact]
    public async Task One_incident_lasts_until_enough_hours_are_as_expected()
    {
        await Begun();
        for (var hour = 0; hour < 6; hour++)
        {
            await Answered([.. Enumerable.Range(0, hour < 2 ? 1 : 6).Select(i => One.AddHours(hour).AddMinutes(i))]);
            _clock.Advance(TimeSpan.FromHours(1));
            await Look();
        }
        _clock.Advance(TimeSpan.FromSeconds(5));
        await Look();
        Assert.Equal([false, false, false, true, true], (await Judged()).Take(5).Select(one => one.Alarms));
        var incident = Assert.Single(await _host.Get<IIncidents>().All("shop", stop: Stop));
        Assert.Equal((IncidentState.Quiet, 2), (incident.State, incident.Alarms));
        Assert.Contains("as many requests as expected", (await _host.Told("quiet")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_is_asked_about_hours_in_which_nothing_served_or_nothing_was_watched()
    {
        await Begun();
        _clock.Advance(TimeSpan.FromHours(3));
        await _judge.Judge(_project, Counted(live: null), Stop);
        await Look();
        // It served again from half past three on: the hours before are nobody's business.
        Assert.Empty(await Judged());
        await Limits("{}");
        await Look();
        _clock.Advance(TimeSpan.FromHours(4));
        await Limits("{at_most: 8}");
        await Look();
        _clock.Advance(TimeSpan.FromMinutes(95));
        await Look();
        Assert.False(Assert.Single(await Judged()).Alarms);
    }

    [Fact]
    public async Task A_week_away_is_not_told_hour_by_hour()
    {
        await Begun();
        _clock.Advance(TimeSpan.FromDays(7));
        await Look();
        Assert.InRange((await Judged()).Count, 47, 48);
        Assert.Single(await _host.Get<IIncidents>().All("shop", stop: Stop));
    }

    [Theory]
    [InlineData("{window: 30s, at_least: 5}", "1m to 7d")]
    [InlineData("{at_least: 9, at_most: 8}", "at_least is not above at_most")]
    [InlineData("{at_least: 0}", "at_least is 1 or more")]
    public void What_cannot_be_counted_is_told_in_words(string volume, string why)
        => Assert.Contains(why, Assert.Single(new ProjectFileReader([new MonitoringRoom().Sections.Single()]).Read($"steward: 1\nproject: shop\nmonitor: {{volume: {volume}}}").Complaints).Why, StringComparison.Ordinal);

    private async Task Limits(string volume) => _project = await _host.Get<IProjects>().Put($"steward: 1\nproject: shop\nserve: {{endpoint: colours}}\nmonitor: {{volume: {volume}}}\n", Who.Steward, Stop);

    /// <summary>The hour that is under way is not judged: it was not watched whole.</summary>
    private async Task Begun()
    {
        _clock.Advance(TimeSpan.FromMinutes(30));
        await Look();
    }

    private Task Look() => _judge.Judge(_project, Counted(), Stop);

    private Task<List<Volume>> Judged() => _host.Get<VolumeStore>().Newest("counted", 100, Stop);

    private Task Answered(IReadOnlyList<DateTimeOffset> at) => _host.Get<Db>().Write(async tx =>
    {
        foreach (var one in at)
            await tx.Run("""
                INSERT INTO prediction (id, project, endpoint, version, at, label, confidence, margin, micros, abstained)
                VALUES (@id, 'shop', 'counted', 3, @one, 'red', 0.9, 0.8, 100, 0)
                """, new { id = Names.NewId(), one });
    }, Stop);
}
