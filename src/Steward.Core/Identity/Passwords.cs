using System.Net;
using Steward.Storage;

namespace Steward.Identity;

/// <summary>Checks a name and a password, slowly and not too often.</summary>
internal sealed class Passwords(Db db, People people, Users users, SignInThrottle throttle)
{
    /// <summary>The person, or null when name and password do not fit; <c>too_many_attempts</c> when guessing.</summary>
    public async Task<Who?> Check(string user, string password, IPAddress? from, CancellationToken stop)
    {
        user = Names.Shorten(user).ToLowerInvariant();
        var attempt = throttle.Begin(user, from);
        var kept = await db.One<string>("SELECT password FROM person WHERE id = @user AND disabled = 0", new { user }, stop);
        if (!await Task.Run(() => Password.Fits(password, kept), stop))
            return null;
        attempt.Succeeded();
        return (await people.Find(user, stop))?.AsWho();
    }

    public static ProblemException Wrong() => new(ProblemKind.SignInFirst, "credentials_wrong", "Name and password do not fit together.", "Try again, or ask an admin for a link: steward user link NAME");

    /// <summary>Sets a new password for who knows the old one.</summary>
    public async Task Change(Who who, string? old, string? chosen, IPAddress? from, CancellationToken stop)
    {
        if (await Check(who.Id, old ?? "", from, stop) is null)
            throw ProblemException.Denied("The old password is not right.", "Try again, or ask an admin for a link.");
        var hash = await Task.Run(() => Password.Hash(Password.Check(chosen, who.Id)), stop);
        await db.Write(tx => users.SetPassword(tx, who, who.Id, hash), stop);
    }
}
