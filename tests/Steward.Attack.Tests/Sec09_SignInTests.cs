using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Steward.Identity;

namespace Steward.Attack.Tests;

/// <summary>SEC-09: no default account, no weak password, one use per link, no endless guessing.</summary>
public sealed class Sec09_SignInTests : Testing.TestHost
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("admin", "admin")]
    [InlineData("admin", "password1234")]
    [InlineData("admin", "")]
    [InlineData("steward", "steward")]
    public async Task A_new_server_lets_nobody_in(string user, string password)
    {
        using var reply = await Http.PostAsJsonAsync("/api/sign-in", new { user, password }, Stop);
        Assert.Equal(HttpStatusCode.Unauthorized, reply.StatusCode);
    }

    [Fact]
    public async Task The_admin_link_works_once()
    {
        var link = await Link();
        Assert.Equal(HttpStatusCode.BadRequest, await Use(link, "password1234"));
        Assert.Equal(HttpStatusCode.OK, await Use(link, Town.Password));
        Assert.Equal(HttpStatusCode.Forbidden, await Use(link, Town.Password));
        Assert.Null(await Services.GetRequiredService<FirstStart>().Link(Stop));
    }

    [Fact]
    public async Task Two_who_use_the_link_at_once_make_one_admin()
    {
        var link = await Link();
        var both = await Task.WhenAll(Use(link, Town.Password, "ada"), Use(link, Town.Password, "bob"));
        Assert.Single(both, HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_newer_link_ends_the_older()
    {
        var older = await Link();
        var newer = await Link();
        Assert.Equal(HttpStatusCode.Forbidden, await Use(older, Town.Password));
        Assert.Equal(HttpStatusCode.OK, await Use(newer, Town.Password));
    }

    [Fact]
    public async Task Guessing_is_stopped_even_with_the_right_password_at_last()
    {
        await Use(await Link(), Town.Password);
        for (var n = 0; n < 5; n++)
            Assert.Equal(HttpStatusCode.Unauthorized, await SignIn("not the password " + n));
        Assert.Equal(HttpStatusCode.TooManyRequests, await SignIn(Town.Password));
    }

    private async Task<string> Link() => (await Services.GetRequiredService<FirstStart>().Link(Stop))!.Split("link=")[1];

    private async Task<HttpStatusCode> SignIn(string password)
    {
        using var reply = await Http.PostAsJsonAsync("/api/sign-in", new { user = "ada", password }, Stop);
        return reply.StatusCode;
    }

    private async Task<HttpStatusCode> Use(string link, string password, string user = "ada")
    {
        using var reply = await Http.PostAsJsonAsync("/api/welcome", new { link, user, password }, Stop);
        return reply.StatusCode;
    }
}
