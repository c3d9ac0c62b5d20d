using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Steward.Blobs;
using Steward.Identity;
using Steward.Models;
using Steward.Monitoring;
using Steward.Monitoring.Tests;
using Steward.Projects;
using Steward.Serving;
using Steward.Testing;

namespace Steward.Stories.Tests;

public class ForcedRollbackOnSqliteTests() : ForcedRollbackTests(null);
public class ForcedRollbackOnPostgresTests() : ForcedRollbackTests(TestPostgres.NewDatabase());

/// <summary>A version is taken back, by hand or by its own figures, on a whole server that really answers: the series tells what is on record, to the millisecond.</summary>
public abstract class ForcedRollbackTests(string? db) : TestHost(settings => settings with { Db = db ?? settings.Db })
{
    private const string Project = "shop", Model = "colours";
    private const string Tried = "endpoint: colours, release: {canary: [50, 100], step: 10m, at_least: 20, abort_if: {low_confidence: '> 0.2'}}";
    private readonly PictureWorld _pictures = new(8);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private IStories Stories => Services.GetRequiredService<IStories>();

    [Fact]
    public async Task Taken_back_by_hand_it_is_an_episode_with_the_time_and_the_versions_of_the_move()
    {
        await Serve(400);
        await Serve(300);
        Assert.Empty(await Stories.Series(Project, Stop));
        using var reply = await Http.PostAsJsonAsync($"/api/projects/{Project}/endpoints/{Model}/rollback", new { reason = "odd answers" }, Stop);
        Assert.True(reply.IsSuccessStatusCode, await reply.Content.ReadAsStringAsync(Stop));

        var episode = await Episode("release", $"{Model}@2", "returned");
        await Tells(episode, "returned", "returned.to");
        Assert.Equal((await Back()).Epoch, episode.Book.Fact("returned.epoch").Value);
        Assert.DoesNotContain("by-itself", episode.Book.Flags);
        var panel = Storyteller.Tell(Services.GetRequiredService<StoryKinds>().Of("release"), episode.Book, Catalogue.English, Level.Child).Panels.Single(panel => panel.Beat == "returned");
        Assert.EndsWith("people sent Pom 2 home. Pom 1 came back.", panel.Caption, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Taken_back_by_hand_while_an_incident_is_open_the_incident_tells_it_and_equals_its_row()
    {
        await Serve(400);
        await Serve(10);
        await Ask(_pictures.Pale(40));
        await Episode("incident", "1", "watch");
        await Services.GetRequiredService<IEndpoints>().Rollback(Person, Model, "too many doubts", Stop);

        var episode = await Episode("incident", "1", "back");
        await Tells(episode, "acted", "back.version");
        await EqualsItsRow(episode);
        Assert.Contains("by-hand", episode.Book.Flags);
        // What serves again is not told as if it had learned from the trouble.
        Assert.DoesNotContain("healed", episode.Book.Flags);
        Assert.False(episode.Book.Has("new.version"));
        await Tells(await Episode("release", $"{Model}@2", "returned"), "returned", "returned.to");
    }

    [Fact]
    public async Task A_trial_that_stops_itself_is_an_incident_that_is_told_as_it_is_on_record()
    {
        await Serve(400);
        await Says(Tried);
        await Point(10);
        await Trying();
        await Ask(_pictures.Pale(30));

        var episode = await Episode("incident", "1", "back");
        await Tells(episode, "acted", "back.version");
        await EqualsItsRow(episode);
        var release = (await Services.GetRequiredService<IReleases>().Newest(Model, Stop))!;
        Assert.Equal((0.5, 1.0), (episode.Book.Fact("trial.first").Value, episode.Book.Fact("trial.base").Value));
        Assert.Equal((await Services.GetRequiredService<IIncidents>().Find(Project, 1, Stop))!.Answers, episode.Book.Fact("trial.answers").Value);
        Assert.Equal(2, release.Version);
        await Tells(await Episode("release", $"{Model}@2", "by-itself"), "returned", "returned.to");
    }

    [Fact]
    public async Task A_trial_that_a_person_stops_is_an_episode_too()
    {
        await Serve(400);
        await Says(Tried);
        await Point(300);
        await Trying();
        await Services.GetRequiredService<IReleases>().Abort(Person, Model, "not now", Stop);
        var episode = await Episode("release", $"{Model}@2", "returned");
        await Tells(episode, "returned", "returned.to");
        Assert.Contains("trial-stopped", episode.Book.Flags);
    }

    /// <summary>What was made up for practice is never told as if it had happened.</summary>
    [Fact]
    public async Task An_incident_of_a_drill_is_headed_as_made_up_and_is_no_episode()
    {
        await Serve(400);
        await Serve(10);
        await Says("endpoint: colours", "drill: true, ");
        await Ask(_pictures.Pale(40));
        Edition? told = null;
        await Eventually.True("the drill is told", async () => (told = await Stories.Find(Project, "incident", "1", null, Stop))?.Book.Has("watch") is true, Stop);
        Assert.True(told is { Book.IsExample: true, Episode: null, Findings.Count: 0 });
        var comic = Storyteller.Tell(Services.GetRequiredService<StoryKinds>().Of("incident"), told!.Book, Catalogue.English, Level.Child).Comic;
        Assert.Equal(("Example", "A made-up story, to show how it goes"), (comic.Banner, comic.Subtitle));
        // The file says true again: what was a drill stays one.
        await Says("endpoint: colours");
        Assert.True((await Stories.Make(Person, Project, "incident", "1", Stop)).Book.IsExample);
    }

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Says("endpoint: colours");
    }

    private static Who Person => new("maria", "maria", new Dictionary<string, IReadOnlySet<Role>> { [Project] = new HashSet<Role> { Role.Editor } });

    private Task Says(string serve, string monitor = "") => Services.GetRequiredService<IProjects>().Put($"steward: 1\nproject: {Project}\nserve: {{{serve}}}\nmonitor: {{{monitor}window: 40}}\ngates: [{{scan: [onnx], result: clean}}]", Who.Steward, Stop);

    /// <summary>Waits for the episode of a story in an edition that knows a fact; its checks found nothing, and it has its place in the series.</summary>
    private async Task<Edition> Episode(string kind, string subject, string knows)
    {
        Edition? found = null;
        await Eventually.True($"{kind}/{subject} tells '{knows}'", async () => (found = (await Stories.Series(Project, Stop)).Find(one => one.Kind == kind && one.Subject == subject)) is { } one && one.Book.Has(knows), Stop);
        Assert.Empty(found!.Findings.Select(finding => $"{finding.Where}: {finding.What}"));
        Assert.True(found.IsPublished && found.Episode > 0);
        return found;
    }

    private async Task<Move> Back() => (await Services.GetRequiredService<IPromotions>().History(Project, Model, stop: Stop)).First(move => move.Kind is MoveKind.Back);

    /// <summary>The moment and the version that came back are those of the alias's own record, and both readers' numbers come from them.</summary>
    private async Task Tells(Edition episode, string moment, string version)
    {
        var back = await Back();
        Assert.Equal((1, 2), (back.Version, back.From));
        Assert.Equal((back.At.ToUnixTimeMilliseconds(), back.Version), ((long)Math.Round(episode.Book.Fact(moment).Value * 1000), (int)episode.Book.Fact(version).Value));
        foreach (var level in Enum.GetValues<Level>())
            Assert.Contains(Storyteller.Tell(Services.GetRequiredService<StoryKinds>().Of(episode.Kind), episode.Book, Catalogue.English, level).Cites, cite => cite.Fact == version && cite.Shown == "1");
    }

    private async Task EqualsItsRow(Edition episode)
    {
        var row = (await Services.GetRequiredService<IIncidents>().Find(Project, 1, Stop))!;
        double Told(string fact) => episode.Book.Fact(fact).Value;
        Assert.Equal((row.Since.ToUnixTimeMilliseconds(), row.OpenedAt.ToUnixTimeMilliseconds()), ((long)Math.Round(Told("since") * 1000), (long)Math.Round(Told("opened") * 1000)));
        Assert.Equal((row.Number, row.Version, row.Answers, row.Alarms), ((int)Told("incident"), (int)Told("old.version"), (int)Told("answers"), (int)Told("alarms")));
    }

    private Task Trying() => Eventually.True("the second version is tried", async () => await Services.GetRequiredService<IReleases>().Newest(Model, Stop) is { Version: 2, IsOver: false }, Stop);

    private async Task Serve(float gain)
    {
        var version = await Point(gain);
        await Eventually.True($"version {version} serves", async () => (await Services.GetRequiredService<IEndpoints>().Find(Model, Stop))?.LiveVersion == version, Stop);
    }

    /// <summary>Registers what its test measured with it, and points production at it.</summary>
    private async Task<int> Point(float gain)
    {
        var (blobs, onnx) = (Services.GetRequiredService<IBlobs>(), PictureWorld.Model(gain));
        var reference = await blobs.Put(System.Text.Encoding.UTF8.GetBytes(Json.Write(PictureWorld.Reference(onnx, _pictures.Bright(200)))), Stop);
        var metrics = new Dictionary<string, double> { ["train.n"] = 900, ["test.n"] = 240, ["test.accuracy"] = 0.912, ["test.f1_macro"] = 0.905, ["test.f1_macro.low"] = 0.87, ["test.f1_macro.high"] = 0.94, ["test.ece"] = 0.03 };
        foreach (var (kind, recall, n) in new[] { ("red", 0.95, 90), ("green", 0.75, 60), ("blue", 0.98, 90) })
            (metrics[$"test.recall.{kind}"], metrics[$"test.n.{kind}"]) = (recall, n);
        var made = await Services.GetRequiredService<IModels>().Register(Who.Steward, new(Project, Model, Names.NewId(), "pictures@1", (await blobs.Put(onnx, Stop)).Digest)
        {
            Metrics = metrics, Artifacts = new Dictionary<string, Digest> { ["reference.json"] = reference.Digest },
        }, Stop);
        await Services.GetRequiredService<IPromotions>().Promote(Who.Steward, Project, Model, made.Version, stop: Stop);
        return made.Version;
    }

    private async Task Ask(IEnumerable<byte[]> pictures)
    {
        foreach (var picture in pictures)
        {
            using var body = new ByteArrayContent(picture);
            using var reply = await Http.PostAsync($"/v2/models/{Model}/picture", body, Stop);
            Assert.True(reply.IsSuccessStatusCode, await reply.Content.ReadAsStringAsync(Stop));
        }
    }
}
