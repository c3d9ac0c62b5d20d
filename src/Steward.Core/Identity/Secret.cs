using System.Buffers.Text;
using System.Security.Cryptography;

namespace Steward.Identity;

/// <summary>Secrets that we make: 256 random bits, shown once, kept as their SHA-256.</summary>
internal static class Secret
{
    public const string TokenPrefix = "stw_";

    public static string New(string prefix = "") => prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>Enough without salt or stretching: 256 random bits cannot be guessed from it.</summary>
    public static string HashOf(string secret) => Digest.Of(secret).Hex;
}
