using Microsoft.AspNetCore.Http;
using Steward.Audit;
using Steward.Storage;

namespace Steward.Identity;

/// <summary>A browser's session: begun with name and password, kept in one cookie that scripts and other sites never see.</summary>
internal sealed class SignIn(Passwords passwords, Credentials credentials, IAudit audit, Db db)
{
    public async Task Begin(HttpContext context, string? user, string? password)
    {
        var stop = context.RequestAborted;
        var who = await passwords.Check(user ?? "", password ?? "", context.Connection.RemoteIpAddress, stop) ?? throw Passwords.Wrong();
        var secret = await db.Write(async tx =>
        {
            await audit.Write(tx, who, "user.signed_in", null, who.Id);
            return await credentials.Begin(tx, who.Id);
        }, stop);
        context.Response.Cookies.Append(Authentication.Cookie, secret, new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            Secure = context.Request.IsHttps,
            MaxAge = Credentials.SessionLife,
            IsEssential = true,
        });
    }

    public async Task End(HttpContext context)
    {
        if (Caller.Of(context) is { Way: Way.Session, Hash: { } hash })
            await db.Write(tx => Credentials.End(tx, hash), context.RequestAborted);
        context.Response.Cookies.Delete(Authentication.Cookie);
    }

    /// <summary>Where to go afterwards: a path of ours, never another site.</summary>
    public static string Local(string? to)
        => to is { Length: > 0 and < 2000 } && to[0] == '/' && !to.StartsWith("//", StringComparison.Ordinal) && !to.Contains('\\') && !to.Any(char.IsControl) ? to : "/";
}
