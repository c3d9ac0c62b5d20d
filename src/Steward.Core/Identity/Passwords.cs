using System.Net;
using Steward.Storage;

namespace Steward.Identity;

/// <summary>Checks a name and a password, slowly and not too often.</summary>
internal sealed class Passwords(Db db, People people, SignInThrottle throttle)
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
}
