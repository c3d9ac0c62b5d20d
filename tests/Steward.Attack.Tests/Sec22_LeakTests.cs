using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Steward.Storage;

namespace Steward.Attack.Tests;

/// <summary>SEC-14 and 22: a bug shows an id and nothing else; secrets lie in files of their owner.</summary>
public sealed class Sec22_LeakTests : Testing.TestHost
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_bug_of_ours_shows_an_id_and_nothing_else()
    {
        await Services.GetRequiredService<Db>().Run("DROP TABLE token", stop: Stop);
        using var reply = await Http.GetAsync("/api/tokens", Stop);
        var body = await reply.Content.ReadAsStringAsync(Stop);
        Assert.Equal(HttpStatusCode.InternalServerError, reply.StatusCode);
        Assert.Contains("\"code\":\"bug\"", body, StringComparison.Ordinal);
        Assert.DoesNotContain("SQL", body, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Exception", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_open_inference_face_has_its_own_form_of_errors()
    {
        using var reply = await Http.GetAsync("/v2/not-there", Stop);
        Assert.Equal(HttpStatusCode.NotFound, reply.StatusCode);
        Assert.StartsWith("{\"error\":", await reply.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_browser_gets_a_page_instead_of_json()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/not-there");
        request.Headers.Add("Accept", "text/html,application/xhtml+xml,*/*;q=0.8");
        using var reply = await Http.SendAsync(request, Stop);
        Assert.Equal(HttpStatusCode.NotFound, reply.StatusCode);
        Assert.Equal("text/html", reply.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public void The_data_folder_is_for_its_owner_alone()
    {
        const UnixFileMode others = (UnixFileMode)0b000_111_111;
        foreach (var folder in (string[])[Settings.Data, Path.Combine(Settings.Data, "keys")])
            Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(folder) & others);
    }
}
