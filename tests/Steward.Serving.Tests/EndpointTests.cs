using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Steward.Identity;
using Steward.Models;
using Steward.Testing;

namespace Steward.Serving.Tests;

/// <summary>Promotions, the way back, the log: what an endpoint does over time.</summary>
public sealed class EndpointTests : IAsyncLifetime
{
    private readonly Served _host = new();
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_promotion_makes_the_endpoint_that_the_project_file_names()
    {
        Assert.Equal(HttpStatusCode.NotFound, (await _host.Http.GetAsync("/v2/models/colours/ready", Stop)).StatusCode);
        await _host.Promote(await _host.Register(SmallModels.Colours(side: 8)));
        var endpoint = (await Endpoints.Find("colours", Stop))!;
        Assert.Equal(("shop", "colours", 1), (endpoint.Project, endpoint.Model, endpoint.LiveVersion));
        var acknowledged = Assert.Single(await Promotions.Acknowledged("shop", "colours", stop: Stop));
        Assert.Equal(endpoint.Epoch, acknowledged.Epoch);
    }

    [Fact]
    public async Task No_request_fails_while_promotions_go_back_and_forth()
    {
        await _host.ServeTwo();
        using var over = new CancellationTokenSource();
        var answers = new ConcurrentQueue<string>();
        var callers = Enumerable.Range(0, 8).Select(_ => Task.Run(() => Call(answers, over.Token))).ToList();
        foreach (var version in new[] { 1, 2, 1, 2, 1, 2 })
        {
            await _host.Promote(version);
            var before = answers.Count;
            await Eventually.True($"version {version} answers", () => callers.Exists(caller => caller.IsFaulted) || answers.Skip(before).Contains($"{version}"), Stop);
        }

        await over.CancelAsync();
        await Task.WhenAll(callers);
    }

    [Fact]
    public async Task The_way_back_serves_the_version_before_and_says_why_in_the_history()
    {
        await _host.ServeTwo();
        using var reply = await _host.Http.PostAsJsonAsync("/api/projects/shop/endpoints/colours/rollback", new { reason = "it sees ghosts" }, Stop);
        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        await _host.Follows(1);
        var last = (await Promotions.History("shop", "colours", stop: Stop))[0];
        Assert.Equal((MoveKind.Back, 1, "it sees ghosts"), (last.Kind, last.Version, last.Reason));
    }

    [Fact]
    public async Task Every_answer_is_in_the_log_after_a_graceful_stop()
    {
        await _host.ServeTwo();
        var ids = new List<string>();
        for (var i = 0; i < 40; i++)
            ids.Add((await Ask()).Prediction);
        await _host.Restart();
        var kept = await _host.Services.GetRequiredService<IRequestLog>().Since("colours", null, 1000, Stop);
        Assert.Equal(ids.Order(), kept.Select(one => one.Id).Order());
        Assert.All(kept, one => Assert.Equal(("green", 2, 3), (one.Label, one.Version, one.Embedding!.Length)));
    }

    [Fact]
    public async Task What_a_person_says_about_an_answer_is_kept_with_it()
    {
        await _host.ServeTwo();
        var (_, id) = await Ask();
        await _host.Restart();
        await _host.Follows(2);
        using var reply = await _host.Http.PostAsJsonAsync("/v2/models/colours/feedback", new { id, right = false, label = "blue" }, Stop);
        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        var found = await _host.Services.GetRequiredService<IRequestLog>().Find(id, Stop);
        Assert.Equal((false, "blue"), (found!.Right, found.Truth));
    }

    [Fact]
    public async Task A_restart_serves_what_was_promoted_before()
    {
        await _host.ServeTwo();
        await _host.Restart();
        await _host.Follows(2);
        Assert.Equal("2", (await Ask()).Version);
    }

    [Fact]
    public async Task The_page_names_the_version_and_the_way_back()
    {
        await _host.ServeTwo();
        var page = await _host.Http.GetStringAsync("/projects/shop/endpoints/colours", Stop);
        Assert.Contains("Answers with colours@2", page, StringComparison.Ordinal);
        Assert.Contains("Go back to colours@1", page, StringComparison.Ordinal);
        Assert.Contains("serves colours@2", await _host.Http.GetStringAsync("/projects/shop/endpoints", Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Versions_are_asked_about_the_same_pictures_off_the_record()
    {
        await _host.ServeTwo();
        await _host.Promote(await _host.Register(SmallModels.Colours(redBias: -50, side: 8)));
        var green = (await _host.Services.GetRequiredService<Blobs.IBlobs>().Put(Drawing.Picture.FromRgb(8, 8, [.. Enumerable.Repeat((byte[])[0, 200, 0], 64).SelectMany(pixel => pixel)]).EncodePng(), Stop)).Digest;
        var said = new List<string?>();
        foreach (var version in new[] { 1, 2, 3 })
        {
            var scores = await Endpoints.Score("colours", version, [green, Digest.Of("gone"), green], Stop);
            Assert.Equal((3, null), (scores.Count, scores[1]));
            Assert.Equal(3, scores[2]!.Embedding!.Length);
            said.Add(scores[0]?.Label);
        }

        Assert.Equal(["red", "green", "green"], said);
        await _host.Restart();
        Assert.Empty(await _host.Services.GetRequiredService<IRequestLog>().Newest("colours", 10, stop: Stop));
        Assert.Equal("model_version_not_found", (await Assert.ThrowsAsync<ProblemException>(async () =>
        {
            await _host.Follows(3);
            await Endpoints.Score("colours", 9, [green], Stop);
        })).Code);
    }

    [Fact]
    public async Task A_threshold_that_is_no_share_is_refused()
    {
        await _host.ServeTwo();
        var refused = await Assert.ThrowsAsync<ProblemException>(() => Endpoints.AbstainUnder(Who.Steward, "colours", 1.5, "why", Stop));
        Assert.Equal("threshold_invalid", refused.Code);
    }

    public ValueTask InitializeAsync() => _host.InitializeAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private IEndpoints Endpoints => _host.Services.GetRequiredService<IEndpoints>();

    private IPromotions Promotions => _host.Services.GetRequiredService<IPromotions>();

    private async Task Call(ConcurrentQueue<string> answers, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
            answers.Enqueue((await Ask()).Version);
    }

    private async Task<(string Version, string Prediction)> Ask()
    {
        var pixels = Enumerable.Repeat((int[])[0, 200, 0], 64).SelectMany(pixel => pixel);
        using var reply = await _host.Http.PostAsJsonAsync("/v2/models/colours/infer", new { inputs = new[] { new { name = "image", shape = new[] { 1, 8, 8, 3 }, datatype = "UINT8", data = pixels } } }, Stop);
        var text = await reply.Content.ReadAsStringAsync(Stop);
        Assert.True(reply.IsSuccessStatusCode, text);
        var root = JsonDocument.Parse(text).RootElement;
        return (root.GetProperty("model_version").GetString()!, root.GetProperty("parameters").GetProperty("prediction").GetString()!);
    }
}
