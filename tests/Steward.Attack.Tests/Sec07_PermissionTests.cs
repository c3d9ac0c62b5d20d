using System.Net;
using System.Text;
using Steward.Identity;

namespace Steward.Attack.Tests;

/// <summary>SEC-07: every route says what it needs, and every caller gets the answer the table says.</summary>
public class Sec07_PermissionTests(Town town)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Every_route_says_exactly_once_what_it_needs()
    {
        var wrong = Route.Endpoints(town.Services).Where(route => route.Metadata.GetOrderedMetadata<NeedsAttribute>().Count != 1);
        Assert.Empty(wrong.Select(route => route.RoutePattern.RawText));
        Assert.True(Route.All(town.Services).Count > 20);
    }

    [Fact]
    public void Every_route_that_needs_a_project_finds_one()
    {
        var lost = Route.All(town.Services).Where(route => route.Permission is Permission.Read or Permission.Edit or Permission.Approve or Permission.Administer)
            .Where(route => !route.NamesProject && route.Endpoint.Metadata.GetMetadata<ProjectOf>() is null);
        Assert.Empty(lost);
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("wrong")]
    [InlineData("open")]
    [InlineData("reader")]
    [InlineData("editor")]
    [InlineData("approver")]
    [InlineData("admin")]
    [InlineData("server admin")]
    [InlineData("stranger")]
    [InlineData("agent")]
    public async Task A_caller_gets_through_where_the_table_says_so_and_nowhere_else(string who)
    {
        await using var closed = who == "nobody" ? new Closed() : null;
        if (closed is not null)
            await closed.InitializeAsync();
        using var http = closed is not null ? closed.Bare() : town.With(who switch { "open" => null, "wrong" => "stw_wrong", _ => town.Tokens[who] });
        var surprises = new List<string>();
        // Signing out would end the token that the other routes are tried with.
        foreach (var route in Route.All((closed ?? (Testing.TestHost)town).Services).Where(route => route.Pattern != "/api/sign-out"))
        {
            using var request = new HttpRequestMessage(new(route.Method), route.Path(hole => hole == "project" ? Town.Home : "x"));
            if (route.Method is "POST" or "PUT" or "PATCH")
                request.Content = new StringContent("[]", Encoding.UTF8, "application/json");
            using var reply = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Stop);
            var code = reply.IsSuccessStatusCode ? "" : await reply.Content.ReadAsStringAsync(Stop);
            if (!Expected(who, route, reply.StatusCode, code))
                surprises.Add($"{route}: {(int)reply.StatusCode} {code}");
        }

        Assert.Empty(surprises);
    }

    [Fact]
    public async Task An_address_that_is_not_there_says_nothing_about_credentials()
    {
        using var http = town.With("stw_wrong");
        using var reply = await http.GetAsync("/api/not-there", Stop);
        Assert.Equal(HttpStatusCode.NotFound, reply.StatusCode);
    }

    [Fact]
    public async Task A_foreign_project_and_a_missing_one_look_the_same()
    {
        using var stranger = town.As("stranger");
        using var foreign = await stranger.GetAsync($"/api/projects/{Town.Home}", Stop);
        using var missing = await stranger.GetAsync("/api/projects/none", Stop);
        Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
        Assert.Equal(missing.StatusCode, foreign.StatusCode);
        Assert.Equal(Said(await missing.Content.ReadAsStringAsync(Stop), "none"), Said(await foreign.Content.ReadAsStringAsync(Stop), Town.Home));
    }

    private static string Said(string body, string project) => body[..body.IndexOf("traceId", StringComparison.Ordinal)].Replace(project, "?", StringComparison.Ordinal);

    private static bool Expected(string who, Route route, HttpStatusCode status, string body)
    {
        if ((int)status >= 500)
            return status is HttpStatusCode.ServiceUnavailable;
        var refused = body.Contains("\"sign_in_first\"", StringComparison.Ordinal) || body.Contains("\"credentials_wrong\"", StringComparison.Ordinal)
            || body.Contains("\"denied\"", StringComparison.Ordinal) || body.Contains("project_not_found", StringComparison.Ordinal) || status is HttpStatusCode.Unauthorized;
        if (route.Permission is Permission.Anyone)
            return route.Pattern is "/api/sign-in" or "/api/welcome" || !refused;
        if (who is "nobody" or "wrong")
            return status is HttpStatusCode.Unauthorized;
        // What a thing of no project is called cannot be guessed here: it is not there for anybody.
        if (!route.NamesProject && route.Permission is not (Permission.SignedIn or Permission.AdministerServer))
            return status is HttpStatusCode.NotFound;
        if (May(who, route.Permission))
            return status is not HttpStatusCode.Unauthorized && (!refused || route.Permission is Permission.SignedIn);
        return status == (who is "stranger" or "agent" && route.NamesProject ? HttpStatusCode.NotFound : HttpStatusCode.Forbidden) && refused;
    }

    /// <summary>The table, written down once more and independently of the code that enforces it.</summary>
    private static bool May(string who, Permission permission) => permission switch
    {
        Permission.SignedIn => true,
        Permission.Read => who is not ("stranger" or "agent"),
        Permission.Work => who is "agent",
        Permission.Edit => who is "open" or "editor" or "admin" or "server admin",
        Permission.Approve => who is "approver",
        Permission.Administer => who is "admin" or "server admin",
        Permission.AdministerServer => who is "server admin",
        _ => throw new ArgumentOutOfRangeException(nameof(permission)),
    };

    /// <summary>The same server without --open, where no credentials means nobody.</summary>
    private sealed class Closed() : Testing.TestHost(settings => settings with { Open = false })
    {
        public HttpClient Bare() => new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(Url) };
    }
}
