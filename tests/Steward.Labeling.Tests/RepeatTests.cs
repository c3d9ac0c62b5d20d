using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Steward.Events;
using Steward.Identity;
using Steward.Monitoring;
using Steward.Projects;
using Steward.Storage;
using Steward.Testing;

namespace Steward.Labeling.Tests;

public class RepeatsOnSqliteTests() : RepeatTests(Databases.Sqlite());
public class RepeatsOnPostgresTests() : RepeatTests(Databases.Postgres());

/// <summary>Some pictures come twice; what comes of it is for the person who named, on both engines.</summary>
public abstract class RepeatTests(Db db) : IAsyncDisposable
{
    private readonly Desk _desk = new(db);
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void One_in_ten_comes_twice_with_others_between_and_never_as_the_last()
    {
        for (var pictures = 1; pictures <= 300; pictures++)
        {
            var repeats = Repeats.Among(pictures, "wish");
            Assert.Equal((pictures / 10, pictures / 10), (repeats.Count, repeats.Select(one => one.Number).Distinct().Count()));
            Assert.All(repeats, one => Assert.True(one.After - one.Number >= 4 && one.After < pictures, $"{one} of {pictures}"));
        }
    }

    [Fact]
    public async Task Who_names_learns_how_often_they_agree_with_themselves_and_with_others()
    {
        await _desk.Ask(60);
        var (first, again) = (new Dictionary<Digest, (string By, string Label)>(), new List<(string By, string Label, string FirstBy, string First)>());
        var random = new Random(4);
        for (var step = 0; ; step++)
        {
            var who = step % 3 == 0 ? "leo" : "mia";
            if ((await _desk.Queues.Next(_desk.Person(who), _desk.Project, 1, stop: Stop)).Items is not [var item])
                break;
            var label = random.Next(3) == 0 ? "plum" : "pear";
            await _desk.Answer(who, item.Number, label);
            if (!first.TryAdd(item.Picture, (who, label)))
                again.Add((who, label, first[item.Picture].By, first[item.Picture].Label));
        }

        Assert.Equal((60, 6), (first.Count, again.Count));
        foreach (var who in (string[])["mia", "leo"])
        {
            var (self, others) = (again.FindAll(one => one.By == who && one.FirstBy == who), again.FindAll(one => one.By != one.FirstBy));
            Assert.Equal(new(true, new(self.Count(one => one.Label == one.First), self.Count), new(others.Count(one => one.Label == one.First), others.Count)), await _desk.Queues.Own(_desk.Person(who), _desk.Project, Stop));
        }

        Assert.Contains(again, one => one.By != one.FirstBy);
        Assert.Contains(again, one => one.By == one.FirstBy);
        Assert.Equal(new(true, new(0, 0), new(0, 0)), await _desk.Queues.Own(_desk.Person("ida"), _desk.Project, Stop));
    }

    [Fact]
    public async Task The_second_name_goes_nowhere_and_can_be_taken_back()
    {
        var queue = await _desk.Ask(20);
        Assert.Equal((20, 20), (queue.Items, (await _desk.Queues.Items(_desk.Project, 1, stop: Stop)).Count));
        var seen = new HashSet<Digest>();
        while ((await _desk.Queues.Next(_desk.Person("mia"), _desk.Project, 1, stop: Stop)).Items is [var item])
        {
            await _desk.Answer("mia", item.Number, seen.Add(item.Picture) ? "pear" : "plum");
            if (item.Number > 20)
            {
                var own = (await _desk.Queues.Own(_desk.Person("mia"), _desk.Project, Stop)).Self;
                Assert.Equal(item.Number, Assert.Single((await _desk.Queues.Undo(_desk.Person("mia"), _desk.Project, 1, Stop)).Items).Number);
                Assert.Equal(own.Of - 1, (await _desk.Queues.Own(_desk.Person("mia"), _desk.Project, Stop)).Self.Of);
                await _desk.Answer("mia", item.Number, "plum");
            }
        }

        Assert.Equal((20, 20), ((await _desk.Queues.Find(_desk.Project, 1, Stop))!.Answered, seen.Count));
        Assert.Equal(new Alike(0, 2), (await _desk.Queues.Own(_desk.Person("mia"), _desk.Project, Stop)).Self);
        await _desk.Queues.Finish(_desk.Person("mia"), _desk.Project, 1, Stop);
        var named = (await _desk.Sets.Items((await _desk.Sets.Find(_desk.Project, "pictures", null, Stop))!, Stop)).Where(item => item.Source == Answers.Source);
        Assert.Equal(Enumerable.Repeat("pear", 20), named.Select(item => item.Label));
    }

    [Fact]
    public async Task Before_it_was_named_nothing_comes_a_second_time()
    {
        await _desk.Ask(20);
        var ahead = (await _desk.Queues.Next(_desk.Person("mia"), _desk.Project, 1, 10, Stop)).Items.Concat((await _desk.Queues.Next(_desk.Person("leo"), _desk.Project, 1, 10, Stop)).Items).ToList();
        Assert.Equal(Enumerable.Range(1, 20), ahead.Select(item => item.Number).Order());
        Assert.Empty((await _desk.Queues.Next(_desk.Person("ida"), _desk.Project, 1, 10, Stop)).Items);
    }

    [Fact]
    public async Task Where_the_game_is_off_nothing_comes_twice_and_nothing_is_told()
    {
        await _desk.Ask(20, "story: {game: off}");
        for (var i = 1; i <= 20; i++)
            await _desk.Answer("mia", await _desk.Next("mia"));
        Assert.Equal(0, await _desk.Next("mia"));
        Assert.Equal(new(false, new(0, 0), new(0, 0)), await _desk.Queues.Own(_desk.Person("mia"), _desk.Project, Stop));
    }

