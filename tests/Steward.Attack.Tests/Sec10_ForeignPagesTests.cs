using System.Net;
using System.Text;

namespace Steward.Attack.Tests;

/// <summary>SEC-10 and 11: what a foreign page in the victim's browser can send.</summary>
public class Sec10_ForeignPagesTests(Town town)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_form_without_our_token_is_refused()
    {
        using var browser = new Browser(town.Url);
        await browser.SignIn("reader");
        using var reply = await browser.Submit("/people", "token", new() { ["TokenName"] = "stolen" }, token: false);
        Assert.Equal(HttpStatusCode.Forbidden, reply.StatusCode);
    }

    [Fact]
    public async Task A_form_from_another_site_is_refused_even_with_our_token()
    {
        using var browser = new Browser(town.Url);
        await browser.SignIn("reader");
        foreach (var origin in (string[])["http://evil.example", "null", town.Url.Replace("http:", "https:", StringComparison.Ordinal), "http://127.0.0.1:1"])
        {
            using var reply = await browser.Submit("/people", "token", new() { ["TokenName"] = "stolen" }, origin);
            Assert.Equal(HttpStatusCode.Forbidden, reply.StatusCode);
        }
    }

    [Fact]
    public async Task A_form_of_ours_works_and_shows_the_token_once()
    {
        using var browser = new Browser(town.Url);
        await browser.SignIn("reader");
        using var reply = await browser.Submit("/people", "token", new() { ["TokenName"] = "mine" });
        Assert.Contains("stw_", await reply.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        Assert.DoesNotContain("stw_", await browser.Page("/people"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signing_in_by_a_foreign_form_is_refused()
    {
        using var browser = new Browser(town.Url);
        using var reply = await browser.Submit("/sign-in", "sign-in", new() { ["User"] = "reader", ["Password"] = Town.Password }, token: false);
        Assert.Equal(HttpStatusCode.Forbidden, reply.StatusCode);
    }

    [Theory]
    [InlineData("evil.com")]
    [InlineData("evil.com:7070")]
    [InlineData("127.0.0.1.evil.com")]
    [InlineData("localhost.evil.com")]
    [InlineData("10.0.0.1")]
    [InlineData("192.168.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("2130706433")]
    public async Task No_route_answers_to_a_foreign_name(string host)
    {
        using var http = town.As("server admin");
        foreach (var route in Route.All(town.Services))
        {
            using var request = new HttpRequestMessage(new(route.Method), route.Path(hole => hole == "project" ? Town.Home : "x")) { Headers = { Host = host } };
            using var reply = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Stop);
            Assert.True(reply.StatusCode is HttpStatusCode.Forbidden, $"{route} answered {reply.StatusCode} to {host}");
        }
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=x")]
    public async Task A_body_in_the_types_that_a_foreign_page_can_send_changes_nothing(string type)
    {
        using var http = town.With(null);
        using var body = new ByteArrayContent(Encoding.UTF8.GetBytes("{\"yaml\":\"steward: 1\\nproject: stolen\\n\"}"));
        body.Headers.TryAddWithoutValidation("Content-Type", type);
        using var reply = await http.PutAsync("/api/projects/stolen/file", body, Stop);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, reply.StatusCode);
    }

    [Fact]
    public async Task With_open_a_foreign_page_still_cannot_change_anything()
    {
        using var http = town.With(null);
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/projects/{Town.Home}/file") { Content = new StringContent("{\"yaml\":\"x\"}", Encoding.UTF8, "application/json") };
        request.Headers.Add("Origin", "http://evil.example");
        using var reply = await http.SendAsync(request, Stop);
        Assert.Equal(HttpStatusCode.Forbidden, reply.StatusCode);
    }

    [Fact]
    public async Task Every_reply_tells_the_browser_to_be_strict()
    {
        using var http = town.With(null);
        foreach (var path in (string[])["/sign-in", "/health/live", "/api/not-there", "/steward.css", "/v2/models/none"])
        {
            using var reply = await http.GetAsync(path, Stop);
            Assert.Equal("nosniff", Assert.Single(reply.Headers.GetValues("X-Content-Type-Options")));
            Assert.Contains("frame-ancestors 'none'", Assert.Single(reply.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
            Assert.False(reply.Headers.Contains("Server"));
            Assert.False(reply.Headers.Contains("Access-Control-Allow-Origin"));
        }
    }
}
