using Steward.Storage;

namespace Steward.Identity;

/// <summary>Programs that come in by themselves: no password, one role in one project, one token.</summary>
public interface IPrograms
{
    /// <summary>Admits a program, or gives it a new token in place of its old one. The secret is nowhere else.</summary>
    Task<(string Person, string Secret)> Admit(Tx tx, Who by, string project, string name, Role role, TimeSpan lives);

    /// <summary>Ends its access at once.</summary>
    Task Dismiss(Tx tx, Who by, string person);
}

internal sealed class Programs(Users users, Tokens tokens) : IPrograms
{
    public async Task<(string Person, string Secret)> Admit(Tx tx, Who by, string project, string name, Role role, TimeSpan lives)
    {
        // No person's name has a slash, so that none can be mistaken for a program.
        var person = $"{Names.Check("project", project)}/{Names.Check("program", name)}";
        if (await tx.One<string>("SELECT id FROM person WHERE id = @person", new { person }) is null)
        {
            await users.Insert(tx, by, person, name);
            await Users.Give(tx, person, project, role);
        }

        await tx.Run("UPDATE person SET disabled = 0 WHERE id = @person", new { person });
        await Credentials.EndAll(tx, person, tokens: true);
        return (person, await tokens.Add(tx, by, person, name, project, role, lives));
    }

    public Task Dismiss(Tx tx, Who by, string person) => users.SetDisabled(tx, by, person, disabled: true);
}
