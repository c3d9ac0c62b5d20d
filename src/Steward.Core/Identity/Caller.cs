using Microsoft.AspNetCore.Http;

namespace Steward.Identity;

/// <summary>How somebody came in: no credentials, a browser's session, a token, or a password with the request.</summary>
internal enum Way { None, Session, Token, Password }

/// <summary>Who calls, and what this request showed for it.</summary>
/// <param name="Hash">Hash of the session or token that was shown.</param>
/// <param name="Narrowed">The token is for one project or role: it may not make further credentials.</param>
/// <param name="Refused">Credentials were shown and are not valid: such a caller is nobody, also with <c>--open</c>.</param>
internal sealed record Caller(Who Who, Way Way, string? Hash = null, bool Narrowed = false, bool Refused = false)
{
    public static Caller Nobody { get; } = new(Who.Nobody, Way.None);

    public static Caller Wrong(Way way) => new(Who.Nobody, way, Refused: true);

    public static Caller Of(HttpContext context) => context.Features.Get<Caller>() ?? Nobody;

    /// <summary>The person behind the request; the built-in callers and narrowed tokens are refused.</summary>
    public string Person(string deed)
    {
        if (!Who.IsPerson)
            throw ProblemException.Denied($"{Who.Name} is not a person and cannot {deed}.", "Sign in: steward user login");
        return Narrowed
            ? throw ProblemException.Denied($"This token is for one project or role and cannot {deed}.", "Sign in with your password: steward user login")
            : Who.Id;
    }
}
