using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Steward.Storage;

namespace Steward.Identity;

public static class IdentityEndpoints
{
    public static void MapIdentity(this IEndpointRouteBuilder routes)
    {
        routes.MapMe();
        routes.MapUsers();
        routes.MapTokens();
    }

    private static void MapMe(this IEndpointRouteBuilder routes)
    {
        var me = routes.MapGroup("/api/me").WithTags("Me");
        me.MapGet("/", (Who who) => new Me(who.Id, who.Name, who.IsPerson, who.Roles)).Needs(Permission.SignedIn);
        me.MapPost("/password", ChangePassword).Needs(Permission.SignedIn);
        me.MapGet("/keys", (Who who, People people, CancellationToken stop) => people.Keys(who.Id, stop)).Needs(Permission.SignedIn);
        me.MapPost("/keys", (NewKey body, HttpContext context, PersonKeys keys, CancellationToken stop)
            => keys.Add(Self(context, "add keys"), body.Name, body.Pem, stop)).Needs(Permission.SignedIn);
        me.MapDelete("/keys/{hint}", async (string hint, HttpContext context, PersonKeys keys, CancellationToken stop) =>
        {
            await keys.Revoke(Self(context, "revoke keys"), hint, stop);
            return Results.NoContent();
        }).Needs(Permission.SignedIn);

        routes.MapPost("/api/sign-in", SignIn).WithTags("Me").Needs(Permission.Anyone);
        routes.MapPost("/api/welcome", async (UseLink body, Welcome welcome, CancellationToken stop)
            => new Named(await welcome.Use(body.Link, body.User, body.Name, body.Password, stop))).WithTags("Me").Needs(Permission.Anyone);
        routes.MapPost("/api/sign-out", async (HttpContext context, Db db, CancellationToken stop) =>
        {
            if (Caller.Of(context).Hash is { } hash)
                await db.Write(tx => Credentials.End(tx, hash), stop);
            return Results.NoContent();
        }).WithTags("Me").Needs(Permission.SignedIn);
    }

    private static void MapUsers(this IEndpointRouteBuilder routes)
    {
        var users = routes.MapGroup("/api/users").WithTags("Users");
        users.MapGet("/", (People people, CancellationToken stop) => people.All(stop)).Needs(Permission.AdministerServer);
        users.MapPost("/", async (NewUser body, Who who, Users all, Welcome welcome, CancellationToken stop) =>
        {
            await all.Add(who, body.User, body.Name, stop);
            return new Linked(body.User!, await welcome.Link(who, body.User, stop));
        }).Needs(Permission.AdministerServer);
        users.MapPost("/{user}/link", async (string user, Who who, Welcome welcome, CancellationToken stop) => new Linked(user, await welcome.Link(who, user, stop))).Needs(Permission.AdministerServer);
        users.MapPut("/{user}/roles", (string user, SetRoles body, Who who, Users all, People people, CancellationToken stop)
            => Set(user, body.Project ?? "*", body.Roles, who, all, people, stop)).Needs(Permission.AdministerServer);
        users.MapPost("/{user}/disable", (string user, Who who, Users all, CancellationToken stop) => Switch(user, true, who, all, stop)).Needs(Permission.AdministerServer);
        users.MapPost("/{user}/enable", (string user, Who who, Users all, CancellationToken stop) => Switch(user, false, who, all, stop)).Needs(Permission.AdministerServer);
        routes.MapPut("/api/projects/{project}/people/{user}", (string project, string user, SetRoles body, Who who, Users all, People people, CancellationToken stop)
            => Set(user, project, body.Roles, who, all, people, stop)).WithTags("Users").Needs(Permission.Administer);
    }

    private static void MapTokens(this IEndpointRouteBuilder routes)
    {
        var tokens = routes.MapGroup("/api/tokens").WithTags("Tokens");
        tokens.MapGet("/", (Who who, Tokens all, CancellationToken stop) => all.Of(who.Id, stop)).Needs(Permission.SignedIn);
        tokens.MapPost("/", async (NewToken body, HttpContext context, Tokens all, CancellationToken stop) =>
        {
            var (token, secret) = await all.Add(Self(context, "make tokens"), body.Name, body.Project, body.Role, body.Days, stop);
            return new MadeToken(token.Id, secret, token.EndsAt);
        }).Needs(Permission.SignedIn);
        tokens.MapDelete("/{id}", async (string id, HttpContext context, Tokens all, CancellationToken stop) =>
        {
            await all.Revoke(Self(context, "revoke tokens"), id, stop);
            return Results.NoContent();
        }).Needs(Permission.SignedIn);
    }

    private static Who Self(HttpContext context, string deed)
    {
        var caller = Caller.Of(context);
        caller.Person(deed);
        return caller.Who;
    }

    private static async Task<Person?> Set(string user, string project, Role[]? roles, Who who, Users all, People people, CancellationToken stop)
    {
        await all.SetRoles(who, user, project, roles ?? [], stop);
        return await people.Find(user, stop);
    }

    private static async Task<IResult> Switch(string user, bool disabled, Who who, Users all, CancellationToken stop)
    {
        await all.SetDisabled(who, user, disabled, stop);
        return Results.NoContent();
    }

    private static async Task<MadeToken> SignIn(SignInBody body, HttpContext context, Passwords passwords, Tokens tokens, CancellationToken stop)
    {
        var who = await passwords.Check(body.User ?? "", body.Password ?? "", context.Connection.RemoteIpAddress, stop) ?? throw Passwords.Wrong();
        var (token, secret) = await tokens.Add(who, body.Name ?? "sign-in", null, null, null, stop);
        return new(token.Id, secret, token.EndsAt);
    }

    private static async Task<IResult> ChangePassword(NewPassword body, HttpContext context, Passwords passwords, CancellationToken stop)
    {
        await passwords.Change(Self(context, "have a password"), body.Old, body.New, context.Connection.RemoteIpAddress, stop);
        return Results.NoContent();
    }

    internal sealed record Me(string Id, string Name, bool IsPerson, IReadOnlyDictionary<string, IReadOnlySet<Role>> Roles);

    internal sealed record NewKey(string? Name, string? Pem);

    internal sealed record NewUser(string? User, string? Name);

    internal sealed record Linked(string User, string Link);

    internal sealed record SetRoles(string? Project, Role[]? Roles);

    internal sealed record NewToken(string? Name, string? Project, Role? Role, int? Days);

    /// <param name="Secret">Shown here and never again.</param>
    internal sealed record MadeToken(string Id, string Secret, DateTimeOffset EndsAt);

    internal sealed record SignInBody(string? User, string? Password, string? Name);

    /// <param name="User">What the first admin wants to be called; a link for somebody knows the name.</param>
    internal sealed record UseLink(string? Link, string? User, string? Name, string? Password);

    internal sealed record Named(string User);

    internal sealed record NewPassword(string? Old, string? New);
}
