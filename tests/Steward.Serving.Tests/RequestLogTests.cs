using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Steward.Identity;
using Steward.Testing;

namespace Steward.Serving.Tests;

/// <summary>What is kept of answers, what people say about them, and what goes by itself.</summary>
public sealed class RequestLogTests : IAsyncLifetime
{
    private readonly Served _host = new("endpoint: colours, unsure_under: 0.5, log: {sample: 0.2, days: 30}");
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Figures_are_kept_of_every_answer_and_pictures_of_a_share_and_of_all_unsure_ones()
    {
        await _host.Promote(await _host.Register(SmallModels.Colours(side: 8)));
        for (var i = 0; i < 100; i++)
            await Ask(Picture(250, 5, i));
        for (var i = 0; i < 20; i++)
            await Ask(Picture(120, 118, i));
        var all = await Kept(120);
        Assert.All(all, one => Assert.NotNull(one.Embedding));
        var sure = all.FindAll(one => one.Confidence >= 0.5);
        Assert.Equal((100, 20), (sure.Count, all.Count - sure.Count));
        Assert.InRange(sure.Count(one => one.Picture is not null), 5, 40);
        Assert.All(all.Except(sure), one => Assert.NotNull(one.Picture));
    }

    [Fact]
    public async Task Feedback_by_id_is_kept_listed_and_shown()
    {
        await _host.Promote(await _host.Register(SmallModels.Colours(side: 8)));
        var answer = await Ask(Picture(250, 5, 1));
        await Kept(1);
        Assert.Equal("blue", (await Say(answer.Id, new { label = "blue" })).Truth);
        var listed = Assert.Single((await _host.Http.GetFromJsonAsync<List<Prediction>>("/api/projects/shop/endpoints/colours/predictions?said=wrong", Json.Options, Stop))!);
        Assert.Equal((answer.Id, false, "blue", null), (listed.Id, listed.Right!.Value, listed.Truth, listed.Embedding));
        Assert.True((await Say(answer.Id, new { label = answer.Label })).Right);
        Assert.Empty((await _host.Http.GetFromJsonAsync<List<Prediction>>("/api/projects/shop/endpoints/colours/predictions?said=wrong", Json.Options, Stop))!);
        var page = await _host.Http.GetStringAsync($"/projects/shop/endpoints/colours/answers/{answer.Id}", Stop);
        Assert.Contains("a person said right", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/projects/shop/predictions/{0}/feedback", "{}", HttpStatusCode.BadRequest, "feedback_invalid")]
    [InlineData("/api/projects/shop/predictions/nothing/feedback", "{\"right\": true}", HttpStatusCode.NotFound, "prediction_not_found")]
    [InlineData("/api/projects/other/predictions/{0}/feedback", "{\"right\": true}", HttpStatusCode.NotFound, "prediction_not_found")]
    public async Task Feedback_that_says_nothing_or_is_about_nothing_is_refused(string path, string body, HttpStatusCode status, string code)
    {
        await _host.Services.GetRequiredService<Projects.IProjects>().Put("steward: 1\nproject: other\n", Who.Steward, Stop);
        await _host.Promote(await _host.Register(SmallModels.Colours(side: 8)));
        var answer = await Ask(Picture(250, 5, 1));
        await Kept(1);
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var reply = await _host.Http.PostAsync(string.Format(null, path, answer.Id), content, Stop);
        Assert.Equal(status, reply.StatusCode);
        Assert.Contains(code, await reply.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_people_named_is_kept_with_the_answers_it_is_about()
    {
        await _host.Promote(await _host.Register(SmallModels.Colours(side: 8)));
        var (first, second) = (await Ask(Picture(250, 5, 1)), await Ask(Picture(250, 5, 2)));
        await Kept(2);
        var log = _host.Services.GetRequiredService<IRequestLog>();
        Assert.Equal(2, await log.Named(Who.Steward, "shop", [new(first.Id, first.Label!), new(second.Id, "grey"), new("gone", "grey")], Stop));
        Assert.Equal(0, await log.Named(Who.Steward, "other", [new(first.Id, "grey")], Stop));
        Assert.Equal([new ToldCount(ToldHow.Labels, 2, 1)], await log.ToldCounts("colours", 1, Stop));
        Assert.Equal("grey", (await log.Find(second.Id, Stop))!.Truth);
    }

    [Fact]
    public async Task Answers_older_than_the_project_keeps_them_go_by_themselves_and_the_audit_says_how_many()
    {
        await _host.Promote(await _host.Register(SmallModels.Colours(side: 8)));
        var answer = await Ask(Picture(250, 5, 1));
        await Kept(1);
        var now = TimeProvider.System.GetUtcNow();
        var store = _host.Services.GetRequiredService<PredictionStore>();
        await store.Add([.. Enumerable.Range(0, 5).Select(day => new Prediction($"old-{day}", "shop", "colours", 1, now.AddDays(-28 - day), "red", 0.9, null, 0.8, null, null, 900, false))], Stop);
        Assert.Equal(3, await _host.Services.GetRequiredService<Forgetting>().Sweep(Stop));
        Assert.Equal(0, await _host.Services.GetRequiredService<Forgetting>().Sweep(Stop));
        Assert.Equal(["old-1", "old-0", answer.Id], (await store.Since("colours", null, 10, Stop)).Select(one => one.Id));
        Assert.Contains("\"answers\":3", Assert.Single(await _host.Services.GetRequiredService<Storage.Db>().All<string>("SELECT detail FROM audit_entry WHERE action = 'log.removed'", null, Stop)), StringComparison.Ordinal);
    }

    public ValueTask InitializeAsync() => _host.InitializeAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private async Task<PictureAnswer> Ask(byte[] png)
    {
        using var body = new ByteArrayContent(png);
        using var reply = await _host.Http.PostAsync("/v2/models/colours/picture", body, Stop);
        return (await reply.Content.ReadFromJsonAsync<PictureAnswer>(Json.Options, Stop))!;
    }

    private async Task<Prediction> Say(string id, object said)
    {
        using var reply = await _host.Http.PostAsJsonAsync($"/api/projects/shop/predictions/{id}/feedback", said, Stop);
        Assert.True(reply.IsSuccessStatusCode, await reply.Content.ReadAsStringAsync(Stop));
        return (await reply.Content.ReadFromJsonAsync<Prediction>(Json.Options, Stop))!;
    }

    private async Task<List<Prediction>> Kept(int count)
    {
        List<Prediction> kept = [];
        await Eventually.True($"{count} answers are kept", async () => (kept = await _host.Services.GetRequiredService<IRequestLog>().Since("colours", null, 1000, Stop)).Count >= count, Stop);
        return kept;
    }

    /// <summary>A picture of one colour; the first pixel makes it one of its kind.</summary>
    private static byte[] Picture(byte strong, byte weak, int one)
        => Drawing.Picture.FromRgb(8, 8, [.. Enumerable.Range(0, 192).Select(i => i == 0 ? (byte)one : i % 3 == 1 ? strong : weak)]).EncodePng();
}
