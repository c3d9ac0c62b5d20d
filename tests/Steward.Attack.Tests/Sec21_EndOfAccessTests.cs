using System.Net;
using System.Net.Http.Json;

namespace Steward.Attack.Tests;

/// <summary>SEC-21: who is out is out at once.</summary>
public class Sec21_EndOfAccessTests(Town town)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Signing_out_ends_the_session_on_the_server()
    {
        using var browser = await Newcomer("leaver");
        using var reply = await browser.Submit("/sign-out", "sign-out", []);
        Assert.Equal(HttpStatusCode.Redirect, reply.StatusCode);
        Assert.DoesNotContain("leaver", await browser.Page("/people"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_of_roles_ends_sessions_and_takes_the_rights_of_tokens()
    {
        using var browser = await Newcomer("fallen");
        using var token = town.With(await town.SignIn("fallen"));
        Assert.Equal(HttpStatusCode.OK, await Get(token, $"/api/projects/{Town.Home}"));
        await Root(root => root.PutAsJsonAsync("/api/users/fallen/roles", new { project = Town.Home, roles = Array.Empty<string>() }, Stop));
        Assert.Equal(HttpStatusCode.NotFound, await Get(token, $"/api/projects/{Town.Home}"));
        Assert.Equal(HttpStatusCode.Unauthorized, await browser.Status("/people"));
    }

    [Fact]
    public async Task A_disabled_person_is_out_with_session_and_token()
    {
        using var browser = await Newcomer("disabled");
        using var token = town.With(await town.SignIn("disabled"));
        await Root(root => root.PostAsync("/api/users/disabled/disable", null, Stop));
        Assert.Equal(HttpStatusCode.Unauthorized, await Get(token, "/api/me"));
        Assert.Equal(HttpStatusCode.Unauthorized, await browser.Status("/people"));
    }

    [Fact]
    public async Task A_new_password_ends_everything_the_old_one_opened()
    {
        using var browser = await Newcomer("changer");
        using var token = town.With(await town.SignIn("changer"));
        using var changed = await token.PostAsJsonAsync("/api/me/password", new { old = Town.Password, @new = "another four odd words" }, Stop);
        changed.EnsureSuccessStatusCode();
        Assert.Equal(HttpStatusCode.Unauthorized, await Get(token, "/api/me"));
        Assert.Equal(HttpStatusCode.Unauthorized, await browser.Status("/people"));
        Assert.NotEmpty(await town.SignIn("changer", "another four odd words"));
    }

    [Fact]
    public async Task The_last_admin_stays_and_nobody_changes_their_own_roles()
    {
        using var root = town.As("server admin");
        using var disabled = await root.PostAsync("/api/users/root/disable", null, Stop);
        Assert.Equal(HttpStatusCode.Conflict, disabled.StatusCode);
        using var own = await root.PutAsJsonAsync("/api/users/root/roles", new { project = Town.Home, roles = new[] { "approver" } }, Stop);
        Assert.Equal(HttpStatusCode.Forbidden, own.StatusCode);
    }

    [Fact]
    public async Task A_token_for_one_project_makes_no_other_token()
    {
        using var editor = town.As("editor");
        using var made = await editor.PostAsJsonAsync("/api/tokens", new { name = "narrow", project = Town.Home, role = "reader" }, Stop);
        using var narrow = town.With((await made.Content.ReadFromJsonAsync<Made>(Stop))!.Secret);
        Assert.Equal(HttpStatusCode.OK, await Get(narrow, $"/api/projects/{Town.Home}"));
        using var more = await narrow.PostAsJsonAsync("/api/tokens", new { name = "wide" }, Stop);
        Assert.Equal(HttpStatusCode.Forbidden, more.StatusCode);
        using var higher = await editor.PostAsJsonAsync("/api/tokens", new { name = "high", project = Town.Home, role = "admin" }, Stop);
        Assert.Equal(HttpStatusCode.Forbidden, higher.StatusCode);
    }

    private async Task<Browser> Newcomer(string user)
    {
        using var root = town.As("server admin");
        await town.Add(root, user, Town.Home, "editor");
        var browser = new Browser(town.Url);
        await browser.SignIn(user);
        Assert.Equal(HttpStatusCode.OK, await browser.Status("/people"));
        return browser;
    }

    private async Task Root(Func<HttpClient, Task<HttpResponseMessage>> deed)
    {
        using var root = town.As("server admin");
        using var reply = await deed(root);
        reply.EnsureSuccessStatusCode();
    }

    private static async Task<HttpStatusCode> Get(HttpClient http, string path)
    {
        using var reply = await http.GetAsync(path, Stop);
        return reply.StatusCode;
    }

    private sealed record Made(string Secret);
}
