using System.Security.Cryptography;

namespace Steward.Identity;

/// <summary>The people of this server, for rooms that ask parties, count votes or check signatures.</summary>
public interface IPeople
{
    /// <summary>The person, or null; a disabled one is found and says so.</summary>
    Task<Person?> Find(string user, CancellationToken stop = default);

    /// <summary>Public keys of a person, also revoked ones, oldest first.</summary>
    Task<List<PersonKey>> Keys(string user, CancellationToken stop = default);

    /// <summary>The key of a signature's hint and whose it is; null when nobody here has it.</summary>
    Task<PersonKey?> KeyOf(string hint, CancellationToken stop = default);

    /// <summary>Who holds a role in a project, directly or for every project; disabled people do not.</summary>
    Task<List<Person>> With(Role role, string project, CancellationToken stop = default);
}

/// <param name="Id">What they sign in with; equals <see cref="Who.Id"/>.</param>
/// <param name="Name">The name people know.</param>
/// <param name="Roles">Project to roles; <c>*</c> is every project.</param>
public sealed record Person(string Id, string Name, bool Disabled, DateTimeOffset CreatedAt, IReadOnlyDictionary<string, IReadOnlySet<Role>> Roles)
{
    public Who AsWho() => new(Id, Name, Roles);
}

/// <summary>A public key a person signs with: P-256, ECDSA over SHA-256.</summary>
/// <param name="Hint">SHA-256 (hex) of the SPKI in PEM with a final line feed, as OpenSSF model signing writes it.</param>
/// <param name="Pem">SubjectPublicKeyInfo in PEM.</param>
/// <param name="RevokedAt">Signatures made from then on do not count.</param>
public sealed record PersonKey(string Hint, string Person, string Name, string Pem, DateTimeOffset CreatedAt, DateTimeOffset? RevokedAt)
{
    /// <summary>The SPKI PEM of a key in the one spelling that hints are computed from.</summary>
    public static string PemOf(ECDsa key) => key.ExportSubjectPublicKeyInfoPem() + "\n";

    public static string HintOf(ECDsa key) => Digest.Of(PemOf(key)).Hex;

    /// <summary>The key, ready to verify; the caller disposes it.</summary>
    public ECDsa Open()
    {
        var key = ECDsa.Create();
        key.ImportFromPem(Pem);
        return key;
    }
}
