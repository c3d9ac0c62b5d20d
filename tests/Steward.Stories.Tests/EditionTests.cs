using Microsoft.Extensions.DependencyInjection;
using Steward.Blobs;
using Steward.Data;
using Steward.Drawing;
using Steward.Identity;
using Steward.Projects;
using Steward.Testing;

namespace Steward.Stories.Tests;

public class EditionsOnSqliteTests() : EditionTests(null);
public class EditionsOnPostgresTests() : EditionTests(TestPostgres.NewDatabase());

/// <summary>What becomes of stories over time, told by a whole server.</summary>
public abstract class EditionTests(string? db) : TestHost(settings => settings with { Db = db })
{
    private const string Project = "shop";
    private static readonly Who Maria = new("maria", "maria", new Dictionary<string, IReadOnlySet<Role>> { [Project] = new HashSet<Role> { Role.Editor } });
    private static readonly Who Li = Maria with { Id = "li", Name = "li" };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private IStories Told => Services.GetRequiredService<IStories>();

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Put("");
    }

    [Fact]
    public async Task The_same_records_give_the_same_edition_and_changed_ones_the_next()
    {
        await Add(12, Reason.Import);
        var first = await Told.Make(Maria, Project, "data", null, Stop);
        Assert.Empty(first.Findings);
        Assert.Equal((1, "pictures@1", true), (first.Number, first.Subject, first.IsPublished));
        Assert.Equal(1, (await Told.Make(Maria, Project, "data", "pictures@1", Stop)).Number);
        await Add(18, Reason.Labels);
        Assert.Equal((1, "pictures@2"), await Named(Told.Make(Maria, Project, "data", null, Stop)));
        Assert.Equal(2, (await Told.All(Project, 10, Stop)).Count);
        Assert.Equal(first.Book.Hash, (await Told.Get(Project, "data", "pictures@1", 1, Stop)).Book.Hash);
    }

    [Fact]
    public async Task A_story_of_what_is_not_there_is_refused_with_what_is_missing()
    {
        Assert.Equal("data_set_not_found", (await Assert.ThrowsAsync<ProblemException>(() => Told.Make(Maria, Project, "data", null, Stop))).Code.Replace(" ", "_", StringComparison.Ordinal));
        Assert.Equal("story_unknown", (await Assert.ThrowsAsync<ProblemException>(() => Told.Make(Maria, Project, "fairy-tale", null, Stop))).Code);
        Assert.Equal("story_not_found", (await Assert.ThrowsAsync<ProblemException>(() => Told.Get(Project, "week", "nothing", null, Stop))).Code);
    }

    [Fact]
    public async Task Stories_of_an_owner_wait_for_the_owner()
    {
        await Put("owners: {story: maria}");
        var made = await Told.Make(Li, Project, "deployment", null, Stop);
        Assert.Equal((0, false), (made.Findings.Count, made.IsPublished));
        Assert.Equal("denied", (await Assert.ThrowsAsync<ProblemException>(() => Told.Publish(Li, Project, "deployment", "fruit", Stop))).Code);
        Assert.Equal("maria", (await Told.Publish(Maria, Project, "deployment", "fruit", Stop)).PublishedBy);
        Assert.True((await Told.Get(Project, "deployment", "fruit", null, Stop)).IsPublished);
    }

    [Fact]
    public async Task Where_a_mistake_may_harm_people_every_story_is_grave()
    {
        Assert.False((await Told.Make(Maria, Project, "deployment", null, Stop)).Book.IsGrave);
        await Put("story: {tone: grave}");
        var grave = await Told.Make(Maria, Project, "deployment", null, Stop);
        Assert.Equal((true, 2), (grave.Book.IsGrave, grave.Number));
    }

    [Fact]
    public async Task Two_who_make_the_same_story_at_once_get_one_edition()
    {
        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Told.Make(Maria, Project, "deployment", null, Stop)));
        Assert.Equal([1], made.Select(edition => edition.Number).Distinct());
        Assert.Single(await Told.All(Project, 10, Stop));
    }

    [Fact]
    public async Task Episodes_are_numbered_without_gaps_also_when_many_are_made_at_once()
    {
        var store = Services.GetRequiredService<StoryStore>();
        var database = Services.GetRequiredService<Storage.Db>();
        await Task.WhenAll(Enumerable.Range(1, 20).Select(i => database.Write(async tx =>
        {
            await StoryStore.Turn(tx, Project);
            await StoryStore.Add(tx, new(Project, "incident", $"{i}", 1, await StoryStore.NextEpisode(tx, Project), Books.Of("incident"), "maria", DateTimeOffset.UnixEpoch, [], null, null));
        }, Stop)));
        Assert.Equal(Enumerable.Range(1, 20), (await store.Series(Project, Stop)).Select(one => one.Episode!.Value));
    }

    [Fact]
    public async Task An_edition_is_found_again_as_it_was_and_what_it_missed_is_checked_again()
    {
        var (store, database) = (Services.GetRequiredService<StoryStore>(), Services.GetRequiredService<Storage.Db>());
        var one = new Edition(Project, "release", "fruit@3", 2, 7, Books.Of("release"), "maria", DateTimeOffset.UnixEpoch.AddDays(1), [new("length", "en child", "too long")], null, null);
        await database.Write(tx => StoryStore.Add(tx, one), Stop);
        var found = (await store.Find(Project, "release", "fruit@3", 2, Stop))!;
        Assert.Equal(one.Book.Hash, found.Book.Hash);
        Assert.Equal(one.Findings, found.Findings);
        Assert.Equal(one with { Book = found.Book, Findings = found.Findings }, found);
        await database.Write(tx => StoryStore.Checked(tx, one with { Findings = [], PublishedBy = "maria", PublishedAt = DateTimeOffset.UnixEpoch.AddDays(2) }), Stop);
        Assert.True((await store.Find(Project, "release", "fruit@3", null, Stop))!.IsPublished);
    }

    [Fact]
    public async Task What_was_made_stands_in_the_audit()
    {
        await Told.Make(Maria, Project, "deployment", null, Stop);
        Assert.Equal("deployment/fruit by maria", await Services.GetRequiredService<Storage.Db>().One<string>("SELECT subject || ' by ' || by_name FROM audit_entry WHERE action = 'story.made' AND project = @Project", new { Project }, Stop));
    }

    [Theory]
    [InlineData("comic.svg", "image/svg+xml")]
    [InlineData("comic.png", "image/png")]
    [InlineData("comic.pdf", "application/pdf")]
    [InlineData("deck.html", "text/html")]
    [InlineData("deck.pdf", "application/pdf")]
    [InlineData("social.png", "image/png")]
    public async Task A_story_is_drawn_in_every_form_and_a_seen_one_is_not_sent_again(string file, string type)
    {
        await Told.Make(Maria, Project, "deployment", null, Stop);
        using var drawn = await Http.GetAsync($"/api/projects/{Project}/stories/deployment/fruit/{file}?level=engineer&language=de", Stop);
        Assert.Equal(type, drawn.Content.Headers.ContentType!.MediaType);
        Assert.True((await drawn.Content.ReadAsByteArrayAsync(Stop)).Length > 5000);
        using var again = new HttpRequestMessage(HttpMethod.Get, drawn.RequestMessage!.RequestUri);
        again.Headers.IfNoneMatch.Add(drawn.Headers.ETag!);
        using var same = await Http.SendAsync(again, Stop);
        Assert.Equal(304, (int)same.StatusCode);
    }

    private static async Task<(int, string)> Named(Task<Edition> edition) => ((await edition).Number, (await edition).Subject);

    private Task Put(string more) => Services.GetRequiredService<IProjects>().Put($"steward: 1\nproject: {Project}\n{more}\n", Who.Steward, Stop);

    private async Task Add(int pictures, Reason reason)
    {
        var blobs = Services.GetRequiredService<IBlobs>();
        var items = new List<Data.Item>();
        for (var i = 0; i < pictures; i++)
        {
            using var png = new MemoryStream(Picture.FromRgb(4, 4, [.. Enumerable.Range(0, 48).Select(at => (byte)((at * 5) + (i * 11)))]).EncodePng());
            items.Add(new($"a/{i:000}.png", (await blobs.Put(png, 1 << 20, Stop)).Digest, i % 2 == 0 ? "apple" : "kiwi", (Split)(i % 3), "import"));
        }

        await Services.GetRequiredService<IDataSets>().Add(Maria, Project, "pictures", new NewSnapshot(reason, items), Stop);
    }
}
