using Steward.Storage;

namespace Steward.Identity;

/// <summary>Looks up sessions and tokens. Roles are read with every request, so a change of them counts at once.</summary>
internal sealed class Credentials(Db db, TimeProvider clock)
{
    public static readonly TimeSpan SessionLife = TimeSpan.FromHours(12);

    public async Task<Caller> Session(string secret, CancellationToken stop)
    {
        var hash = Secret.HashOf(secret);
        var rows = await db.All<Row>("""
            SELECT p.id, p.name, r.project, r.role, NULL AS only_project, NULL AS only_role
              FROM session s
              JOIN person p ON p.id = s.person AND p.disabled = 0
              LEFT JOIN person_role r ON r.person = p.id
             WHERE s.hash = @hash AND s.ends_at > @now
            """, new { hash, now = clock.GetUtcNow() }, stop);
        return rows.Count == 0 ? Caller.Wrong(Way.Session) : new(Person(rows), Way.Session, hash);
    }

    public async Task<Caller> Token(string secret, CancellationToken stop)
    {
        var hash = Secret.HashOf(secret);
        var rows = await db.All<Row>("""
            SELECT p.id, p.name, r.project, r.role, t.project AS only_project, t.role AS only_role
              FROM token t
              JOIN person p ON p.id = t.person AND p.disabled = 0
              LEFT JOIN person_role r ON r.person = p.id
             WHERE t.hash = @hash AND t.ends_at > @now
            """, new { hash, now = clock.GetUtcNow() }, stop);
        if (rows.Count == 0)
            return Caller.Wrong(Way.Token);
        var (project, role) = (rows[0].OnlyProject, rows[0].OnlyRole is { } word ? Enum.Parse<Role>(word, ignoreCase: true) : (Role?)null);
        var owner = Person(rows);
        return new(owner with { Roles = Scope.Narrow(owner.Roles, project, role) }, Way.Token, hash, project is not null || role is not null);
    }

    /// <summary>A new session; the secret goes into the cookie and nowhere else.</summary>
    public async Task<string> Begin(Tx tx, string person)
    {
        var (secret, now) = (Secret.New(), clock.GetUtcNow());
        await tx.Run("DELETE FROM session WHERE ends_at <= @now", new { now });
        await tx.Run("INSERT INTO session (hash, person, created_at, ends_at) VALUES (@hash, @person, @now, @ends)",
            new { hash = Secret.HashOf(secret), person, now, ends = now + SessionLife });
        return secret;
    }

    /// <summary>Ends the session or token itself.</summary>
    public static async Task End(Tx tx, string hash)
    {
        await tx.Run("DELETE FROM session WHERE hash = @hash", new { hash });
        await tx.Run("DELETE FROM token WHERE hash = @hash", new { hash });
    }

    /// <summary>Ends every session of a person, and every token as well when <paramref name="tokens"/> is set.</summary>
    public static async Task EndAll(Tx tx, string person, bool tokens)
    {
        await tx.Run("DELETE FROM session WHERE person = @person", new { person });
        if (tokens)
            await tx.Run("DELETE FROM token WHERE person = @person", new { person });
    }

    private static Who Person(List<Row> rows) => new(rows[0].Id, rows[0].Name, Scope.Roles(rows.Select(row => (row.Project, row.Role))));

    private sealed record Row
    {
        // Set one by one: SQLite gives a column that is always NULL no type, which a constructor would have to match.
        public string Id { get; init; } = "";
        public string Name { get; init; } = "";
        public string? Project { get; init; }
        public string? Role { get; init; }
        public string? OnlyProject { get; init; }
        public string? OnlyRole { get; init; }
    }
}
