using Steward.Audit;
using Steward.Identity;
using Steward.Storage;

namespace Steward.Agents;

/// <summary>Which agents a project has, and when each was heard of.</summary>
internal sealed class AgentStore(Db db, IAudit audit, IPrograms programs, AgentBell bell, TimeProvider clock)
{
    public const int MostLabels = 20, MostAtOnce = 64;

    /// <summary>Admits an agent; the token is shown once. The same name again gives a new token and ends the old one.</summary>
    public async Task<(Agent Agent, string Secret)> Add(Who by, string project, string? name, IReadOnlyList<string>? labels, int? days, CancellationToken stop)
    {
        name = Names.Check("agent", name);
        if (labels?.Count > MostLabels)
            throw ProblemException.Invalid("labels_invalid", $"An agent has at most {MostLabels} labels, not {labels.Count}.", "Leave some out.");
        List<string> own = [.. (labels ?? []).Select(label => Names.Check("label", label)).Prepend(name).Distinct()];
        var (now, lives) = (clock.GetUtcNow(), Days(days));
        var secret = await db.Write(async tx =>
        {
            await audit.Write(tx, by, "agent.added", project, name, new { labels = own, days = lives });
            var (person, token) = await programs.Admit(tx, by, project, $"agent-{name}", Role.Agent, TimeSpan.FromDays(lives));
            await tx.Run("""
                INSERT INTO agent (project, name, person, labels, added_by, added_at, ends_at)
                VALUES (@project, @name, @person, @labels, @by, @now, @ends)
                ON CONFLICT (project, name) DO UPDATE
                   SET labels = excluded.labels, added_by = excluded.added_by, added_at = excluded.added_at, ends_at = excluded.ends_at, revoked_at = NULL, session = NULL
                """, new { project, name, person, labels = Json.Write(own), by = by.Name, now, ends = now.AddDays(lives) });
            return token;
        }, stop);
        return ((await Find(project, name, stop))!, secret);
    }

    /// <summary>Ends an agent's access at once; what it holds goes to others.</summary>
    public async Task Revoke(Who by, string project, string name, CancellationToken stop)
    {
        await db.Write(async tx =>
        {
            var person = await tx.One<string>("SELECT person FROM agent WHERE project = @project AND name = @name AND revoked_at IS NULL", new { project, name })
                ?? throw ProblemException.NotFound("agent", Names.Shorten(name), "steward agent list");
            await audit.Write(tx, by, "agent.revoked", project, name);
            await programs.Dismiss(tx, by, person);
            var now = clock.GetUtcNow();
            await tx.Run("UPDATE agent SET revoked_at = @now WHERE project = @project AND name = @name", new { project, name, now });
            // A lease that is over is a task that others may take.
            await tx.Run("UPDATE agent_task SET lease_until = @now WHERE project = @project AND agent = @name AND state = 'running'", new { project, name, now });
            tx.AfterCommit(bell.Ring);
        }, stop);
    }

    public async Task<List<Agent>> All(string project, CancellationToken stop) => await Read("", new { project }, stop);

    public async Task<Agent?> Find(string project, string name, CancellationToken stop) => (await Read("AND a.name = @name", new { project, name }, stop)).FirstOrDefault();

    /// <summary>The agent behind a caller; it begins a session, and one that ran before with the same token is over.</summary>
    public async Task<Agent> Begin(Who who, string project, Beginning said, CancellationToken stop)
    {
        if (said.AtOnce is < 1 or > MostAtOnce)
            throw ProblemException.Invalid("at_once_invalid", $"An agent takes 1 to {MostAtOnce} tasks at a time, not {said.AtOnce}.", "Choose fewer: --at-once 4");
        var session = Names.Text("session", said.Session, 64);
        var name = await db.Write(async tx =>
        {
            var now = clock.GetUtcNow();
            var found = await tx.One<string>("""
                UPDATE agent SET session = @session, machine = @machine, version = @version, at_once = @AtOnce, seen_at = @now
                 WHERE project = @project AND person = @person AND revoked_at IS NULL RETURNING name
                """, new { project, person = who.Id, session, machine = Short(said.Machine), version = Short(said.Version), said.AtOnce, now }) ?? throw NotAnAgent();
            await tx.Run("UPDATE agent_task SET lease_until = @now WHERE project = @project AND agent = @found AND state = 'running' AND session <> @session", new { project, found, session, now });
            tx.AfterCommit(bell.Ring);
            return found;
        }, stop);
        return (await Find(project, name, stop))!;
    }

    /// <summary>The name and labels of the agent whose session this is, which is now heard of.</summary>
    public async Task<(string Name, IReadOnlyList<string> Labels)> Seen(Tx tx, Who who, string project, string session)
    {
        var row = await tx.One<SeenRow>("""
            UPDATE agent SET seen_at = @now
             WHERE project = @project AND person = @person AND revoked_at IS NULL AND session = @session RETURNING name, labels
            """, new { project, person = who.Id, session, now = clock.GetUtcNow() });
        if (row is not null)
            return (row.Name, Json.Read<List<string>>(row.Labels));
        throw await tx.One<string>("SELECT name FROM agent WHERE project = @project AND person = @person AND revoked_at IS NULL", new { project, person = who.Id }) is { } other
            ? ProblemException.Conflict("agent_elsewhere", $"Another process works as agent '{other}' now.", "Give each its own token: steward agent token NAME")
            : NotAnAgent();
    }

    private static ProblemException NotAnAgent() => ProblemException.Denied("This token is not, or no longer, an agent's.", "Get one: steward agent token NAME");

    private static int Days(int? days) => days is null ? 365 : days is >= 1 and <= 365 ? days.Value
        : throw ProblemException.Invalid("days_invalid", $"A token cannot live {days} days.", "Choose 1 to 365.");

    private static string? Short(string? text) => text is null ? null : Names.Shorten(text, 100);

    private async Task<List<Agent>> Read(string where, object values, CancellationToken stop) => [.. (await db.All<Row>($"""
        SELECT a.name, a.labels, a.added_by, a.added_at, a.ends_at, a.revoked_at, a.seen_at, a.machine, a.version, a.at_once,
               (SELECT count(*) FROM agent_task t WHERE t.project = a.project AND t.agent = a.name AND t.state = 'running') AS running
          FROM agent a
         WHERE a.project = @project {where}
         ORDER BY a.name
        """, values, stop)).Select(row => new Agent(row.Name, Json.Read<List<string>>(row.Labels), row.AddedBy, row.AddedAt, row.EndsAt, row.RevokedAt, row.SeenAt, row.Machine, row.Version, row.AtOnce, row.Running))];

    private sealed record SeenRow(string Name, string Labels);

    private sealed record Row
    {
        // Set one by one: SQLite gives a column that is always NULL no type, which a constructor would have to match.
        public string Name { get; init; } = "";
        public string Labels { get; init; } = "";
        public string AddedBy { get; init; } = "";
        public DateTimeOffset AddedAt { get; init; }
        public DateTimeOffset EndsAt { get; init; }
        public DateTimeOffset? RevokedAt { get; init; }
        public DateTimeOffset? SeenAt { get; init; }
        public string? Machine { get; init; }
        public string? Version { get; init; }
        public int AtOnce { get; init; }
        public int Running { get; init; }
    }
}
