using Microsoft.Extensions.DependencyInjection;
using Steward.Data.Documents;
using Steward.Data.Tests.Connections;
using Steward.Identity;
using Steward.Testing;

namespace Steward.Data.Tests.Documents;

/// <summary>What every place that documents are kept in promises. One line below for each.</summary>
public abstract class DocumentPromises : Connected
{
    private readonly FakeClock _clock;

    protected DocumentPromises(string? db = null) : this(db, new FakeClock())
    {
    }

    private DocumentPromises(string? db, FakeClock clock) : base(db, services => services.AddSingleton<TimeProvider>(clock)) => _clock = clock;

    /// <summary>Sections of the project file that say where documents are kept; empty for the server's own records.</summary>
    protected virtual string Where => "";

    protected IDocuments Documents => Services.GetRequiredService<IDocuments>();

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Project("shop", Where);
    }

    [Fact]
    public async Task A_document_is_read_by_its_key_and_names_what_made_it()
    {
        await Documents.Put(Who.Steward, "shop", "cards", new("offers", """{"title": "Käse 🧀", "n": 1.5}"""), "recommender@4", Stop);
        var read = (await Documents.Get("shop", "cards", "offers", stop: Stop))!;
        Assert.Equal("Käse 🧀", Json.Read<System.Text.Json.JsonElement>(read.Body).GetProperty("title").GetString());
        Assert.Equal(("recommender@4", 1L, "offers"), (read.MadeBy, read.List, read.Key));
        Assert.Null(await Documents.Get("shop", "cards", "other", stop: Stop));
        Assert.Null(await Documents.Get("shop", "nothing", "offers", stop: Stop));
        await Documents.Put(Who.Steward, "shop", "cards", new("offers", """{"title": "new"}"""), "ana", Stop);
        Assert.Contains("new", (await Documents.Get("shop", "cards", "offers", stop: Stop))!.Body, StringComparison.Ordinal);
        Assert.True(await Documents.Delete(Who.Steward, "shop", "cards", "offers", Stop));
        Assert.False(await Documents.Delete(Who.Steward, "shop", "cards", "offers", Stop));
        Assert.Null(await Documents.Get("shop", "cards", "offers", stop: Stop));
    }

    [Fact]
    public async Task A_list_is_not_seen_before_it_is_swapped_in_and_then_all_of_it()
    {
        await Fill("offers", "recommender@1", 30, 1);
        var next = await Documents.Begin(Who.Steward, "shop", "offers", "recommender@2", Stop);
        await Documents.Add(Who.Steward, "shop", "offers", next.Number, [.. Some(20, 2), new("customer-0000", """{"v": 2, "again": true}""")], Stop);
        Assert.Equal(1, Version(await Documents.Get("shop", "offers", "customer-0000", stop: Stop)));
        Assert.Equal(2, Version(await Documents.Get("shop", "offers", "customer-0000", next.Number, Stop)));

        var swapped = await Documents.Swap(Who.Steward, "shop", "offers", next.Number, Stop);
        Assert.Equal((20, "recommender@2", ListState.Current), (swapped.Documents, swapped.MadeBy, swapped.State));
        Assert.Equal(2, Version(await Documents.Get("shop", "offers", "customer-0000", stop: Stop)));
        Assert.Null(await Documents.Get("shop", "offers", "customer-0025", stop: Stop));
        Assert.Equal("list_closed", await Refused(() => Documents.Add(Who.Steward, "shop", "offers", next.Number, [new("x", "{}")], Stop)));
        Assert.Equal([2, 1], (await Documents.Lists("shop", "offers", Stop)).Select(list => list.Number));
        Assert.Equal(("offers", 2L), ((await Documents.Collections("shop", Stop)).Single().Name, (await Documents.Collections("shop", Stop)).Single().Current.Number));

        await Documents.Swap(Who.Steward, "shop", "offers", 1, Stop);
        Assert.Equal(1, Version(await Documents.Get("shop", "offers", "customer-0025", stop: Stop)));
    }

    [Fact]
    public async Task Readers_see_the_old_list_or_the_new_one_and_never_both()
    {
        await Fill("offers", "v1", 40, 1);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var keys = Enumerable.Range(0, 40).Select(i => $"customer-{i:d4}").ToList();
        var seen = 0;
        var readers = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            for (var last = 0; !over.IsCancellationRequested;)
            {
                var read = await Documents.Get("shop", "offers", keys, Stop);
                Assert.Equal(40, read.Count);
                var version = Assert.Single(read.Select(Version).Distinct());
                Assert.True(version >= last, "a reader saw an older list after a newer one");
                last = version;
                Interlocked.Increment(ref seen);
            }
        })).ToList();
        for (var version = 2; version <= 8; version++)
        {
            await Fill("offers", $"v{version}", 40, version);
            var before = Volatile.Read(ref seen);
            await Eventually.True("readers look", () => Volatile.Read(ref seen) > before + 3 || readers.Any(reader => reader.IsFaulted), Stop);
        }

        await over.CancelAsync();
        await Task.WhenAll(readers);
    }

    [Fact]
    public async Task A_document_whose_time_is_over_is_not_read_any_more()
    {
        await Documents.Put(Who.Steward, "shop", "codes", new("short", "{}", Ttl: TimeSpan.FromSeconds(60)), "ana", Stop);
        await Documents.Put(Who.Steward, "shop", "codes", new("long", "{}"), "ana", Stop);
        _clock.Advance(TimeSpan.FromSeconds(59));
        Assert.NotNull(await Documents.Get("shop", "codes", "short", stop: Stop));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await Documents.Get("shop", "codes", "short", stop: Stop));
        Assert.Equal(["long"], (await Documents.List("shop", "codes", stop: Stop)).Select(one => one.Key));
        Assert.Single(await Documents.Get("shop", "codes", ["short", "long"], Stop));
    }

    [Fact]
    public async Task Keys_are_listed_in_order_and_page_by_page()
    {
        await Fill("offers", "v1", 25, 1);
        var first = await Documents.List("shop", "offers", null, 10, null, Stop);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"customer-{i:d4}"), first.Select(one => one.Key));
        Assert.Equal("customer-0020", (await Documents.List("shop", "offers", "customer-0019", 10, null, Stop))[0].Key);
        Assert.Empty(await Documents.List("shop", "offers", "customer-0024", 10, null, Stop));
    }

    [Fact]
    public async Task Lists_that_nobody_sees_go_after_a_while_and_the_way_back_stays()
    {
        for (var version = 1; version <= 4; version++)
            await Fill("offers", $"v{version}", 3, version);
        await Documents.Begin(Who.Steward, "shop", "offers", "forgotten", Stop);
        Assert.Equal(5, (await Documents.Lists("shop", "offers", Stop)).Count);
        _clock.Advance(TimeSpan.FromDays(3));
        await Eventually.True("two lists are left", async () => (await Documents.Lists("shop", "offers", Stop)).Select(list => list.Number).SequenceEqual([4L, 3L]), Stop);
        Assert.Equal(3, (await Documents.List("shop", "offers", null, 10, 3, Stop)).Count);
        Assert.Empty(await Documents.List("shop", "offers", null, 10, 1, Stop));
        Assert.Equal("list_current", await Refused(() => Documents.Drop(Who.Steward, "shop", "offers", 4, Stop)));
        Assert.Equal("list_not_found", await Refused(() => Documents.Swap(Who.Steward, "shop", "offers", 1, Stop)));
    }

    [Fact]
    public async Task A_list_that_a_later_one_has_overtaken_ends_at_once_and_may_be_told_so_twice()
    {
        var late = await Documents.Begin(Who.Steward, "shop", "offers", "recommender@1", Stop);
        await Documents.Add(Who.Steward, "shop", "offers", late.Number, Some(3, 1), Stop);
        await Fill("offers", "recommender@2", 3, 2);
        var passes = Services.GetRequiredService<Data.Documents.Documents>();
        for (var turn = 0; turn < 2; turn++)
            Assert.Equal(ListState.Dropped, (await passes.Onward("shop", "offers", late.Number, "steward", Stop)).State);
        Assert.Equal([2L], (await Documents.Lists("shop", "offers", Stop)).Select(list => list.Number));
        Assert.Equal(2, Version(await Documents.Get("shop", "offers", "customer-0000", stop: Stop)));
        Assert.Contains(await Refused(() => Documents.Add(Who.Steward, "shop", "offers", late.Number, Some(1, 1), Stop)), (string[])["list_not_found", "list_closed"]);
    }

    [Fact]
    public async Task Two_swaps_at_once_leave_one_list_current()
    {
        await Fill("offers", "v1", 3, 1);
        var lists = new List<long>();
        for (var i = 0; i < 4; i++)
            lists.Add((await Documents.Begin(Who.Steward, "shop", "offers", $"r{i}", Stop)).Number);
        await Task.WhenAll(lists.Select(list => Documents.Swap(Who.Steward, "shop", "offers", list, Stop)));
        var current = Assert.Single(await Documents.Lists("shop", "offers", Stop), list => list.State is ListState.Current);
        Assert.Equal(current.Number, (await Documents.Collections("shop", Stop)).Single().Current.Number);
    }

    [Fact]
    public async Task Bytes_beside_a_document_come_back_by_their_digest()
    {
        var model = Bytes(300_000);
        var blob = await Services.GetRequiredService<Blobs.IBlobs>().Put(model, Stop);
        await Documents.Put(Who.Steward, "shop", "models", new("recommender", """{"metric": 0.4}""", blob.Digest), "recommender@4", Stop);
        Assert.Equal(Digest.Of(model), (await Documents.Get("shop", "models", "recommender", stop: Stop))!.Blob);
        Assert.Equal(model, await Http.GetByteArrayAsync(new Uri("/api/projects/shop/documents/models/recommender/bytes", UriKind.Relative), Stop));
        Assert.Equal("blob_not_found", await Refused(() => Documents.Put(Who.Steward, "shop", "models", new("x", "{}", Digest.Of("not there")), "a", Stop)));
    }

    protected async Task Fill(string collection, string madeBy, int count, int version)
    {
        var list = await Documents.Begin(Who.Steward, "shop", collection, madeBy, Stop);
        await Documents.Add(Who.Steward, "shop", collection, list.Number, Some(count, version), Stop);
        await Documents.Swap(Who.Steward, "shop", collection, list.Number, Stop);
    }

    private static NewDocument[] Some(int count, int version) => [.. Enumerable.Range(0, count).Select(i => new NewDocument($"customer-{i:d4}", $$"""{"v": {{version}}, "offers": [1, 2, 3]}"""))];

    private static int Version(Document? document) => Json.Read<System.Text.Json.JsonElement>(document!.Body).GetProperty("v").GetInt32();
}

