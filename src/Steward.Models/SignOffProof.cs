using Steward.Identity;

namespace Steward.Models;

/// <summary>A sign-off with the public keys of its votes: <c>steward signoff verify</c> checks it anywhere, without this server.</summary>
public static class SignOffProof
{
    public static async Task<byte[]> Of(SignOff signOff, IPeople people, DateTimeOffset now, CancellationToken stop = default)
    {
        var keys = new List<PersonKey>();
        foreach (var hint in signOff.Votes.Select(vote => vote.KeyId).Distinct())
            if (await people.KeyOf(hint, stop) is { } key)
                keys.Add(key);
        return System.Text.Encoding.UTF8.GetBytes(Json.Write(SignOffView.Of(signOff, now) with { Keys = keys }));
    }
}
