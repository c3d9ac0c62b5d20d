using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Steward.Testing;

namespace Steward.Attack.Tests;

/// <summary>SEC-04: what is stored stays as it was, whatever comes later under the same or nearly the same name.</summary>
public sealed class Sec04_StoreTests : TestHost
{
    private const string Runs = "/api/projects/home/runs";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Blobs => Path.Combine(Settings.Data, "blobs");

    [Fact]
    public async Task Names_that_differ_in_case_only_are_two_files()
    {
        var run = await Begin();
        await Put(run, "Model.onnx", "one");
        await Put(run, "model.onnx", "two");
        Assert.Equal("one", await Http.GetStringAsync($"{Runs}/{run}/artifacts/Model.onnx", Stop));
        Assert.Equal("two", await Http.GetStringAsync($"{Runs}/{run}/artifacts/model.onnx", Stop));
    }

    [Fact]
    public async Task Other_bytes_under_a_name_leave_the_stored_ones_untouched()
    {
        var run = await Begin();
        await Put(run, "a.txt", "first");
        var stored = PathOf("first");
        var (written, at) = (await File.ReadAllBytesAsync(stored, Stop), File.GetLastWriteTimeUtc(stored));
        using (var body = new ByteArrayContent("second"u8.ToArray()))
        using (var refused = await Http.PutAsync($"{Runs}/{run}/artifacts/a.txt", body, Stop))
            Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        await Put(run, "b.txt", "first");
        Assert.Equal(written, await File.ReadAllBytesAsync(stored, Stop));
        Assert.Equal(at, File.GetLastWriteTimeUtc(stored));
    }

    [Fact]
    public async Task A_link_that_waits_where_a_file_will_come_is_replaced_and_not_followed()
    {
        var (run, outside, target) = (await Begin(), Path.Combine(TestFolder.New(), "victim"), PathOf("mine"));
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.CreateSymbolicLink(target, outside);
        await Put(run, "a.txt", "mine");
        Assert.False(File.Exists(outside));
        Assert.Null(new FileInfo(target).LinkTarget);
        Assert.Equal("mine", await Http.GetStringAsync($"{Runs}/{run}/artifacts/a.txt", Stop));
    }

    [Fact]
    public async Task A_link_that_somebody_put_in_the_place_of_a_file_is_not_read()
    {
        // As long as what it replaces, so that no length gives it away.
        var (run, secret) = (await Begin(), Path.Combine(TestFolder.New(), "secret"));
        await File.WriteAllTextAsync(secret, "root:x", Stop);
        await Put(run, "a.txt", "honest");
        File.Delete(PathOf("honest"));
        File.CreateSymbolicLink(PathOf("honest"), secret);
        using var reply = await Http.GetAsync($"{Runs}/{run}/artifacts/a.txt", Stop);
        Assert.Equal(HttpStatusCode.NotFound, reply.StatusCode);
        Assert.DoesNotContain("root:x", await reply.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        using var reply = await Http.PutAsJsonAsync("/api/projects/home/file", new { yaml = "steward: 1\nproject: home\n" }, Stop);
        reply.EnsureSuccessStatusCode();
    }

    private async Task<string> Begin()
    {
        using var reply = await Http.PostAsJsonAsync(Runs, new { experiment = "kinds" }, Stop);
        return (await reply.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("id").GetString()!;
    }

    private async Task Put(string run, string name, string text)
    {
        using var body = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
        using var reply = await Http.PutAsync($"{Runs}/{run}/artifacts/{name}", body, Stop);
        Assert.True(reply.IsSuccessStatusCode, await reply.Content.ReadAsStringAsync(Stop));
    }

    private string PathOf(string text)
    {
        var hex = Digest.Of(Encoding.UTF8.GetBytes(text)).Hex;
        return Path.Combine(Blobs, hex[..2], hex[2..]);
    }
}