public sealed class DocumentsOnSqlite() : DocumentPromises();

public sealed class DocumentsOnPostgres() : DocumentPromises(TestPostgres.NewDatabase());

public sealed class DocumentsInAnotherPostgres() : DocumentPromises()
{
    private readonly string _database = TestPostgres.NewDatabase();

    protected override string Where => $"connections:\n  there: {{ {Postgres(_database)} }}\ndocuments: {{ connection: there }}\n";
}

/// <summary>Against a server that keeps items, partitions, queries and tags as Cosmos DB does, but looks at no signature and lets no time run out.</summary>
public sealed class DocumentsInCosmos() : DocumentPromises()
{
    private static readonly Lazy<NodeServer> Cosmos = new(NodeServer.Cosmos);
    private readonly string _container = "c" + Steward.Names.NewId();

    protected override string Where => $"connections:\n  there: {{ kind: cosmos, url: \"{Cosmos.Value.Url}\", database: steward, container: {_container}, account_key: \"secret://cosmos\" }}\ndocuments: {{ connection: there }}\n";

    public override async ValueTask InitializeAsync()
    {
        using var http = new HttpClient { BaseAddress = new(Cosmos.Value.Url) };
        await Post("/dbs", "{\"id\": \"steward\"}");
        await Post("/dbs/steward/colls", $"{{\"id\": \"{_container}\", \"partitionKey\": {{\"paths\": [\"/pk\"], \"kind\": \"Hash\"}}}}");
        await base.InitializeAsync();

        async Task Post(string path, string body)
        {
            using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
            using var reply = await http.PostAsync(new Uri(path, UriKind.Relative), content, Stop);
            Assert.True(reply.IsSuccessStatusCode || reply.StatusCode is System.Net.HttpStatusCode.Conflict, await reply.Content.ReadAsStringAsync(Stop));
        }
    }

    [Fact]
    public async Task A_connection_to_it_is_tested()
    {
        Assert.True((await Connections.Test(Who.Steward, "shop", "there", Stop)).Ok);
        await Project("shop", Where.Replace(_container, "missing", StringComparison.Ordinal));
        var result = await Connections.Test(Who.Steward, "shop", "there", Stop);
        Assert.Equal((false, "container_not_found"), (result.Ok, result.Code));
    }

    [Fact]
    public void A_request_is_signed_as_the_documentation_shows_it() => Assert.Equal(
        "type=master&ver=1.0&sig=c09PEVJrgp2uQRkr934kFbTqhByc7TVr3OHyqlu+c+c=",
        Uri.UnescapeDataString(CosmosSignature.Of(Convert.FromBase64String("dsZQi3KtZmCv1ljt3VNWNm7sQUF1y5rJfC6kv5JiwvW0EndXdDku/dkKBp8/ufDToSxLzR4y+O/0H/t4bQtVNw=="), "GET", "dbs", "dbs/ToDoList", "Thu, 27 Apr 2017 00:51:12 GMT")));
}
