using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Steward.Blobs;
using Steward.Data;
using Steward.Data.Documents;
using Steward.Data.Tables;
using Steward.Identity;
using Steward.Labeling;
using Steward.Models;
using Steward.Projects;
using Steward.Serving;
using Steward.Stories;
using Steward.Testing;
using Steward.Tracking;

namespace Steward.Browser.Tests;

/// <summary>
/// A real server in the middle of its life: data, runs, one version that serves, one that waits for votes, one whose
/// gate failed. Ana administers it and is asked for ops; Li and Dev have a say too.
/// </summary>
public sealed class Shop(string? db = null) : TestHost(settings => settings with { Open = false, Db = db })
{
    public const string Project = "shop", Bakery = "bakery", Ana = "ana", Dev = "dev", Password = "four odd words together";

    private const string Serves = """
        steward: 1
        project: shop
        title: Colours of the shop
        gates:
          - {metric: test.accuracy, op: ">=", value: 0.85}
          - {metric: test.f1_macro, op: ">=", value: 0.85}
          - {slice: kind, metric: test.f1, op: ">=", value: 0.75}
          - {metric: test.f1_macro, worse_than_champion_by: "<= 0.1"}
          - {metric: test.ece, op: "<=", value: 0.1}
          - {latency_p95_ms: "<= 60000"}
          - {scan: [onnx], result: clean}
          - {signature: compatible}
        serve: {endpoint: colours}
        monitor: {window: 20}
        pipelines:
          daily:
            trigger: {cron: {expression: "0 3 * * *"}}
            steps:
              - command: {id: tidy, run: [echo, tidy]}
        loop:
          - {when: drift, then: [ask_for_labels: {batch: 8}]}

        """;

    private const string Asks = """
        signoff:
          parties:
            - {party: data-science, approvers: [li], need: 1}
            - {party: ops, approvers: [ana, dev], need: 1}
        """;

    private static readonly Who Maria = new("maria", "maria", new Dictionary<string, IReadOnlySet<Role>> { [Project] = new HashSet<Role> { Role.Editor } });

    /// <summary>What stands for the parts of an address that are in braces, by the address up to them.</summary>
    public IReadOnlyDictionary<string, string> Holes => _holes;

    /// <summary>Pages worth a look of their own beside the one of their kind: a run that was evaluated.</summary>
    public List<string> Also { get; } = [];

