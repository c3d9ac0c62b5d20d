using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Steward.Attack.Tests;

/// <summary>SEC-01, 02, 18 for what comes in parts: no key, label, part name, file name or file of a run becomes a path, and a broken batch is refused in words.</summary>
public class Sec02_UploadTests(Town town)
{
    private const string Data = $"/api/projects/{Town.Home}/data/pictures", Runs = $"/api/projects/{Town.Home}/runs";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static byte[] Picture
    {
        get
        {
            using var png = typeof(Host.Platform).Assembly.GetManifestResourceStream("fruit/noto/apple.png")!;
            using var bytes = new MemoryStream();
            png.CopyTo(bytes);
            return bytes.ToArray();
        }
    }

    [Theory]
    [InlineData("key")]
    [InlineData("label")]
    [InlineData("split")]
    [InlineData("source")]
    [InlineData("file")]
    public async Task No_word_of_an_item_becomes_a_path(string field)
    {
        using var http = town.As("editor");
        var draft = await Draft(http);
        foreach (var value in Vectors.Values.Concat(Vectors.Paths.Select(Uri.UnescapeDataString)).Append("CON").Append(".."))
        {
            var item = new Dictionary<string, string> { ["key"] = "apple/1.png", ["label"] = "apple", ["split"] = "train", ["file"] = "f", [field] = value };
            await Batch(http, draft, JsonSerializer.Serialize(new[] { item }), ("f", "f"));
        }

        await Commit(http, draft);
        NothingButBlobs();
    }

    [Fact]
    public async Task No_name_of_a_part_or_file_becomes_a_path()
    {
        using var http = town.As("editor");
        var draft = await Draft(http);
        foreach (var name in Vectors.Paths.Concat(["../../../etc/cron.d/x", "a/../../b", "C:\\x", "f\"; filename=\"../../x"]))
        {
            await Batch(http, draft, """[{"key":"apple/1.png","split":"train","file":"f"}]""", ("f", name));
            await Batch(http, draft, JsonSerializer.Serialize(new[] { new { key = "apple/1.png", split = "train", file = name } }), (name, "x"));
        }

        NothingButBlobs();
    }

