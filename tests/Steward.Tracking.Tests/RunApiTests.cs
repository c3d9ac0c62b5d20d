using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Steward.Identity;
using Steward.Projects;
using Steward.Testing;

namespace Steward.Tracking.Tests;

/// <summary>Runs over HTTP, as an external trainer logs them and a person looks at them; on both databases.</summary>
public abstract class RunApiTests(string? db) : TestHost(settings => settings with { Db = db })
{
    private const string Runs = "/api/projects/fruit/runs";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_trainer_logs_a_run_from_start_to_end()
    {
        var id = await Started(new { experiment = "kinds", data = "pictures@1", code = "a1b2c3", @params = new { lr = "0.1" }, tags = new { primary = "f1" } });
        await Post($"{id}/log", new { metrics = new[] { new { key = "f1", value = 0.5, step = 1 }, new { key = "f1", value = 0.8, step = 2 } }, @params = new { epochs = "2" }, tags = new { note = "quick" } });
        using (var sent = await Http.PutAsync($"{Runs}/{id}/artifacts/charts/loss.svg", new ByteArrayContent("<svg/>"u8.ToArray()), Stop))
            Assert.Equal(HttpStatusCode.OK, sent.StatusCode);
        await Post($"{id}/end", new { status = "finished" });

        var run = await Get(id);
        Assert.Equal(("epochs=2,lr=0.1", "finished", "pictures@1", "a1b2c3"), (Text(run, "name"), Text(run, "status"), Text(run, "data"), Text(run, "code")));
        Assert.Equal(0.8, run.GetProperty("primary").GetProperty("value").GetDouble());
        Assert.Equal("2", run.GetProperty("params").GetProperty("epochs").GetString());
        Assert.Equal("charts/loss.svg", run.GetProperty("artifacts")[0].GetProperty("name").GetString());
        Assert.Equal([0.5, 0.8], (await Get($"{id}/metrics?key=f1")).EnumerateArray().Select(point => point.GetProperty("value").GetDouble()));
    }

