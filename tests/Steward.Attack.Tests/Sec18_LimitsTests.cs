using System.Net;
using System.Text;

namespace Steward.Attack.Tests;

/// <summary>SEC-18: what is too large, too deep or too many is refused, and the server goes on.</summary>
public class Sec18_LimitsTests(Town town)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_body_over_the_limit_is_refused()
        => Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await Post("{\"name\":\"" + new string('x', (int)town.Settings.MaxBody) + "\"}"));

    [Fact]
    public async Task A_body_that_is_nested_too_deep_is_refused()
        => Assert.Equal(HttpStatusCode.BadRequest, await Post("{\"name\":" + new string('[', 5000) + new string(']', 5000) + "}"));

    [Fact]
    public async Task Too_many_headers_are_refused()
    {
        using var http = town.With(null);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/health/live");
        for (var n = 0; n < 200; n++)
            request.Headers.Add("X-" + n, "x");
        using var reply = await http.SendAsync(request, Stop);
        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, reply.StatusCode);
    }

    [Fact]
    public async Task A_header_that_is_too_long_is_refused()
    {
        using var http = town.With(new string('x', 40_000));
        using var reply = await http.GetAsync("/api/me", Stop);
        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, reply.StatusCode);
    }

    private async Task<HttpStatusCode> Post(string json)
    {
        using var http = town.As("server admin");
        http.DefaultRequestHeaders.ExpectContinue = true;
        using var body = new StringContent(json, Encoding.UTF8, "application/json");
        using var reply = await http.PostAsync("/api/tokens", body, Stop);
        return reply.StatusCode;
    }
}
