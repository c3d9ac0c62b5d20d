namespace Steward;

/// <summary>Something the caller can understand and act on. Anything else is a bug and stays an exception.</summary>
/// <param name="kind">Decides the HTTP status and the exit code.</param>
/// <param name="code">Stable, snake_case, for programs: <c>run_not_found</c>.</param>
/// <param name="why">One sentence for the person, with the name they used.</param>
/// <param name="tryThis">One command or action to try, when there is one.</param>
public sealed class ProblemException(ProblemKind kind, string code, string why, string? tryThis = null) : Exception(why)
{
    public ProblemKind Kind { get; } = kind;
    public string Code { get; } = code;
    public string? Try { get; } = tryThis;

    public static ProblemException NotFound(string what, string name, string? tryThis = null)
        => new(ProblemKind.NotFound, $"{what.Replace(' ', '_')}_not_found", $"There is no {what} '{name}' here.", tryThis);

    public static ProblemException Invalid(string code, string why, string? tryThis = null) => new(ProblemKind.Invalid, code, why, tryThis);

    public static ProblemException Conflict(string code, string why, string? tryThis = null) => new(ProblemKind.Conflict, code, why, tryThis);

    public static ProblemException Denied(string why, string? tryThis = null) => new(ProblemKind.Denied, "denied", why, tryThis);
}

public enum ProblemKind { Invalid, SignInFirst, Denied, NotFound, Conflict, TooLarge, TooMany, GateFailed, WaitingForPeople, Unavailable, DiskFull }

public static class ProblemKinds
{
    public static int Status(this ProblemKind kind) => kind switch
    {
        ProblemKind.Invalid => 400,
        ProblemKind.SignInFirst => 401,
        ProblemKind.Denied => 403,
        ProblemKind.NotFound => 404,
        ProblemKind.Conflict => 409,
        ProblemKind.TooLarge => 413,
        ProblemKind.GateFailed or ProblemKind.WaitingForPeople => 422,
        ProblemKind.TooMany => 429,
        ProblemKind.DiskFull => 507,
        _ => 503,
    };

    /// <summary>0 ok, 1 error, 2 usage, 3 conflict, 4 gate failed, 5 waiting for people, 6 denied.</summary>
    public static int ExitCode(this ProblemKind kind) => kind switch
    {
        ProblemKind.Conflict => 3,
        ProblemKind.GateFailed => 4,
        ProblemKind.WaitingForPeople => 5,
        ProblemKind.Denied or ProblemKind.SignInFirst => 6,
        _ => 1,
    };
}
