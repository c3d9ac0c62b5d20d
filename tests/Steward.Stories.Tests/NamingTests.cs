using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Steward.Blobs;
using Steward.Data;
using Steward.Drawing;
using Steward.Events;
using Steward.Identity;
using Steward.Models;
using Steward.Monitoring.Tests;
using Steward.Projects;
using Steward.Serving;
using Steward.Storage;
using Steward.Testing;

namespace Steward.Stories.Tests;

public class NamingOnSqliteTests() : NamingTests(null);
public class NamingOnPostgresTests() : NamingTests(TestPostgres.NewDatabase());

/// <summary>Name it before the model does: what one knows counts, only one's own last round is there to beat, and nobody else reads it.</summary>
public abstract class NamingTests(string? db) : TestHost(settings => settings with { Db = db ?? settings.Db }, services => services.AddSingleton<Played>().Listen<NamingEnded, Played>())
{
    private const string Project = "shop";
    private static readonly Who Ana = Reader("ana"), Li = Reader("li");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private Naming Game => Services.GetRequiredService<Naming>();

    [Fact]
    public async Task A_round_counts_what_was_known_and_the_next_one_has_it_to_beat()
    {
        var first = await Play(Ana, right: 6);
        Assert.Equal((10, 6, false), (first.Pictures.Count, first.Right, first.IsOpen));
        Assert.All(first.Pictures, picture => Assert.Equal((3, true), (picture.Names.Distinct().Count(), picture.Names.Contains(picture.Truth))));
        var second = await Play(Ana, right: 9);
        Assert.Equal((2, 9), (second.Number, second.Right));
        Assert.NotEqual(first.Pictures.Select(picture => picture.Truth), second.Pictures.Select(picture => picture.Truth));
        var standing = await Game.Standing(Ana, Project, Stop);
        Assert.Equal((9, 6), (standing.Last!.Right, standing.Before!.Right));
        await Game.Start(Ana, Project, Stop);
        standing = await Game.Standing(Ana, Project, Stop);
        Assert.Equal((3, 9), (standing.Open!.Number, standing.Last!.Right));
    }

    [Fact]
    public async Task Each_picture_is_named_once_and_turned_over_only_then()
    {
        var round = await Game.Start(Ana, Project, Stop);
        Assert.Equal(round.Id, (await Game.Start(Ana, Project, Stop)).Id);
        Assert.All(RoundView.Of(round).Pictures, picture => Assert.Null(picture.Truth));
        var said = round.Pictures[0].Names.First(name => name != round.Pictures[0].Truth);
        await Game.Say(Ana, Project, 1, said, Stop);
        // Sent again because the reply was lost; and the same picture cannot be named anew.
        Assert.Single((await Game.Say(Ana, Project, 1, said, Stop)).Said);
        Assert.Equal("picture_turned", (await Assert.ThrowsAsync<ProblemException>(() => Game.Say(Ana, Project, 1, round.Pictures[0].Truth, Stop))).Code);
        Assert.Equal("picture_turned", (await Assert.ThrowsAsync<ProblemException>(() => Game.Say(Ana, Project, 3, "kiwi", Stop))).Code);
        Assert.Equal("name_unknown", (await Assert.ThrowsAsync<ProblemException>(() => Game.Say(Ana, Project, 2, "a yes", Stop))).Code);
        var view = RoundView.Of((await Game.Standing(Ana, Project, Stop)).Open!);
        Assert.Equal((round.Pictures[0].Truth, said, null), (view.Pictures[0].Truth, view.Pictures[0].Said, view.Pictures[1].Truth));
    }

