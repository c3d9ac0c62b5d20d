using Steward.Audit;
using Steward.Storage;

namespace Steward.Identity;

/// <summary>Adds people, gives and takes roles, ends access. What takes rights away ends sessions in the same transaction.</summary>
internal sealed class Users(Db db, IAudit audit, TimeProvider clock)
{
    private static readonly string[] BuiltIn = [Who.Nobody.Id, Who.Open.Id, Who.Steward.Id];

    public Task Add(Who by, string? user, string? name, CancellationToken stop)
    {
        Names.Check("user", user);
        if (BuiltIn.Contains(user))
            throw ProblemException.Invalid("name_invalid", $"'{user}' is built in and cannot be the name of a user.", "Choose another name.");
        return db.Write(tx => Insert(tx, by, user!, name), stop);
    }

    public async Task Insert(Tx tx, Who by, string user, string? name)
    {
        await audit.Write(tx, by, "user.added", null, user);
        await tx.Run("INSERT INTO person (id, name, created_at) VALUES (@user, @name, @now)",
            new { user, name = string.IsNullOrWhiteSpace(name) ? user : Names.Text("name", name, 100), now = clock.GetUtcNow() });
    }

    /// <summary>Sets the roles of a person in one project (or <c>*</c>); an empty set takes all of them.</summary>
    public Task SetRoles(Who by, string user, string project, IReadOnlyCollection<Role> roles, CancellationToken stop)
    {
        if (project != "*")
            Names.Check("project", project);
        // Whoever sets the rules does not also cast the votes: an admin cannot make an approver of themselves.
        if (by.Id == user)
            throw ProblemException.Denied("Nobody changes their own roles.", "Ask another admin.");
        return db.Write(async tx =>
        {
            await audit.Write(tx, by, "user.roles_set", project == "*" ? null : project, user, new { project, roles });
            await Demand(tx, user);
            await tx.Run("DELETE FROM person_role WHERE person = @user AND project = @project", new { user, project });
            foreach (var role in roles.Distinct())
                await Give(tx, user, project, role);
            await Credentials.EndAll(tx, user, tokens: false);
            await DemandAnAdmin(tx);
        }, stop);
    }

    public static Task Give(Tx tx, string user, string project, Role role)
        => tx.Run("INSERT INTO person_role (person, project, role) VALUES (@user, @project, @role)", new { user, project, role });

    public Task SetDisabled(Who by, string user, bool disabled, CancellationToken stop) => db.Write(async tx =>
    {
        await Demand(tx, user);
        await SetDisabled(tx, by, user, disabled);
        await DemandAnAdmin(tx);
    }, stop);

    /// <summary>Ends every session and token of theirs in the same transaction.</summary>
    public async Task SetDisabled(Tx tx, Who by, string user, bool disabled)
    {
        await audit.Write(tx, by, disabled ? "user.disabled" : "user.enabled", null, user);
        await tx.Run("UPDATE person SET disabled = @disabled WHERE id = @user", new { user, disabled });
        await Credentials.EndAll(tx, user, tokens: true);
    }

    /// <summary>A new password ends every session and token: whoever had the old one is out.</summary>
    public async Task SetPassword(Tx tx, Who by, string user, string hash)
    {
        await audit.Write(tx, by, "user.password_set", null, user);
        await tx.Run("UPDATE person SET password = @hash WHERE id = @user", new { user, hash });
        await Credentials.EndAll(tx, user, tokens: true);
    }

    public static async Task Demand(Tx tx, string user)
    {
        if (await tx.One<string>("SELECT id FROM person WHERE id = @user", new { user }) is null)
            throw ProblemException.NotFound("user", Names.Shorten(user), "steward user list");
    }

    private static async Task DemandAnAdmin(Tx tx)
    {
        if (await tx.One<long>("SELECT count(*) FROM person_role r JOIN person p ON p.id = r.person WHERE r.project = '*' AND r.role = 'admin' AND p.disabled = 0") == 0)
            throw ProblemException.Conflict("last_admin", "Then nobody could administer this server any more.", "Make somebody else an admin first.");
    }
}