    /// <summary>What happened, told again in its order, comes to what the store tells; a quick answer counts as much as a slow one, and no name is worth more than another.</summary>
    [Fact]
    public async Task Replaying_the_deeds_gives_what_the_store_tells()
    {
        await _desk.Ask(40);
        var random = new Random(9);
        while (await _desk.Next("mia") is > 0 and var item)
        {
            _desk.Clock.Advance(TimeSpan.FromMilliseconds(random.Next(1, 90_000)));
            await _desk.Answer("mia", item, random.Next(4) == 0 ? "plum" : "pear");
            if (random.Next(5) == 0)
                await _desk.Queues.Undo(_desk.Person("mia"), _desk.Project, 1, Stop);
        }

        var says = new Dictionary<long, string>();
        foreach (var (item, label) in (await db.All<DeedRow>("SELECT item, label FROM label_deed WHERE project = @project AND undone = 0 ORDER BY seq", new { project = _desk.Project }, Stop)).Select(deed => (deed.Item, deed.Label)))
            says[item] = label;
        var pairs = await db.All<PairRow>("SELECT number, repeats FROM label_item WHERE project = @project AND repeats IS NOT NULL", new { project = _desk.Project }, Stop);
        Assert.Equal(4, pairs.Count);
        Assert.Equal(new Alike(pairs.Count(pair => says[pair.Number] == says[pair.Repeats]), 4), (await _desk.Queues.Own(_desk.Person("mia"), _desk.Project, Stop)).Self);
    }

    public async ValueTask DisposeAsync()
    {
        await _desk.DisposeAsync();
        await db.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private sealed class DeedRow
    {
        public long Item { get; init; }
        public string Label { get; init; } = "";
    }

    private sealed class PairRow
    {
        public long Number { get; init; }
        public long Repeats { get; init; }
    }
}

/// <summary>Over HTTP everybody gets their own, and only that.</summary>
public sealed class OwnLabelsTests() : TestHost(settings => settings with { Open = false })
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nobody_else_reads_them_not_even_who_may_everything()
    {
        await Services.GetRequiredService<IProjects>().Put("steward: 1\nproject: shop\n", Who.Steward, Stop);
        using var owner = await Enter((await Services.GetRequiredService<FirstStart>().Link(Stop))!, "olga");
        using var mia = await Editor(owner, "mia");
        var wanted = new List<WantedLabel>();
        for (var i = 0; i < 10; i++)
            wanted.Add(new($"p{i}", (await Services.GetRequiredService<Blobs.IBlobs>().Put(new byte[] { (byte)i }, Stop)).Digest, "pear", 0.4));
        await Services.GetRequiredService<Db>().Write(tx => Services.GetRequiredService<IEvents>().Publish(tx, new LabelsWanted("shop", 1, "fruit", "fruit", 1, "pictures@1", wanted)), Stop);
        await Eventually.True("the queue is there", async () => (await Services.GetRequiredService<IQueues>().All("shop", stop: Stop)).Count == 1, Stop);
        for (var i = 0; i < 11; i++)
        {
            using var next = await mia.PostAsJsonAsync("/api/projects/shop/labels/1/next", new { }, Stop);
            var item = (await next.Content.ReadFromJsonAsync<Turn>(Json.Options, Stop))!.Items[0].Number;
            using var said = await mia.PostAsJsonAsync($"/api/projects/shop/labels/1/items/{item}/answer", new { label = "pear" }, Stop);
            Assert.True(said.IsSuccessStatusCode, await said.Content.ReadAsStringAsync(Stop));
        }

        Assert.Equal(new(true, new(1, 1), new(0, 0)), await mia.GetFromJsonAsync<OwnLabels>("/api/projects/shop/labels/mine", Json.Options, Stop));
        foreach (var asked in (string[])["mine", "mine?person=mia", "mine?who=mia"])
            Assert.Equal(new(true, new(0, 0), new(0, 0)), await owner.GetFromJsonAsync<OwnLabels>($"/api/projects/shop/labels/{asked}", Json.Options, Stop));
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await owner.GetAsync("/api/projects/shop/labels/mine/mia", Stop)).StatusCode);
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, (await Http.GetAsync("/api/projects/shop/labels/mine", Stop)).StatusCode);
        Assert.DoesNotContain("repeat", await owner.GetStringAsync("/api/projects/shop/labels/1", Stop), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(10, (await Services.GetRequiredService<IQueues>().Items("shop", 1, stop: Stop)).Count);
    }

    /// <summary>Somebody who came by a link, chose a password and signed in.</summary>
    private async Task<HttpClient> Enter(string link, string user)
    {
        const string password = "four odd words together";
        using var welcome = await Http.PostAsJsonAsync("/api/welcome", new { link = link.Split("link=")[1], user, password }, Stop);
        using var signed = await Http.PostAsJsonAsync("/api/sign-in", new { user, password }, Stop);
        return new HttpClient { BaseAddress = new Uri(Url), DefaultRequestHeaders = { Authorization = new("Bearer", (await signed.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<Made>(Stop))!.Secret) } };
    }

    private async Task<HttpClient> Editor(HttpClient owner, string user)
    {
        using var added = await owner.PostAsJsonAsync("/api/users", new { user }, Stop);
        using var roles = await owner.PutAsJsonAsync($"/api/users/{user}/roles", new { project = "shop", roles = new[] { "editor" } }, Stop);
        return await Enter((await added.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<Linked>(Stop))!.Link, user);
    }

    private sealed record Made(string Secret);

    private sealed record Linked(string Link);
}