    [Fact]
    public async Task Four_starts_at_once_are_one_round()
    {
        var rounds = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Game.Start(Ana, Project, Stop)));
        Assert.Single(rounds.Select(round => round.Id).Distinct());
    }

    [Fact]
    public async Task A_round_is_read_by_nobody_else_and_no_score_stands_in_the_audit()
    {
        await Play(Ana, right: 7);
        Assert.Null((await Game.Standing(Li, Project, Stop)).Last);
        Assert.Null((await Http.GetFromJsonAsync<NamingView>($"/api/projects/{Project}/naming?person=ana", Json.Options, Stop))!.Last);
        Assert.Equal(HttpStatusCode.NotFound, (await Http.GetAsync($"/api/projects/{Project}/naming/ana", Stop)).StatusCode);
        Assert.Equal("denied", (await Assert.ThrowsAsync<ProblemException>(() => Game.Start(Who.Steward, Project, Stop))).Code);
        var audited = await Services.GetRequiredService<Db>().All<string>("SELECT detail FROM audit_entry WHERE action = 'naming.ended'", stop: Stop);
        Assert.DoesNotContain("right", Assert.Single(audited), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Replaying_the_events_gives_what_the_store_tells()
    {
        foreach (var (who, right) in new[] { (Ana, 3), (Li, 10), (Ana, 8), (Ana, 5) })
            await Play(who, right);
        var played = Services.GetRequiredService<Played>();
        await Eventually.True("all rounds are told", () => played.Heard.DistinctBy(end => (end.Person, end.Number)).Count() == 4, Stop);
        // An event may be told twice, and late.
        var game = QuizGame.Replay([.. played.Heard, .. played.Heard.Reverse()]);
        foreach (var who in new[] { Ana, Li })
            Assert.Equal((await Services.GetRequiredService<NamingStore>().Own(Project, who.Id, 10, Stop)).OrderBy(round => round.Number).Select(round => round.Right), game.Rounds[QuizGame.Key(Project, who.Id)]);
    }

    [Fact]
    public async Task Switched_off_there_is_no_game()
    {
        await Services.GetRequiredService<IProjects>().Put($"steward: 1\nproject: {Project}\nstory: {{game: off}}\n", Who.Steward, Stop);
        Assert.Equal("game_off", (await Assert.ThrowsAsync<ProblemException>(() => Game.Start(Ana, Project, Stop))).Code);
        Assert.Contains("switched the game off", await Http.GetStringAsync($"/projects/{Project}/naming", Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_a_model_answers_its_own_test_pictures_are_named_and_it_is_asked_off_the_record()
    {
        await Serve();
        var round = await Play(Ana, right: 8);
        Assert.All(round.Pictures, picture => Assert.Equal("colours@1", picture.Model));
        Assert.Equal(10, round.Pictures.Select(picture => picture.Picture!.Value).Distinct().Count());
        Assert.Equal(10, round.ModelRight);
        Assert.All(round.Pictures, picture => Assert.InRange(picture.ModelSure!.Value, 0.5, 1));
        Assert.Empty(await Services.GetRequiredService<IRequestLog>().Newest("colours", 10, stop: Stop));
    }

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Services.GetRequiredService<IProjects>().Put($"steward: 1\nproject: {Project}\nserve: {{endpoint: colours}}\ngates: [{{scan: [onnx], result: clean}}]\n", Who.Steward, Stop);
    }

    private static Who Reader(string name) => new(name, name, new Dictionary<string, IReadOnlySet<Role>> { [Project] = new HashSet<Role> { Role.Reader } });

    private async Task<NamingRound> Play(Who who, int right)
    {
        var round = await Game.Start(who, Project, Stop);
        for (var place = 1; place <= round.Pictures.Count; place++)
        {
            var picture = round.Pictures[place - 1];
            round = await Game.Say(who, Project, place, place <= right ? picture.Truth : picture.Names.First(name => name != picture.Truth), Stop);
        }

        return round;
    }

    /// <summary>A model that knows its three colours, with a test split of bright pictures.</summary>
    private async Task Serve()
    {
        var (blobs, pictures, items) = (Services.GetRequiredService<IBlobs>(), new PictureWorld(5), new List<Data.Item>());
        foreach (var png in pictures.Bright(60))
        {
            var rgb = Picture.Decode(png, 1 << 20).Rgb.ToArray();
            var sums = Enumerable.Range(0, 3).Select(colour => rgb.Where((_, i) => i % 3 == colour).Sum(value => value)).ToList();
            items.Add(new($"{items.Count:000}", (await blobs.Put(png, Stop)).Digest, new[] { "red", "green", "blue" }[sums.IndexOf(sums.Max())], (Split)(items.Count % 3), "import"));
        }

        var snapshot = await Services.GetRequiredService<IDataSets>().Add(Who.Steward, Project, "pictures", new(Reason.Import, items), Stop);
        var onnx = await blobs.Put(PictureWorld.Model(400), Stop);
        var version = await Services.GetRequiredService<IModels>().Register(Who.Steward, new(Project, "colours", Names.NewId(), snapshot.Reference, onnx.Digest), Stop);
        await Services.GetRequiredService<IPromotions>().Promote(Who.Steward, Project, "colours", version.Version, stop: Stop);
        await Eventually.True("it serves", async () => (await Services.GetRequiredService<IEndpoints>().Find("colours", Stop))?.LiveVersion == 1, Stop);
    }

    private sealed class Played : IListen<NamingEnded>
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<NamingEnded> _heard = [];

        public IReadOnlyList<NamingEnded> Heard => [.. _heard];

        public Task Hear(NamingEnded happened, CancellationToken stop)
        {
            _heard.Enqueue(happened);
            return Task.CompletedTask;
        }
    }
}
