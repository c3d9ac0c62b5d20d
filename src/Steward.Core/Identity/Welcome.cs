using Steward.Audit;
using Steward.Storage;

namespace Steward.Identity;

/// <summary>One-use links with which a person chooses a password; without a person in it, the first admin makes theirs.</summary>
internal sealed class Welcome(Db db, IAudit audit, Users users, TimeProvider clock)
{
    private static readonly TimeSpan FirstAdminLife = TimeSpan.FromMinutes(15), PersonLife = TimeSpan.FromHours(24);

    /// <summary>A new link, as path and query; one made before for the same person stops working.</summary>
    public async Task<string> Link(Who by, string? person, CancellationToken stop)
    {
        var secret = Secret.New();
        var ends = clock.GetUtcNow() + (person is null ? FirstAdminLife : PersonLife);
        await db.Write(async tx =>
        {
            await audit.Write(tx, by, "user.link_made", null, person ?? "first admin");
            if (person is not null)
                await Users.Demand(tx, person);
            await tx.Run("DELETE FROM welcome WHERE person = @person OR (person IS NULL AND CAST(@person AS text) IS NULL)", new { person });
            await tx.Run("INSERT INTO welcome (hash, person, ends_at) VALUES (@hash, @person, @ends)", new { hash = Secret.HashOf(secret), person, ends });
        }, stop);
        return "/welcome?link=" + secret;
    }

    /// <summary>Whom a link is for (an empty name for the first admin); null when it is used, too old or made up.</summary>
    public Task<string?> For(string? link, CancellationToken stop)
        => db.One<string>("SELECT coalesce(person, '') AS person FROM welcome WHERE hash = @hash AND ends_at > @now", new { hash = Secret.HashOf(link ?? ""), now = clock.GetUtcNow() }, stop);

    /// <summary>Uses the link up and sets the password; the user's name.</summary>
    public async Task<string> Use(string? link, string? user, string? name, string? password, CancellationToken stop)
    {
        var person = await For(link, stop) ?? throw Spent();
        var first = person.Length == 0;
        user = first ? Names.Check("user", user) : person;
        if (first && user is "nobody" or "open" or "steward")
            throw ProblemException.Invalid("name_invalid", $"'{user}' is built in and cannot be the name of a user.", "Choose another name.");
        var hash = await Task.Run(() => Password.Hash(Password.Check(password, user)), stop);
        await db.Write(async tx =>
        {
            // The row goes in the same transaction: of two who use the link at once, one is refused.
            if (await tx.Run("DELETE FROM welcome WHERE hash = @hash", new { hash = Secret.HashOf(link!) }) == 0)
                throw Spent();
            var by = new Who(user, user, Who.Nobody.Roles);
            if (first)
            {
                await users.Insert(tx, by, user, name);
                await Users.Give(tx, user, "*", Role.Admin);
            }

            await users.SetPassword(tx, by, user, hash);
        }, stop);
        return user;
    }

    private static ProblemException Spent() => ProblemException.Denied("This link was used already or is too old.", "Start the server again for a new admin link, or ask an admin: steward user link NAME");
}

/// <summary>What a server without people prints at start.</summary>
public sealed class FirstStart
{
    private readonly Db _db;
    private readonly Welcome _welcome;

    internal FirstStart(Db db, Welcome welcome) => (_db, _welcome) = (db, welcome);

    /// <summary>Path and query of a link that makes the first admin, good for one use within 15 minutes; null when there are people.</summary>
    public async Task<string?> Link(CancellationToken stop = default)
        => await _db.One<long>("SELECT count(*) FROM person", stop: stop) > 0 ? null : await _welcome.Link(Who.Steward, null, stop);
}
