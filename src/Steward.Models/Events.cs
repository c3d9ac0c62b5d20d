using Steward.Events;

namespace Steward.Models;

public sealed record VersionRegistered(string Project, string Model, int Version, string Run, string By) : IEvent
{
    public static string Name => "models.version_registered";
}

/// <param name="Failed">Titles of the gates that failed; empty when all passed.</param>
public sealed record GatesChecked(string Project, string Model, int Version, bool Passed, IReadOnlyList<string> Failed) : IEvent
{
    public static string Name => "models.gates_checked";
}

public sealed record SignOffAsked(string Project, int SignOff, string Model, int Version, IReadOnlyList<string> Parties, DateTimeOffset ExpiresAt, string By) : IEvent
{
    public static string Name => "models.sign_off_asked";
}

/// <param name="Approved">Whether everybody agreed, or somebody rejected.</param>
public sealed record SignOffDecided(string Project, int SignOff, string Model, int Version, bool Approved, string By) : IEvent
{
    public static string Name => "models.sign_off_decided";
}

/// <param name="Question">Its number within the sign-off.</param>
public sealed record SignOffAnswered(string Project, int SignOff, int Question, string Model, int Version, string By) : IEvent
{
    public static string Name => "models.sign_off_answered";
}

public sealed record SignOffWithdrawn(string Project, int SignOff, string Model, int Version, string By) : IEvent
{
    public static string Name => "models.sign_off_withdrawn";
}

/// <param name="Reason">Why, in a sentence: who approved, or why it went back.</param>
public sealed record Promoted(string Project, string Model, string Alias, int Version, long Epoch, string Reason) : IEvent
{
    public static string Name => "models.promoted";
}
