using Steward.Audit;
using Steward.Storage;

namespace Steward.Identity;

/// <param name="Project">The only project it works in, or null for all of its owner's.</param>
/// <param name="Role">The only role it gives, or null for all of its owner's.</param>
internal sealed record Token(string Id, string Person, string Name, string? Project, string? Role, DateTimeOffset CreatedAt, DateTimeOffset EndsAt);

/// <summary>Tokens for programs: shown once, kept hashed, always with an end, never more than their owner may.</summary>
internal sealed class Tokens(Db db, IAudit audit, TimeProvider clock)
{
    public const int MostDays = 365, UsualDays = 90;

    /// <summary>Makes a token; the second value is the secret, which is nowhere else.</summary>
    public async Task<(Token Token, string Secret)> Add(Who owner, string? name, string? project, Role? role, int? days, CancellationToken stop)
    {
        if (days is < 1 or > MostDays)
            throw ProblemException.Invalid("days_invalid", $"A token cannot live {days} days.", $"Choose 1 to {MostDays}.");
        if (project is not null)
            owner.Demand(Permission.Read, Names.Check("project", project));
        if (role is not null && Scope.Narrow(owner.Roles, project, role).Count == 0)
            throw ProblemException.Denied($"{owner.Name} is not {role.Value.ToString().ToLowerInvariant()}{(project is null ? "" : $" in project '{project}'")}, so a token cannot be either.", "Make it for a role you have: steward user list");
        return await db.Write(tx => Insert(tx, owner, owner.Id, Names.Text("name of the token", name, 100), project, role, TimeSpan.FromDays(days ?? UsualDays)), stop);
    }

    /// <summary>A token of another's, for programs that somebody admits.</summary>
    public async Task<string> Add(Tx tx, Who by, string person, string name, string project, Role role, TimeSpan lives)
        => (await Insert(tx, by, person, name, project, role, lives)).Secret;

    private async Task<(Token Token, string Secret)> Insert(Tx tx, Who by, string person, string name, string? project, Role? role, TimeSpan lives)
    {
        var (secret, now) = (Secret.New(Secret.TokenPrefix), clock.GetUtcNow());
        var token = new Token(Names.NewId(), person, name, project, role?.ToString().ToLowerInvariant(), now, now + lives);
        await audit.Write(tx, by, "token.added", project, token.Id, new { token.Name, token.Role, token.EndsAt });
        await tx.Run("""
            INSERT INTO token (id, hash, person, name, project, role, created_at, ends_at)
            VALUES (@Id, @Hash, @Person, @Name, @Project, @Role, @CreatedAt, @EndsAt)
            """, new { token.Id, Hash = Secret.HashOf(secret), token.Person, token.Name, token.Project, token.Role, token.CreatedAt, token.EndsAt });
        return (token, secret);
    }

    public Task<List<Token>> Of(string user, CancellationToken stop) => db.All<Token>("""
        SELECT id, person, name, project, role, created_at, ends_at
          FROM token
         WHERE person = @user AND ends_at > @now
         ORDER BY created_at DESC
        """, new { user, now = clock.GetUtcNow() }, stop);

    /// <summary>Ends a token of one's own; an admin of the server ends anybody's.</summary>
    public Task Revoke(Who by, string id, CancellationToken stop) => db.Write(async tx =>
    {
        var owner = await tx.One<string>("SELECT person FROM token WHERE id = @id", new { id });
        if (owner is null || (owner != by.Id && !by.May(Permission.AdministerServer)))
            throw ProblemException.NotFound("token", Names.Shorten(id), "steward token list");
        await audit.Write(tx, by, "token.revoked", null, id, new { owner });
        await tx.Run("DELETE FROM token WHERE id = @id", new { id });
    }, stop);
}
