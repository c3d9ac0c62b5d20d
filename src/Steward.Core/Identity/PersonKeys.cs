using System.Security.Cryptography;
using Steward.Audit;
using Steward.Storage;

namespace Steward.Identity;

/// <summary>Public keys that people sign with. Only the person adds one, so nobody can sign in another's name.</summary>
internal sealed class PersonKeys(Db db, IAudit audit, TimeProvider clock)
{
    private const string P256 = "1.2.840.10045.3.1.7";

    public async Task<PersonKey> Add(Who owner, string? name, string? pem, CancellationToken stop)
    {
        using var key = Read(pem);
        var added = new PersonKey(PersonKey.HintOf(key), owner.Id, Names.Text("name of the key", name, 100), PersonKey.PemOf(key), clock.GetUtcNow(), null);
        await db.Write(async tx =>
        {
            await audit.Write(tx, owner, "user.key_added", null, owner.Id, new { added.Hint, added.Name });
            await tx.Run("INSERT INTO person_key (hint, person, name, pem, created_at) VALUES (@Hint, @Person, @Name, @Pem, @CreatedAt)", added);
        }, stop);
        return added;
    }

    public Task Revoke(Who owner, string hint, CancellationToken stop) => db.Write(async tx =>
    {
        if (await tx.Run("UPDATE person_key SET revoked_at = @now WHERE hint = @hint AND person = @Id AND revoked_at IS NULL", new { now = clock.GetUtcNow(), hint, owner.Id }) == 0)
            throw ProblemException.NotFound("key", Names.Shorten(hint), "steward user key list");
        await audit.Write(tx, owner, "user.key_revoked", null, owner.Id, new { hint });
    }, stop);

    private static ECDsa Read(string? pem)
    {
        var key = ECDsa.Create();
        try
        {
            if (pem is { Length: < 2000 } && pem.Contains("BEGIN PUBLIC KEY", StringComparison.Ordinal))
            {
                key.ImportFromPem(pem);
                if (key.ExportParameters(false).Curve.Oid.Value == P256)
                    return key;
            }
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            // said below
        }

        key.Dispose();
        throw ProblemException.Invalid("key_invalid", "This is not a P-256 public key in PEM.", "Make one: steward user key add");
    }
}