    [Theory]
    [InlineData("""{"kinds": ["fig", "kiwi"], "confusion": [[3, 1], [0, 4]], "perKind": [{"kind": "fig", "f1": 0.86}, {"kind": "kiwi", "f1": 0.89, "n": 4}]}""", true)]
    [InlineData("""{"kinds": ["fig", "kiwi"], "confusion": [[3, 1]], "perKind": [{"kind": "fig"}, {"kind": "kiwi"}]}""", false)]
    [InlineData("""{"kinds": ["fig", null], "confusion": [[3, 1], [0, -4]], "perKind": [null, {}]}""", false)]
    [InlineData("""{"kinds": "fig"}""", false)]
    [InlineData("no json", false)]
    public async Task A_runs_page_shows_what_was_taken_for_what_when_the_run_says_so(string evaluation, bool shown)
    {
        var id = await Started(new { experiment = "kinds" });
        using (await Http.PutAsync($"{Runs}/{id}/artifacts/evaluation.json", new StringContent(evaluation), Stop)) { }
        var page = await Http.GetStringAsync($"/projects/fruit/runs/{id}", Stop);
        Assert.Equal(shown, page.Contains("7 of 8 test pictures right. Most often mistaken: fig for kiwi, 1 of 4.", StringComparison.Ordinal));
        Assert.Equal(shown, page.Contains("What was taken for what", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_of_a_run_is_always_a_download()
    {
        var id = await Started(new { experiment = "kinds" });
        using (await Http.PutAsync($"{Runs}/{id}/artifacts/evil.html", new StringContent("<script>alert(1)</script>", null, "text/html"), Stop)) { }
        using var reply = await Http.GetAsync($"{Runs}/{id}/artifacts/evil.html", Stop);
        Assert.Equal("application/octet-stream", reply.Content.Headers.ContentType!.MediaType);
        Assert.Equal("attachment", reply.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal("nosniff", reply.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Contains("sandbox", reply.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("<script>alert(1)</script>", await reply.Content.ReadAsStringAsync(Stop));
    }

    [Fact]
    public async Task A_batch_sent_again_changes_nothing_and_a_run_that_is_over_takes_nothing()
    {
        var id = await Started(new { experiment = "kinds" });
        var batch = new { metrics = new[] { new { key = "loss", value = 0.5, step = 1, at = "2030-01-01T00:00:00Z" } }, @params = new { lr = "1" } };
        await Post($"{id}/log", batch);
        await Post($"{id}/log", batch);
        Assert.Single((await Get($"{id}/metrics")).EnumerateArray());
        await Post($"{id}/end", new { status = "failed" });
        Assert.Equal("run_over", await Refused($"{id}/log", batch));
        using var late = await Http.PutAsync($"{Runs}/{id}/artifacts/late.txt", new ByteArrayContent([1]), Stop);
        Assert.Equal(HttpStatusCode.Conflict, late.StatusCode);
    }

    [Fact]
    public async Task A_long_history_comes_in_pages()
    {
        var id = await Started(new { experiment = "kinds" });
        await Post($"{id}/log", new { metrics = Enumerable.Range(0, 2500).Select(i => new { key = "loss", value = 1.0 / (i + 1), step = i }) });
        var (steps, from) = (new List<long>(), 0L);
        while ((await Get($"{id}/metrics?key=loss&from={from}")).EnumerateArray().Select(point => point.GetProperty("step").GetInt64()).ToList() is { Count: > 0 } page)
        {
            steps.AddRange(page);
            from = page[^1] + 1;
        }

        Assert.Equal(Enumerable.Range(0, 2500).Select(i => (long)i), steps);
    }

    [Fact]
    public async Task A_study_tells_its_tunes_and_the_best_of_them()
    {
        var study = await Started(new { experiment = "kinds", name = "pictures@1, import", tags = new { primary = "f1" } });
        var (low, high) = (await Tune(study, "l2=1", 0.7), await Tune(study, "l2=0.1", 0.9));
        var all = await Get("?experiment=kinds");
        Assert.Equal((study, 2, high, 0.9), (Text(all[0], "id"), all[0].GetProperty("tunes").GetInt32(), all[0].GetProperty("primary").GetProperty("best").GetString(), all[0].GetProperty("primary").GetProperty("value").GetDouble()));
        Assert.Equal([low, high], (await Get($"?parent={study}")).EnumerateArray().Select(tune => Text(tune, "id")));
        Assert.Equal(high, Text(await Get($"best?metric=f1&parent={study}"), "id"));
        Assert.Equal(low, Text(await Get("best?metric=f1&direction=minimize"), "id"));
    }

    [Fact]
    public async Task The_pages_say_what_is_best_and_show_names_as_text()
    {
        var study = await Started(new { experiment = "kinds", name = "<b>first</b>", data = "javascript:alert(1)", tags = new { primary = "f1", model = "../../x" } });
        var running = await Page("");
        Assert.Contains("hx-get=\"/projects/fruit/runs/now\"", running, StringComparison.Ordinal);
        await Tune(study, "l2=1", 0.7);
        var best = await Tune(study, "l2=0.1", 0.912);
        Assert.Contains("hx-sse:connect", await Page($"/{study}"), StringComparison.Ordinal);
        await Post($"{study}/end", new { });
        foreach (var page in (string[])["", $"/{study}", "/now"])
        {
            var html = await Page(page);
            Assert.Contains("l2=0.1</", html, StringComparison.Ordinal);
            Assert.Contains("0.912", html, StringComparison.Ordinal);
            Assert.DoesNotContain("<b>first</b>", html, StringComparison.Ordinal);
            Assert.DoesNotContain("hx-trigger=\"every", html, StringComparison.Ordinal);
            Assert.DoesNotContain("href=\"javascript:", html, StringComparison.Ordinal);
            Assert.DoesNotContain("/models/..", html, StringComparison.Ordinal);
        }

        Assert.Contains("the best of 2 tunes", await Page($"/{best}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_of_a_run_changes_while_it_runs_and_then_lets_go()
    {
        var id = await Started(new { experiment = "kinds", tags = new { primary = "f1" }, @params = new { epochs = "4" } });
        using var stream = await Http.GetStreamAsync($"/projects/fruit/runs/{id}/live", Stop);
        await using var events = SseParser.Create(stream).EnumerateAsync(Stop).GetAsyncEnumerator(Stop);
        Assert.True(await events.MoveNextAsync());
        await Post($"{id}/log", new { metrics = new[] { new { key = "f1", value = 0.25, step = 1 }, new { key = "f1", value = 0.5, step = 2 } } });
        while (!events.Current.Data.Contains("<progress value=\"0.5\"", StringComparison.Ordinal))
            Assert.True(await events.MoveNextAsync());
        Assert.Contains("<svg", events.Current.Data, StringComparison.Ordinal);
        await Post($"{id}/end", new { status = "cancelled" });
        while (events.Current.EventType != "over")
            Assert.True(await events.MoveNextAsync());
    }

    [Fact]
    public async Task Another_projects_run_is_not_there()
    {
        await Services.GetRequiredService<IProjects>().Put("steward: 1\nproject: other\n", Who.Steward, Stop);
        var id = await Started(new { experiment = "kinds" });
        foreach (var path in (string[])["", "/metrics", "/artifacts", "/artifacts/x", "/live"])
        {
            using var reply = await Http.GetAsync($"/api/projects/other/runs/{id}{path}", Stop);
            Assert.Equal(HttpStatusCode.NotFound, reply.StatusCode);
        }

        using var ended = await Http.PostAsJsonAsync($"/api/projects/other/runs/{id}/end", new { }, Stop);
        Assert.Equal(HttpStatusCode.NotFound, ended.StatusCode);
    }

    [Fact]
    public async Task Who_follows_a_study_sees_every_change_of_its_tunes_until_it_is_over()
    {
        var study = await Started(new { experiment = "kinds", tags = new { primary = "f1" } });
        using var stream = await Http.GetStreamAsync($"{Runs}/{study}/live", Stop);
        await using var events = SseParser.Create(stream).EnumerateAsync(Stop).GetAsyncEnumerator(Stop);
        Assert.True(await events.MoveNextAsync());
        Assert.Equal("run", events.Current.EventType);
        await Tune(study, "l2=1", 0.7);
        while (!events.Current.Data.Contains("\"value\":0.7", StringComparison.Ordinal))
            Assert.True(await events.MoveNextAsync());
        await Post($"{study}/end", new { });
        while (events.Current.EventType != "over")
            Assert.True(await events.MoveNextAsync());
        Assert.False(await events.MoveNextAsync());
    }

    [Fact]
    public async Task A_server_that_stops_lets_its_watchers_go()
    {
        var id = await Started(new { experiment = "kinds" });
        using var stream = await Http.GetStreamAsync($"{Runs}/{id}/live", Stop);
        await using var events = SseParser.Create(stream).EnumerateAsync(Stop).GetAsyncEnumerator(Stop);
        Assert.True(await events.MoveNextAsync());
        await Restart();
        Assert.Equal("running", Text(await Get(id), "status"));
    }

    [Theory]
    [InlineData("..%2f..%2fetc%2fpasswd")]
    [InlineData("a%5cb")]
    [InlineData("a%00b")]
    [InlineData("a//b")]
    public async Task A_file_name_that_could_be_a_path_is_refused(string name)
    {
        var id = await Started(new { experiment = "kinds" });
        using var reply = await Http.PutAsync($"{Runs}/{id}/artifacts/{name}", new ByteArrayContent([1]), Stop);
        Assert.Equal(HttpStatusCode.BadRequest, reply.StatusCode);
    }

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Services.GetRequiredService<IProjects>().Put("steward: 1\nproject: fruit\n", Who.Steward, Stop);
    }

    private async Task<string> Started(object run) => Text(await Post("", run), "id");

    private async Task<string> Tune(string study, string name, double f1)
    {
        var tune = await Started(new { experiment = "kinds", name, parent = study });
        await Post($"{tune}/log", new { metrics = new[] { new { key = "f1", value = f1 } } });
        await Post($"{tune}/end", new { });
        return tune;
    }

    private async Task<JsonElement> Post(string path, object body)
    {
        using var reply = await Http.PostAsJsonAsync($"{Runs}/{path}".TrimEnd('/'), body, Stop);
        var text = await reply.Content.ReadAsStringAsync(Stop);
        Assert.True(reply.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text).RootElement;
    }

    private async Task<string> Refused(string path, object body)
    {
        using var reply = await Http.PostAsJsonAsync($"{Runs}/{path}", body, Stop);
        return Text((await reply.Content.ReadFromJsonAsync<JsonElement>(Stop))!, "code");
    }

    private Task<JsonElement> Get(string path) => Http.GetFromJsonAsync<JsonElement>(path.StartsWith('?') ? Runs + path : $"{Runs}/{path}", Stop);

    private Task<string> Page(string path) => Http.GetStringAsync($"/projects/fruit/runs{path}", Stop);

    private static string Text(JsonElement run, string name) => run.GetProperty(name).GetString()!;
}

public class RunApiOnSqliteTests() : RunApiTests(null);

public class RunApiOnPostgresTests() : RunApiTests(TestPostgres.NewDatabase());
