namespace Steward.Agents;

/// <summary>An agent's state in words, for the page and the terminal alike.</summary>
internal static class AgentSay
{
    public static string State(Agent agent, DateTimeOffset now) => agent switch
    {
        { RevokedAt: not null } => "revoked",
        _ when agent.EndsAt <= now => "its token is over",
        { SeenAt: null } => "not here yet",
        _ when agent.IsHere(now) => "here",
        _ => "away",
    };

    public static string Kind(Agent agent, DateTimeOffset now) => State(agent, now) switch { "here" => "good", "away" or "its token is over" => "warn", "revoked" => "bad", _ => "info" };
}
