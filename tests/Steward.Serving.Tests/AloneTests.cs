using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Steward.Models;
using Steward.Serving.Alone;
using Steward.Testing;

namespace Steward.Serving.Tests;

/// <summary>One model from a folder, without the rest of the house.</summary>
public sealed class AloneTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_answers_with_the_protocol_and_has_no_other_page()
    {
        await using var app = await Start(Folder());
        using var http = new HttpClient { BaseAddress = new(app.Urls.First()) };
        Assert.Contains("\"versions\":[\"7\"]", await http.GetStringAsync("/v2/models/colours", Stop), StringComparison.Ordinal);
        Assert.Contains("colours", await http.GetStringAsync("/v2/models", Stop), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await Status(http, "/v2/health/ready"));
        foreach (var path in new[] { "/", "/api/projects", "/sign-in", "/metrics", "/v2/models/other", "/v2/models/colours/versions/8" })
            Assert.Equal(HttpStatusCode.NotFound, await Status(http, path));
        using var feedback = await http.PostAsync("/v2/models/colours/feedback", new StringContent("{}"), Stop);
        Assert.Equal(HttpStatusCode.NotFound, feedback.StatusCode);
    }

    [Fact]
    public async Task With_a_token_only_who_brings_it_may_ask_and_health_is_free()
    {
        await using var app = await Start(Folder(), token: "a-long-secret");
        using var http = new HttpClient { BaseAddress = new(app.Urls.First()) };
        Assert.Equal(HttpStatusCode.OK, await Status(http, "/v2/health/live"));
        Assert.Equal(HttpStatusCode.Unauthorized, await Status(http, "/v2/models"));
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "another");
        Assert.Equal(HttpStatusCode.Unauthorized, await Status(http, "/v2/models"));
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "a-long-secret");
        Assert.Equal(HttpStatusCode.OK, await Status(http, "/v2/models"));
    }

    [Fact]
    public async Task Other_machines_reach_it_only_when_somebody_said_how_they_are_kept_apart()
    {
        using var model = (await AloneModel.Read(Folder(), Stop)).Loaded;
        var refused = Assert.Throws<ProblemException>(() => AloneServer.Build(new(new("p", "m", 1, Digest.Of("x"), "m", null), model), new("0.0.0.0", 0, Plain: false, null, null, null)));
        Assert.Contains("--plain", refused.Try, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_with_another_model_than_it_says_is_refused()
    {
        var folder = Folder();
        await File.WriteAllBytesAsync(Path.Combine(folder.FullName, ModelFolder.OnnxFile), SmallModels.Colours(2), Stop);
        Assert.Equal("model_changed", (await Assert.ThrowsAsync<ProblemException>(() => AloneModel.Read(folder, Stop))).Code);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("not json")]
    [InlineData("{\"form\":2}")]
    public async Task A_folder_that_does_not_say_what_it_holds_is_refused(string about)
    {
        var folder = Folder();
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, ModelFolder.AboutFile), about, Stop);
        Assert.Equal("model_folder_invalid", (await Assert.ThrowsAsync<ProblemException>(() => AloneModel.Read(folder, Stop))).Code);
        Assert.Equal("file_not_found", (await Assert.ThrowsAsync<ProblemException>(() => AloneModel.Read(new(TestFolder.New()), Stop))).Code);
    }

    private static DirectoryInfo Folder()
    {
        var folder = new DirectoryInfo(TestFolder.New());
        var onnx = SmallModels.Colours();
        File.WriteAllBytes(Path.Combine(folder.FullName, ModelFolder.OnnxFile), onnx);
        File.WriteAllText(Path.Combine(folder.FullName, ModelFolder.AboutFile), Json.Write(new ModelFolder("paint", "colours", 7, Digest.Of(onnx), "colours", SmallModels.Kinds)));
        return folder;
    }

    private static async Task<WebApplication> Start(DirectoryInfo folder, string? token = null)
    {
        var app = AloneServer.Build(await AloneModel.Read(folder, Stop), new("127.0.0.1", 0, Plain: false, null, null, token));
        await app.StartAsync(Stop);
        return app;
    }

    private static async Task<HttpStatusCode> Status(HttpClient http, string path)
    {
        using var reply = await http.GetAsync(path, Stop);
        return reply.StatusCode;
    }
}
