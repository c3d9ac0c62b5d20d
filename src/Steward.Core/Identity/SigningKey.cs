using System.Security.Cryptography;

namespace Steward.Identity;

/// <summary>The private half of a key that somebody signs with, on the machine where they sit.</summary>
public static class SigningKey
{
    /// <summary>Holds a key (PEM) where there is no file for it: in the secrets of a build service.</summary>
    /// <remarks>What holds no PEM is no key: some services leave the name of a secret that was never set.</remarks>
    public const string Variable = "STEWARD_SIGNING_KEY";
    public const string Usual = "default";

    /// <summary>The key by the name that <c>steward user key add</c> gave it; the caller disposes it.</summary>
    public static ECDsa Open(string name)
    {
        var pem = (name == Usual && Environment.GetEnvironmentVariable(Variable) is { } given && given.Contains("-----BEGIN", StringComparison.Ordinal) ? given : StoredSignIns.KeyFile(name).Read())
            ?? throw ProblemException.NotFound("key", name, "Make one: steward user key add");
        return Read(pem, $"The key '{name}' cannot be read.", "Make another one: steward user key add");
    }

    /// <summary>A public half (PEM) as its owner gave it; the caller disposes it.</summary>
    public static ECDsa Public(string name, string pem) => Read(pem, $"'{name}' is not a public key in PEM.", "steward user key list --json shows the public halves of your keys.");

    private static ECDsa Read(string pem, string why, string tryThis)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            return key;
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            key.Dispose();
            throw ProblemException.Invalid("key_invalid", why, tryThis);
        }
    }
}
