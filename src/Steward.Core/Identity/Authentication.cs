using System.Net;
using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Steward.Identity;

/// <summary>
/// Finds out who calls: <c>Authorization: Bearer stw_…</c>, Basic with a token or a password, or the session cookie.
/// Wrong credentials never count as none: with <c>--open</c> they stay refused.
/// </summary>
internal sealed class Authentication(Credentials credentials, Passwords passwords, Settings settings)
{
    public const string Cookie = "steward";

    public async Task<Caller> Of(HttpContext context, CancellationToken stop)
    {
        var header = context.Request.Headers.Authorization;
        if (header.Count > 0)
            return header.Count == 1 ? await ByHeader(context, header[0] ?? "", stop) : Caller.Wrong(Way.Token);
        if (context.Request.Cookies.TryGetValue(Cookie, out var session))
            return await credentials.Session(session, stop);
        return settings.Open && IsLocal(context.Connection) ? new(Who.Open, Way.None) : Caller.Nobody;
    }

    /// <summary>The identity that antiforgery tokens are bound to.</summary>
    public static ClaimsPrincipal Principal(Caller caller) => caller.Way is Way.Session && !caller.Refused
        ? new(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, caller.Who.Id)], "steward"))
        : new(new ClaimsIdentity());

    private static bool IsLocal(ConnectionInfo connection) => connection.RemoteIpAddress is { } from && IPAddress.IsLoopback(from.IsIPv4MappedToIPv6 ? from.MapToIPv4() : from);

    private Task<Caller> ByHeader(HttpContext context, string header, CancellationToken stop)
    {
        var space = header.IndexOf(' ', StringComparison.Ordinal);
        var (scheme, value) = space < 0 ? (header, "") : (header[..space], header[(space + 1)..].Trim());
        if (scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
            return credentials.Token(value, stop);
        if (scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase) && Pair(value) is var (user, password))
            return Basic(context, user, password, stop);
        return Task.FromResult(Caller.Wrong(Way.Token));
    }

    private async Task<Caller> Basic(HttpContext context, string user, string password, CancellationToken stop)
    {
        if (password.StartsWith(Secret.TokenPrefix, StringComparison.Ordinal))
            return await credentials.Token(password, stop);
        var who = await passwords.Check(user, password, context.Connection.RemoteIpAddress, stop);
        return who is null ? Caller.Wrong(Way.Password) : new(who, Way.Password);
    }

    private static (string User, string Password)? Pair(string base64)
    {
        var bytes = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, bytes, out var length))
            return null;
        var text = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : (text[..colon], text[(colon + 1)..]);
    }
}
