using Steward.Testing;

namespace Steward.Data.Tests;

/// <summary>Drafts over HTTP, on both databases.</summary>
public abstract class UploadTests(string? db) : Shop(db)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_draft_becomes_a_snapshot()
    {
        var draft = await Draft();
        var said = await Send(draft, ("apple/1.png", Picture(1)), ("pear/1.png", Picture(2)));
        Assert.Equal(200, said.Status);
        var snapshot = await Commit(draft);
        Assert.Equal(("pictures@1", 2, 2, Reason.Import, false), (snapshot.Reference, snapshot.Items, snapshot.NewItems, snapshot.Reason, snapshot.Unchanged));
        Assert.Equal(Picture(1).Length + Picture(2).Length, snapshot.NewBytes);
        var items = await Sets.Items((await Sets.Find("shop", "pictures", stop: Stop))!, Stop);
        Assert.Equal([("apple/1.png", "apple", "import"), ("pear/1.png", "pear", "import")], items.Select(item => (item.Key, item.Label, item.Source)));
    }

    [Fact]
    public async Task A_draft_survives_a_restart_between_batches()
    {
        var draft = await Draft();
        await Send(draft, ("apple/1.png", Picture(1)));
        await Restart();
        await Send(draft, ("apple/2.png", Picture(2)));
        Assert.Equal(2, (await Commit(draft)).Items);
    }

    [Fact]
    public async Task Four_thousand_pictures_go_in_batches()
    {
        var pictures = Enumerable.Range(0, 4000).Select(i => UploadItem.Of($"kind-{i % 16}/{i}.png", Split.Train, Picture(i)));
        var seen = new List<UploadProgress>();
        using var server = Server;
        var snapshot = await PictureUpload.Send(server, "shop", "pictures", pictures, new Seen(seen), Stop);
        Assert.Equal((4000, 4000), (snapshot.Items, seen[^1].Items));
        Assert.Equal(8, seen.Count);
    }

    [Fact]
    public async Task Two_drafts_at_once_know_nothing_of_each_other()
    {
        var (first, second) = (await Draft(), await Draft());
        await Task.WhenAll(Send(first, ("apple/1.png", Picture(1))), Send(second, ("apple/1.png", Picture(2)), ("apple/2.png", Picture(3))));
        var both = await Task.WhenAll(Commit(first), Commit(second));
        Assert.Equal([1, 2], both.Select(snapshot => snapshot.Version).Order());
        Assert.Equal(2, (await Sets.Find("shop", "pictures", stop: Stop))!.Items);
    }

    [Fact]
    public async Task A_draft_that_brings_nothing_new_makes_no_version()
    {
        await Added(("apple/1.png", Picture(1)));
        var again = await Added(("apple/1.png", Picture(1)));
        Assert.Equal((1, true), (again.Version, again.Unchanged));
        Assert.Equal(1, (await Commit(await Draft())).Version);
    }

    [Fact]
    public async Task A_next_version_costs_only_its_new_bytes()
    {
        await Added(("apple/1.png", Picture(1)), ("apple/2.png", Picture(2)));
        var next = await Added(("apple/1.png", Picture(1)), ("apple/3.png", Picture(3)), ("apple/copy.png", Picture(2)));
        Assert.Equal(("pictures@2", 4, 2, (long)Picture(3).Length), (next.Reference, next.Items, next.NewItems, next.NewBytes));
    }

    [Fact]
    public async Task The_digest_tells_the_content_whatever_the_order_and_the_batches()
    {
        var pictures = Enumerable.Range(0, 40).Select(i => ($"kind-{i % 3}/{i}.png", Picture(i))).ToArray();
        var one = await Added(pictures);
        var draft = await Draft("others");
        foreach (var some in pictures.Reverse().Chunk(7))
            Assert.Equal(200, (await Send(draft, "others", some)).Status);
        Assert.Equal(one.Digest, (await Commit(draft, "others")).Digest);
    }

    [Fact]
    public async Task A_batch_sent_again_counts_once_and_the_later_of_a_key_stays()
    {
        var draft = await Draft();
        await Send(draft, ("apple/1.png", Picture(1)), ("apple/2.png", Picture(2)));
        await Send(draft, ("apple/1.png", Picture(1)), ("apple/2.png", Picture(9)));
        var snapshot = await Commit(draft);
        Assert.Equal(2, snapshot.Items);
        Assert.Equal(Digest.Of(Picture(9)), (await ByKey())["apple/2.png"].Blob);
    }

    [Fact]
    public async Task A_key_twice_in_a_batch_is_refused()
    {
        var said = await Send(await Draft(), ("apple/1.png", Picture(1)), ("apple/1.png", Picture(2)));
        Assert.Equal((400, "item_twice"), (said.Status, said.Code));
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("/etc/passwd")]
    [InlineData("apple\\1.png")]
    [InlineData("apple//1.png")]
    [InlineData("apple/./1.png")]
    [InlineData("apple/1\u0000.png")]
    [InlineData("apple/\r\nX: y.png")]
    [InlineData("")]
    public async Task A_key_that_could_be_a_path_is_refused(string key)
    {
        var said = await SendRaw(await Draft(), Json.Write(new[] { new { key, label = "apple", split = "train", file = "f" } }), ("f", Picture(1)));
        Assert.Equal((400, "item_invalid"), (said.Status, said.Code));
    }

    [Fact]
    public async Task Markup_in_a_key_is_a_name_like_any_other()
    {
        const string key = "<img src=x onerror=alert(1)>/\"'&\u202e.png";
        await Added((key, Picture(1)));
        Assert.Equal("<img src=x onerror=alert(1)>", (await ByKey())[key].Label);
        foreach (var page in (string[])["data", "data/pictures", "data/pictures/diff?from=1&to=1", "data/pictures/grid?label=%3Cimg%20src%3Dx%20onerror%3Dalert%281%29%3E"])
            Assert.DoesNotContain("<img src=x", await Http.GetStringAsync($"/projects/shop/{page}", Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_pages_show_the_first_pictures_and_fetch_the_others_when_they_are_wanted()
    {
        await Added([.. Enumerable.Range(0, 100).Select(i => ($"kind-{i % 2}/{i:000}.png", Picture(i)))]);
        var page = await Http.GetStringAsync("/projects/shop/data/pictures?label=kind-1", Stop);
        Assert.Equal(50, page.Split("<figure>").Length - 1);
        page = await Http.GetStringAsync("/projects/shop/data/pictures", Stop);
        Assert.Equal(96, page.Split("<figure>").Length - 1);
        var next = System.Net.WebUtility.HtmlDecode(page.Split("class=\"more\"")[1].Split("hx-get=\"")[1].Split('"')[0]);
        Assert.Equal(4, (await Http.GetStringAsync(next, Stop)).Split("<figure>").Length - 1);
    }

    [Fact]
    public async Task A_picture_that_cannot_be_read_is_refused_by_its_key()
    {
        var draft = await Draft();
        var said = await Send(draft, ("apple/1.png", Picture(1)), ("apple/cut.png", Picture(2)[..40]), ("apple/text.png", "no picture"u8.ToArray()));
        Assert.Equal((400, "picture_broken"), (said.Status, said.Code));
        Assert.Contains("'apple/cut.png'", said.Detail, StringComparison.Ordinal);
        Assert.Contains("'apple/text.png'", said.Detail, StringComparison.Ordinal);
        Assert.Equal("snapshot_empty", (await Assert.ThrowsAsync<ProblemException>(() => Commit(draft))).Code);
    }

    [Fact]
    public async Task Broken_pictures_can_be_left_out_of_a_batch_and_how_the_others_look_is_kept()
    {
        var draft = await Draft();
        using var body = new MultipartFormDataContent { { new StringContent("""[{"key":"train/a/1.png","split":"train","file":"f1"},{"key":"a/2.png","split":"train","file":"f2"},{"key":"a/3.png","split":"test","file":"f3"}]""", System.Text.Encoding.UTF8, "application/json"), "items" } };
        foreach (var (name, bytes) in new[] { ("f1", Picture(1)), ("f2", "no picture"u8.ToArray()), ("f3", Picture(1, 8)) })
            body.Add(new ByteArrayContent(bytes), name, name);
        var said = await Said.By(await Http.PostAsync($"{Data}/pictures/drafts/{draft}/items?skipBroken=true", body, Stop));
        Assert.Contains("\"refused\":[{\"key\":\"a/2.png\",\"code\":\"picture_unknown_format\"", said.Body, StringComparison.Ordinal);
        Assert.Equal(2, (await Commit(draft)).Items);
        var check = await Said.By(await Http.GetAsync($"{Data}/pictures/1/check?by=pixels", Stop));
        Assert.Contains("\"leaks\":1", check.Body, StringComparison.Ordinal);
        await Restart();
        Assert.Equal(check.Body, (await Said.By(await Http.GetAsync($"{Data}/pictures/1/check?by=pixels", Stop))).Body);
    }

    [Fact]
    public async Task A_picture_of_a_billion_pixels_or_of_17_megabytes_is_refused_by_its_key()
    {
        var bomb = Picture(1);
        (bomb[16], bomb[17], bomb[20], bomb[21]) = (0x7f, 0xff, 0x7f, 0xff);
        var huge = new byte[(16 << 20) + 1];
        Picture(1).CopyTo(huge, 0);
        foreach (var bytes in (byte[][])[bomb, huge])
        {
            var said = await Send(await Draft(), ("apple/1.png", bytes));
            Assert.Equal((413, "picture_too_large"), (said.Status, said.Code));
            Assert.Contains("'apple/1.png'", said.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_batch_holds_500_pictures_and_64_megabytes_at_most()
    {
        var many = await Send(await Draft(), [.. Enumerable.Range(0, 501).Select(i => ($"apple/{i}.png", Picture(0)))]);
        Assert.Equal((400, "batch_too_large"), (many.Status, many.Code));
        Assert.Equal(200, (await Send(await Draft(), [.. Enumerable.Range(0, 500).Select(i => ($"apple/{i}.png", Picture(0)))])).Status);
        var draft = await Draft();
        using var heavy = new HttpRequestMessage(HttpMethod.Post, $"{Data}/pictures/drafts/{draft}/items") { Content = new ByteArrayContent(new byte[(66 << 20) + 1]), Headers = { ExpectContinue = true } };
        heavy.Content.Headers.ContentType = new("multipart/form-data") { Parameters = { new("boundary", "b") } };
        var said = await Said.By(await Http.SendAsync(heavy, Stop));
        Assert.Equal((413, "too_large"), (said.Status, said.Code));
    }

    [Theory]
    [InlineData("[]", "batch_too_large")]
    [InlineData("{}", "items_invalid")]
    [InlineData("[null]", "items_invalid")]
    [InlineData("[{\"key\":\"a/1.png\",\"split\":\"sideways\",\"file\":\"f\"}]", "items_invalid")]
    [InlineData("[{\"key\":\"a/1.png\",\"split\":\"train\"}]", "item_invalid")]
    [InlineData("[{\"key\":\"1.png\",\"split\":\"train\",\"file\":\"f\"}]", "item_invalid")]
    [InlineData("[{\"key\":\"a/1.png\",\"split\":\"train\",\"file\":\"other\"}]", "part_unknown")]
    [InlineData("[{\"key\":\"a/1.png\",\"file\":\"f\"},{\"key\":\"a/2.png\",\"file\":\"f\"}]", "item_twice")]
    [InlineData("[{\"key\":\"a/1.png\",\"file\":\"f\"},{\"key\":\"a/2.png\",\"file\":\"g\"}]", "file_missing")]
    public async Task Items_that_do_not_fit_are_refused_in_words(string items, string code)
    {
        var said = await SendRaw(await Draft(), items, ("f", Picture(1)));
        Assert.Equal((400, code), (said.Status, said.Code));
    }

    [Fact]
    public async Task A_draft_that_is_gone_takes_nothing()
    {
        var draft = await Draft();
        using (var dropped = await Http.DeleteAsync($"{Data}/pictures/drafts/{draft}", Stop))
            Assert.True(dropped.IsSuccessStatusCode);
        Assert.Equal((404, "draft_not_found"), Told(await Send(draft, ("apple/1.png", Picture(1)))));
        Assert.Equal((404, "draft_not_found"), Told(await Send(await Draft("others"), ("apple/1.png", Picture(1)))));
    }

    [Fact]
    public async Task What_the_data_tests_refuse_can_be_mended_and_committed()
    {
        await Project("shop", "data: {pictures: {expect: [{check: min_rows_per_class, value: 2}]}}\n");
        var draft = await Draft();
        await Send(draft, ("apple/1.png", Picture(1)));
        Assert.Equal("data_test_failed", (await Assert.ThrowsAsync<ProblemException>(() => Commit(draft))).Code);
        await Send(draft, ("apple/2.png", Picture(2)));
        Assert.Equal(2, (await Commit(draft)).Items);
    }

    [Fact]
    public async Task Splits_that_nobody_chose_follow_the_shares_and_stay()
    {
        await Project("shop", "data: {pictures: {split: {train: 0.6, valid: 0.2, test: 0.2, seed: 3}}}\n");
        await Unsplit(await Draft(), 50);
        var first = await ByKey();
        Assert.Equal([(Split.Train, 60), (Split.Valid, 20), (Split.Test, 20)], first.Values.CountBy(item => item.Split).Select(pair => (pair.Key, pair.Value)).Order());
        Assert.All(first.Values.GroupBy(item => (item.Label, item.Split)), cell => Assert.Equal(cell.Key.Split is Split.Train ? 30 : 10, cell.Count()));
        await Unsplit(await Draft(), 80);
        var next = await ByKey();
        Assert.All(first, item => Assert.Equal(item.Value.Split, next[item.Key].Split));
        Assert.Equal([(Split.Train, 96), (Split.Valid, 32), (Split.Test, 32)], next.Values.CountBy(item => item.Split).Select(pair => (pair.Key, pair.Value)).Order());
    }

    private static (int, string) Told(Said said) => (said.Status, said.Code);

    private async Task Unsplit(string draft, int each)
    {
        var keys = Enumerable.Range(0, each).SelectMany(i => new[] { $"apple/{i}.png", $"pear/{i}.png" }).ToList();
        var said = await SendRaw(draft, Json.Write(keys.Select((key, i) => new { key, file = $"f{i}" })), [.. keys.Select((_, i) => ($"f{i}", Picture(i)))]);
        Assert.Equal(200, said.Status);
        await Commit(draft);
    }

    private async Task<SnapshotView> Added(params (string Key, byte[] Bytes)[] pictures)
    {
        var draft = await Draft();
        var said = await Send(draft, pictures);
        Assert.True(said.Status == 200, said.Body);
        return await Commit(draft);
    }

    private async Task<Dictionary<string, Item>> ByKey() => (await Sets.Items((await Sets.Find("shop", "pictures", stop: Stop))!, Stop)).ToDictionary(item => item.Key);

    private sealed class Seen(List<UploadProgress> all) : IProgress<UploadProgress>
    {
        public void Report(UploadProgress value) => all.Add(value);
    }
}

public class UploadOnSqliteTests() : UploadTests(null);

public class UploadOnPostgresTests() : UploadTests(TestPostgres.NewDatabase());