    [Theory]
    [InlineData("--b\r\n")]
    [InlineData("--b--\r\n")]
    [InlineData("--b\r\nContent-Disposition: form-data; name=items\r\n\r\n[")]
    [InlineData("--b\r\nContent-Disposition: form-data; name=items\r\n\r\n[]\r\n--b--\r\n")]
    [InlineData("--b\r\nContent-Disposition: form-data; name=items\r\nContent-Disposition: form-data; name=f\r\n\r\n[{}]\r\n--b--\r\n")]
    [InlineData("--b\r\nContent-Disposition: attachment\r\n\r\n[{}]\r\n--b--\r\n")]
    [InlineData("--b\r\n\r\n[{}]\r\n--b--\r\n")]
    [InlineData("--b\r\nContent-Disposition: form-data; name=items\r\n\r\n{\"$type\":\"System.Diagnostics.Process\"}\r\n--b--\r\n")]
    [InlineData("no parts at all")]
    [InlineData("")]
    public async Task A_batch_that_is_none_is_refused_in_words(string body)
    {
        using var http = town.As("editor");
        await Raw(http, await Draft(http), "multipart/form-data; boundary=b", body, HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("multipart/form-data")]
    [InlineData("multipart/form-data; boundary=")]
    [InlineData("multipart/mixed; boundary=b")]
    [InlineData("application/json")]
    [InlineData("text/html; boundary=b")]
    public async Task A_batch_of_another_type_is_refused_in_words(string type)
    {
        using var http = town.As("editor");
        await Raw(http, await Draft(http), type, "--b--\r\n", HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Heads_without_end_and_parts_without_end_are_refused()
    {
        using var http = town.As("editor");
        var draft = await Draft(http);
        var header = string.Concat(Enumerable.Repeat("X-Filler: " + new string('x', 200) + "\r\n", 100));
        await Raw(http, draft, "multipart/form-data; boundary=b", $"--b\r\nContent-Disposition: form-data; name=items\r\n{header}\r\n[]\r\n--b--\r\n", HttpStatusCode.BadRequest);
        var parts = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"--b\r\nContent-Disposition: form-data; name=p{i}\r\n\r\nx\r\n"));
        await Raw(http, draft, "multipart/form-data; boundary=b", $"--b\r\nContent-Disposition: form-data; name=items\r\n\r\n[{{\"key\":\"a/1.png\",\"file\":\"f\"}}]\r\n{parts}--b--\r\n", HttpStatusCode.BadRequest);
        await Raw(http, draft, "multipart/form-data; boundary=b", $"--b\r\nContent-Disposition: form-data; name=items\r\n\r\n[{new string(' ', 2 << 20)}]\r\n--b--\r\n", HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Somebody_elses_draft_is_not_there()
    {
        using var editor = town.As("editor");
        using var admin = town.As("admin");
        var draft = await Draft(editor);
        using var commit = await admin.PostAsJsonAsync($"{Data}/drafts/{draft}/commit", new { }, Stop);
        using var drop = await admin.DeleteAsync($"{Data}/drafts/{draft}", Stop);
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (commit.StatusCode, drop.StatusCode));
        await Raw(admin, draft, "multipart/form-data; boundary=b", "--b--\r\n", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task No_name_of_a_runs_file_becomes_a_path()
    {
        using var http = town.As("editor");
        using var started = await http.PostAsJsonAsync(Runs, new { experiment = "kinds" }, Stop);
        var id = (await started.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("id").GetString();
        foreach (var name in Vectors.Paths)
            foreach (var method in (HttpMethod[])[HttpMethod.Put, HttpMethod.Get])
            {
                using var request = new HttpRequestMessage(method, new Uri($"{town.Url}{Runs}/{id}/artifacts/{name}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
                if (method == HttpMethod.Put)
                    request.Content = new ByteArrayContent("mine"u8.ToArray());
                using var reply = await http.SendAsync(request, Stop);
                Vectors.AssertHarmless($"{method} {name}", (int)reply.StatusCode, await reply.Content.ReadAsStringAsync(Stop));
            }

        NothingButBlobs();
    }

    private static async Task<string> Draft(HttpClient http)
    {
        using var reply = await http.PostAsJsonAsync($"{Data}/drafts", new { }, Stop);
        var text = await reply.Content.ReadAsStringAsync(Stop);
        Assert.True(reply.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text).RootElement.GetProperty("id").GetString()!;
    }

    private static async Task Commit(HttpClient http, string draft)
    {
        using var reply = await http.PostAsJsonAsync($"{Data}/drafts/{draft}/commit", new { }, Stop);
        Vectors.AssertHarmless("commit", (int)reply.StatusCode, await reply.Content.ReadAsStringAsync(Stop));
    }

    private static async Task Batch(HttpClient http, string draft, string items, params (string Part, string File)[] parts)
    {
        using var body = new MultipartFormDataContent { { new StringContent(items, Encoding.UTF8, "application/json"), "items" } };
        foreach (var (part, file) in parts)
        {
            var content = new ByteArrayContent(Picture);
            content.Headers.TryAddWithoutValidation("Content-Disposition", $"form-data; name=\"{Line(part)}\"; filename=\"{Line(file)}\"");
            body.Add(content);
        }

        using var reply = await http.PostAsync($"{Data}/drafts/{draft}/items", body, Stop);
        Vectors.AssertHarmless(items[..Math.Min(200, items.Length)], (int)reply.StatusCode, await reply.Content.ReadAsStringAsync(Stop));
    }

    private static async Task Raw(HttpClient http, string draft, string type, string text, HttpStatusCode expected)
    {
        using var body = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
        body.Headers.TryAddWithoutValidation("Content-Type", type);
        using var reply = await http.PostAsync($"{Data}/drafts/{draft}/items", body, Stop);
        var said = await reply.Content.ReadAsStringAsync(Stop);
        Vectors.AssertHarmless(text[..Math.Min(200, text.Length)], (int)reply.StatusCode, said);
        Assert.True(reply.StatusCode == expected, $"{type}: {(int)reply.StatusCode} {said}");
    }

    private static string Line(string text) => new([.. text.Where(c => !char.IsControl(c) && c < 128)]);

    /// <summary>Whatever was sent, the blob folder holds files named by digests and nothing else.</summary>
    private void NothingButBlobs()
    {
        var blobs = Path.Combine(town.Settings.Data, "blobs");
        var files = Directory.GetFiles(blobs, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(blobs, file)).Where(file => !file.StartsWith("incoming", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.True(Regex.IsMatch(file, "^[0-9a-f]{2}/[0-9a-f]{62}$", RegexOptions.NonBacktracking), file));
    }
}
