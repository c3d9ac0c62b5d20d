using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Steward.Data.Tests;

/// <summary>What readers of a project see of its data.</summary>
public sealed class ReadTests() : Shop(null)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_version_is_told_in_counts()
    {
        await Two();
        var one = await Get("pictures/1");
        Assert.Equal(3, one.GetProperty("snapshot").GetProperty("items").GetInt32());
        Assert.Equal("""{"train":2,"valid":0,"test":1}""", one.GetProperty("splits").GetRawText());
        Assert.Equal("""{"apple":2,"pear":1}""", one.GetProperty("labels").GetRawText());
        Assert.Equal("""{"import":2,"noto":1}""", one.GetProperty("sources").GetRawText());
        Assert.Equal(Picture(1).Length + Picture(2).Length, one.GetProperty("bytes").GetInt64());
        Assert.Equal([2, 1], (await Get("pictures")).EnumerateArray().Select(version => version.GetProperty("version").GetInt32()));
        Assert.Equal("pictures@2", Assert.Single((await Get("")).EnumerateArray()).GetProperty("reference").GetString());
    }

    [Fact]
    public async Task Items_come_in_pages_by_split_label_and_source()
    {
        await Two();
        Assert.Equal(["apple/1.png", "apple/2.png", "pear/1.png"], await Keys("pictures/1/items"));
        Assert.Equal(["apple/1.png", "pear/1.png"], await Keys("pictures/1/items?split=train"));
        Assert.Equal(["apple/2.png"], await Keys("pictures/1/items?split=test&label=apple"));
        Assert.Equal(["apple/2.png"], await Keys("pictures/1/items?source=noto"));
        Assert.Equal(["apple/2.png"], await Keys("pictures/1/items?after=apple/1.png&limit=1"));
        Assert.Equal("split_invalid", (await Said.By(await Http.GetAsync($"{Data}/pictures/1/items?split=sideways", Stop))).Code);
    }

    [Fact]
    public async Task Two_versions_are_told_apart()
    {
        await Two();
        var diff = await Get("pictures/diff");
        Assert.Equal("""[1,0,1]""", Json.Write(new[] { "addedCount", "removedCount", "changedCount" }.Select(name => diff.GetProperty(name).GetInt32())));
        Assert.Equal("pear/2.png", diff.GetProperty("added")[0].GetProperty("key").GetString());
        Assert.Equal("apple", diff.GetProperty("changed")[0].GetProperty("before").GetProperty("label").GetString());
        Assert.Equal("pear", diff.GetProperty("changed")[0].GetProperty("after").GetProperty("label").GetString());
        Assert.Equal(1, (await Get("pictures/diff?from=2&to=1")).GetProperty("removedCount").GetInt32());
    }

    [Fact]
    public async Task A_picture_is_given_as_what_it_is_and_kept_for_ever()
    {
        await Two();
        using var reply = await Http.GetAsync($"/api/projects/shop/pictures/{Digest.Of(Picture(1))}", Stop);
        Assert.Equal("image/png", reply.Content.Headers.ContentType!.MediaType);
        Assert.Equal("nosniff", reply.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal(["immutable", "max-age=31536000", "private"], reply.Headers.GetValues("Cache-Control").SelectMany(value => value.Split(", ")).Order());
        Assert.Equal(Picture(1), await reply.Content.ReadAsByteArrayAsync(Stop));
        using var again = new HttpRequestMessage(HttpMethod.Get, reply.RequestMessage!.RequestUri) { Headers = { IfNoneMatch = { reply.Headers.ETag! } } };
        using var same = await Http.SendAsync(again, Stop);
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
    }

    [Fact]
    public async Task A_picture_is_only_there_for_the_projects_that_hold_it()
    {
        await Two();
        await Project("other");
        var drafted = Picture(77);
        await Send(await Draft(), ("apple/77.png", drafted));
        foreach (var address in (string[])[$"other/pictures/{Digest.Of(Picture(1))}", $"shop/pictures/{Digest.Of(drafted)}", "shop/pictures/..%2f..%2fkeys", $"shop/pictures/{(await Sets.Find("shop", "pictures", stop: Stop))!.Manifest}"])
        {
            using var reply = await Http.GetAsync($"/api/projects/{address}", Stop);
            Assert.Equal(HttpStatusCode.NotFound, reply.StatusCode);
        }
    }

    [Theory]
    [InlineData("none", "data_set_not_found")]
    [InlineData("none/1", "data_set_not_found")]
    [InlineData("pictures/9", "snapshot_not_found")]
    [InlineData("pictures/9/items", "snapshot_not_found")]
    [InlineData("pictures/diff?from=1&to=9", "snapshot_not_found")]
    public async Task What_is_not_there_is_said_by_name(string path, string code)
    {
        await Two();
        var said = await Said.By(await Http.GetAsync($"{Data}/{path}", Stop));
        Assert.Equal((404, code), (said.Status, said.Code));
    }

    private async Task Two()
    {
        var draft = await Draft();
        await SendRaw(draft, """[{"key":"apple/1.png","split":"train","file":"a"},{"key":"apple/2.png","split":"test","source":"noto","file":"b"},{"key":"pear/1.png","split":"train","file":"c"}]""",
            ("a", Picture(1)), ("b", Picture(2)), ("c", Picture(1)));
        await Commit(draft);
        var next = await Draft();
        await SendRaw(next, """[{"key":"apple/1.png","label":"pear","split":"train","file":"a"},{"key":"pear/2.png","split":"train","file":"b"}]""", ("a", Picture(1)), ("b", Picture(4)));
        await Commit(next);
    }

    private async Task<IEnumerable<string>> Keys(string path) => (await Get(path)).EnumerateArray().Select(item => item.GetProperty("key").GetString()!);

    private Task<JsonElement> Get(string path) => Http.GetFromJsonAsync<JsonElement>($"{Data}/{path}", Stop);
}