    private readonly Dictionary<string, string> _holes = new(StringComparer.OrdinalIgnoreCase) { ["project"] = Project };

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Use((await Services.GetRequiredService<FirstStart>().Link())!, "owner");
        using var owner = await As("owner");
        await Services.GetRequiredService<IProjects>().Put(Serves, Who.Steward);
        foreach (var (person, role) in ((string, string)[])[(Ana, "approver"), ("li", "approver"), (Dev, "approver"), ("maria", "editor")])
            await Add(owner, person, role);
        await Good(await owner.PutAsJsonAsync($"/api/users/{Ana}/roles", new { project = "*", roles = new[] { "admin" } }));
        var data = await AddData(Maria, Project);
        var runs = await AddRuns(data);
        await Serve(await Register(runs[0], data, 0.9, redBias: 50, await Reference()));
        await Services.GetRequiredService<IProjects>().Put(Serves + Asks, Maria);
        var second = await Register(runs[1], data, 0.95);
        var third = await Register(runs[2], data, 0.8, redBias: 20);
        var asked = await Services.GetRequiredService<ISignOffs>().Request(Maria, Project, "colours", second);
        await Vote(asked, "li", "data-science");
        using var link = await owner.PostAsJsonAsync("/api/users", new { user = "newcomer" });
        Fill("/welcome", (await link.Content.ReadFromJsonAsync<Linked>())!.Link);
        Fill("/projects/{project}/data/{dataset}", "pictures");
        Fill("/projects/{project}/models/{model}", "colours");
        Fill("/projects/{project}/models/{model}/{version}", $"{second}");
        Fill("/projects/{project}/signoffs/{number:int}", $"{asked.Number}");
        Fill("/projects/{project}/endpoints/{name}", "colours");
        Fill("/projects/{project}/endpoints/{name}/answers/{id}", (await Services.GetRequiredService<IRequestLog>().Newest("colours", 1))[0].Id);
        Fill("/projects/{project}/monitor/{endpoint}", "colours");
        var queues = Services.GetRequiredService<IQueues>();
        await Eventually.True("people are asked for names", async () => (await queues.All(Project)).Count > 0, default);
        await Services.GetRequiredService<IStories>().Make(Maria, Project, "deployment", null);
        Fill("/projects/{project}/stories/{kind}", "deployment");
        Fill("/projects/{project}/stories/{kind}/{subject}", "fruit");
        // A version that nobody decides about: its story stays as it is while others vote.
        await Services.GetRequiredService<IStories>().Make(Maria, Project, "release", $"colours@{third}");
        Also.Add($"/projects/{Project}/stories/release/colours@{third}/quiz");
        Fill("/projects/{project}/incidents/{number:int}", "1");
        Fill("/projects/{project}/labels/{number:int}", "1");
        await Sort();
        Fill("/projects/{project}/heaps/{number:int}", "1");
        Fill("/projects/{project}/explain/{topic}", "supervised");
        await Import();
        Fill("/projects/{project}/tables/{table}", "silver.orders");
        await Services.GetRequiredService<IDocuments>().Put(Maria, Project, "offers", new("c-7", """{"items":["pear","apple"]}"""), "colours@1");
        Fill("/projects/{project}/documents/{collection}", "offers");
        Fill("/projects/{project}/documents/{collection}/{key}", "c-7");
        Fill("/projects/{project}/pipelines/{pipeline}", "daily");
        await Good(await owner.PostAsJsonAsync($"/api/projects/{Project}/agents", new { name = "plant-7", labels = new[] { "onprem" } }));
        await Bake(owner);
    }

    /// <summary>Another project, in which a yes comes after the quiz: Ana is asked, and has not taken it.</summary>
    private async Task Bake(HttpClient owner)
    {
        await Good(await owner.PutAsJsonAsync($"/api/users/{Ana}/roles", new { project = Bakery, roles = new[] { "approver" } }));
        await Services.GetRequiredService<IProjects>().Put($$"""
            steward: 1
            project: {{Bakery}}
            gates:
              - {scan: [onnx], result: clean}
              - {metric: test.accuracy, op: ">=", value: 0.5}
            signoff:
              parties:
                - {party: quality, approvers: [ana], need: 1, quiz: required}
            """, Who.Steward);
        var baker = new Who("bela", "bela", new Dictionary<string, IReadOnlySet<Role>> { [Bakery] = new HashSet<Role> { Role.Editor } });
        var data = await AddData(baker, Bakery);
        var metrics = new Dictionary<string, double> { ["train.n"] = 900, ["test.n"] = 240, ["test.accuracy"] = 0.912, ["test.f1_macro"] = 0.905, ["test.f1_macro.low"] = 0.87, ["test.f1_macro.high"] = 0.94, ["test.ece"] = 0.03 };
        foreach (var (kind, recall, n) in new[] { ("apple", 0.95, 90), ("pear", 0.75, 60), ("plum", 0.98, 90) })
            (metrics[$"test.recall.{kind}"], metrics[$"test.n.{kind}"]) = (recall, n);
        var blob = await Services.GetRequiredService<IBlobs>().Put(SmallModels.Colours(side: 8));
        await Services.GetRequiredService<IModels>().Register(baker, new(Bakery, "cakes", Names.NewId(), data, blob.Digest) { Metrics = metrics });
        var asked = await Services.GetRequiredService<ISignOffs>().Request(baker, Bakery, "cakes", 1);
        await Eventually.True("the story of the cakes is told", async () => await Services.GetRequiredService<IStories>().Find(Bakery, "release", "cakes@1") is { IsPublished: true }, default);
        Also.Add($"/projects/{Bakery}/signoffs/{asked.Number}");
    }

    public async Task<HttpClient> As(string user) => With(await SignIn(user));

    private HttpClient With(string? token)
    {
        var http = new HttpClient { BaseAddress = new Uri(Url) };
        if (token is not null)
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return http;
    }

    private void Fill(string pattern, string value) => _holes[pattern] = value;

    private async Task<string> AddData(Who who, string project)
    {
        var blobs = Services.GetRequiredService<IBlobs>();
        var items = new List<Item>();
        var drawings = typeof(Host.Platform).Assembly;
        foreach (var (name, i) in drawings.GetManifestResourceNames().Where(name => name.EndsWith("apple.png", StringComparison.Ordinal) || name.EndsWith("pear.png", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select((name, i) => (name, i)))
        {
            await using var png = drawings.GetManifestResourceStream(name)!;
            var blob = await blobs.Put(png, 1 << 20);
            var label = Path.GetFileNameWithoutExtension(name);
            items.Add(new($"{label}/{i:0000}.png", blob.Digest, label, (Split)(i % 3), "import"));
        }

        return (await Services.GetRequiredService<IDataSets>().Add(who, project, "pictures", new(Reason.Import, items))).Reference;
    }

    /// <summary>A table of orders, one of which could not be read.</summary>
    private async Task Import()
    {
        using var ana = await As(Ana);
        var rows = string.Concat(Enumerable.Range(1, 300).Select(i => $"{i},{(i % 3 == 0 ? "pear" : "apple")},2026-03-{1 + (i % 28):00},{(i == 7 ? "many" : $"{i % 9}.50")}\n"));
        using var order = new StringContent(Json.Write(new { name = "orders.csv" }), System.Text.Encoding.UTF8, "application/json");
        using var body = new MultipartFormDataContent { { order, "order" }, { new StringContent("id,kind,day,amount\n" + rows), "file", "file" } };
        await Good(await ana.PostAsync($"/api/projects/{Project}/tables/silver.orders/import", body));
        await Eventually.True("the orders to be a table", async () => await Services.GetRequiredService<ITables>().Find(Project, TableReference.Parse("silver.orders")) is not null, CancellationToken.None);
    }

    /// <summary>Pictures that nobody named, sorted into heaps.</summary>
    private async Task Sort()
    {
        var (blobs, items) = (Services.GetRequiredService<IBlobs>(), new List<Item>());
        foreach (var fruit in Host.Templates.Fruit.FruitPictures.Many(1, Host.Templates.Fruit.FruitPictures.KnownStyles, 0, 96))
            items.Add(new($"{items.Count:0000}.png", (await blobs.Put(fruit.Png)).Digest, "", Split.Train, "import"));
        await Services.GetRequiredService<IDataSets>().Add(Maria, Project, "found", new(Reason.Import, items));
        using var ana = await As(Ana);
        await Good(await ana.PostAsJsonAsync($"/api/projects/{Project}/heaps", new { dataSet = "found" }));
        await Eventually.True("the pictures are sorted", async () => (await ana.GetFromJsonAsync<List<System.Text.Json.JsonElement>>($"/api/projects/{Project}/heaps"))!.Count > 0, default);
    }

    /// <summary>A study of three tunes.</summary>
    private async Task<List<string>> AddRuns(string data)
    {
        var runs = Services.GetRequiredService<IRuns>();
        var study = await runs.Start(Maria, new(Project, "colours", "three rates") { Data = data, Tags = new Dictionary<string, string> { ["primary"] = "valid.f1_macro", ["data"] = data } });
        var tunes = new List<string>();
        foreach (var rate in (double[])[0.001, 0.01, 0.1])
        {
            var run = await runs.Start(Maria, new(Project, "colours") { Parent = study.Id, Data = data, Params = new Dictionary<string, string> { ["rate"] = $"{rate}", ["epochs"] = "4" } });
            for (var epoch = 1; epoch <= 4; epoch++)
                await runs.Metrics(Maria, run.Id, [new("valid.f1_macro", 0.9 - rate - 0.2 / epoch, epoch), new("train.loss", 1.0 / epoch, epoch)]);
            await runs.Metrics(Maria, run.Id, [new("test.f1_macro", 0.95 - rate), new("test.n", 240)]);
            await runs.Artifact(Maria, run.Id, "evaluation.json", await Services.GetRequiredService<IBlobs>().Put(Evaluation()));
            await runs.End(Maria, run.Id, RunStatus.Finished);
            tunes.Add(run.Id);
        }

        await runs.End(Maria, study.Id, RunStatus.Finished);
        Fill("/projects/{project}/runs/{id}", study.Id);
        Also.Add($"/projects/{Project}/runs/{tunes[0]}");
        return tunes;
    }

    /// <summary>Ten kinds with long names, and mistakes between neighbours.</summary>
    private static byte[] Evaluation()
    {
        string[] kinds = ["apple", "banana", "cherries", "dragon fruit", "elderberries", "fig", "grapes", "honeydew melon", "jackfruit", "kiwi"];
        return System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new
        {
            kinds,
            confusion = kinds.Select((_, shown) => kinds.Select((_, answered) => shown == answered ? 80 - shown : answered == shown + 1 ? 2 * shown : 0)),
            perKind = kinds.Select((kind, k) => new { kind, precision = 0.97 - (k / 50.0), recall = 0.96 - (k / 40.0), f1 = 0.965 - (k / 45.0), f1Low = 0.92 - (k / 45.0), f1High = 0.99 - (k / 60.0), n = 80 + k }),
            items = Array.Empty<object>(),
        });
    }

    private async Task<int> Register(string run, string data, double accuracy, float redBias = 0, Digest? reference = null)
    {
        var blob = await Services.GetRequiredService<IBlobs>().Put(SmallModels.Colours(redBias, side: 8));
        var metrics = new Dictionary<string, double> { ["test.accuracy"] = accuracy, ["test.f1_macro"] = accuracy - 0.004, ["test.f1_macro.low"] = accuracy - 0.03, ["test.f1_macro.high"] = accuracy + 0.02, ["test.n"] = 240, ["train.n"] = 900, ["test.recall.red"] = accuracy, ["test.recall.green"] = accuracy + 0.02, ["test.recall.blue"] = accuracy - 0.1, ["test.ece"] = 0.031, ["test.f1.red"] = accuracy, ["test.f1.green"] = accuracy + 0.03, ["test.f1.blue"] = accuracy - 0.07, ["test.n.red"] = 110, ["test.n.green"] = 104, ["test.n.blue"] = 26 };
        return (await Services.GetRequiredService<IModels>().Register(Maria, new(Project, "colours", run, data, blob.Digest) { Metrics = metrics, Code = "9f0e1d2", Artifacts = reference is { } file ? new Dictionary<string, Digest> { ["reference.json"] = file } : new() })).Version;
    }

    private async Task Serve(int version)
    {
        await Services.GetRequiredService<IPromotions>().Promote(Maria, Project, "colours", version);
        var endpoints = Services.GetRequiredService<IEndpoints>();
        await Eventually.True("the endpoint serves", async () => (await endpoints.Find("colours"))?.LiveVersion == version, default);
        using var ana = await As(Ana);
        foreach (var picture in await Drawings(20))
        {
            using var body = new ByteArrayContent(picture) { Headers = { ContentType = new("image/png") } };
            await Good(await ana.PostAsync("/v2/models/colours/picture", body));
        }
    }

    /// <summary>What the first version is said to have seen when it was tested: nothing like the drawings that are sent to it.</summary>
    private async Task<Digest> Reference()
    {
        var random = new Random(3);
        var rows = Enumerable.Range(0, 200).Select(_ => Enumerable.Range(0, 3).Select(_ => random.NextSingle() / 20).ToArray()).ToList();
        var file = new { dimensions = 3, embeddings = rows, confidences = rows.ConvertAll(_ => 0.95), labels = rows.ConvertAll(_ => "red"), answers = rows.ConvertAll(_ => "red") };
        return (await Services.GetRequiredService<IBlobs>().Put(System.Text.Encoding.UTF8.GetBytes(Json.Write(file)))).Digest;
    }

    private static async Task<List<byte[]>> Drawings(int most)
    {
        var assembly = typeof(Host.Platform).Assembly;
        var all = new List<byte[]>();
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith("fruit/", StringComparison.Ordinal) && name.EndsWith(".png", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Take(most))
        {
            await using var png = assembly.GetManifestResourceStream(name)!;
            using var bytes = new MemoryStream();
            await png.CopyToAsync(bytes);
            all.Add(bytes.ToArray());
        }

        return all;
    }

    /// <summary>A vote as the verb casts it: a key made, its public half registered, the server's statement signed.</summary>
    private async Task Vote(SignOff asked, string person, string party)
    {
        using var http = await As(person);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await Good(await http.PostAsJsonAsync("/api/me/keys", new { name = "default", pem = PersonKey.PemOf(key) }));
        var at = $"/api/projects/{Project}/signoffs/{asked.Number}";
        var draft = (await http.GetFromJsonAsync<Draft>($"{at}/statement?party={party}&decision=Approve&reason=seen%20on%20new%20pictures"))!;
        await Good(await http.PostAsJsonAsync($"{at}/votes", Dsse.Sign(draft.PayloadType, Convert.FromBase64String(draft.Payload), key), Json.Options));
    }

    private async Task<string> SignIn(string user)
    {
        using var http = With(null);
        using var reply = await http.PostAsJsonAsync("/api/sign-in", new { user, password = Password });
        return (await reply.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<Made>())!.Secret;
    }

    private async Task Add(HttpClient admin, string user, string role)
    {
        using var added = await admin.PostAsJsonAsync("/api/users", new { user });
        await Use((await added.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<Linked>())!.Link, user);
        await Good(await admin.PutAsJsonAsync($"/api/users/{user}/roles", new { project = Project, roles = new[] { role } }));
    }

    private async Task Use(string link, string user)
    {
        using var http = With(null);
        await Good(await http.PostAsJsonAsync("/api/welcome", new { link = link.Split("link=")[1], user, password = Password }));
    }

    private static async Task Good(HttpResponseMessage reply)
    {
        using (reply)
            Assert.True(reply.IsSuccessStatusCode, $"{reply.RequestMessage?.RequestUri}: {await reply.Content.ReadAsStringAsync()}");
    }

    private sealed record Made(string Secret);

    private sealed record Linked(string Link);

    private sealed record Draft(string PayloadType, string Payload);
}
