using System.CommandLine;
using System.Security.Cryptography;
using Steward.Cli;

namespace Steward.Identity;

internal static class KeyVerbs
{
    public static Command Tree(Server server) => new("key", "Keys that you sign with.") { Add(server), List(server), Revoke(server) };

    private static Command Add(Server server)
    {
        var name = new Argument<string>("name") { Description = "The file in the keys folder of your settings.", DefaultValueFactory = _ => "default" };
        var verb = new Command("add", "Make a key pair (P-256) and register the public half; the private half stays in a file of yours.") { name };
        verb.SetAction(async (line, stop) =>
        {
            var file = StoredSignIns.KeyFile(line.GetRequiredValue(name));
            using var key = ECDsa.Create();
            key.ImportFromPem(file.ReadOrCreate(NewKey));
            var added = await server.Post<PersonKey>("/api/me/keys", new { name = line.GetValue(name), pem = PersonKey.PemOf(key) }, stop);
            Show.Done(line, $"You sign with {file.FullName}; its fingerprint is {added.Hint[..16]}.", added);
        });
        return verb;
    }

    private static Command List(Server server)
    {
        var verb = new Command("list", "List your public keys.");
        verb.SetAction(async (line, stop) => Show.List(line, await server.Get<List<PersonKey>>("/api/me/keys", stop), "No keys.",
            ("fingerprint", one => one.Hint), ("name", one => one.Name), ("", one => one.RevokedAt is null ? "" : "revoked")));
        return verb;
    }

    private static Command Revoke(Server server)
    {
        var hint = new Argument<string>("fingerprint") { Description = "As user key list shows it." };
        var verb = new Command("revoke", "Signatures made with the key from now on do not count.") { hint };
        verb.SetAction(async (line, stop) =>
        {
            using var reply = await (await server.Http(stop)).DeleteAsync($"/api/me/keys/{Server.Segment(line.GetRequiredValue(hint))}", stop);
            await Server.Check(reply, stop);
            Show.Done(line, "The key is revoked.", new { hint = line.GetValue(hint), state = "revoked" });
        });
        return verb;
    }

    private static string NewKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportPkcs8PrivateKeyPem();
    }
}
