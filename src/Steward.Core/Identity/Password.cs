using System.Security.Cryptography;

namespace Steward.Identity;

/// <summary>
/// PBKDF2 with SHA-256, 600,000 rounds (OWASP Password Storage Cheat Sheet), 16 bytes of salt; kept as
/// <c>pbkdf2-sha256$rounds$salt$hash</c> in Base64.
/// </summary>
internal static class Password
{
    public const int AtLeast = 12;
    private const int Rounds = 600_000, SaltBytes = 16, HashBytes = 32, AtMost = 256;
    private static readonly string[] Common = ["password", "passwort", "passw0rd", "p@ssw0rd", "letmein", "iloveyou", "welcome", "changeme", "football", "princess", "sunshine", "dragon", "monkey", "steward", "admin", "administrator", "default", "secret"];
    private static readonly string[] Rows = ["abcdefghijklmnopqrstuvwxyz", "01234567890123456789", "qwertyuiopasdfghjklzxcvbnm", "qwertzuiopasdfghjklyxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p"];

    public static string Hash(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return $"pbkdf2-sha256${Rounds}${Convert.ToBase64String(salt)}${Convert.ToBase64String(Stretch(password, salt, Rounds))}";
    }

    /// <summary>Takes the same time whether there is a hash to compare with or not.</summary>
    public static bool Fits(string password, string? kept)
    {
        var parts = kept?.Split('$');
        var (rounds, salt, hash) = parts is { Length: 4 }
            ? (int.Parse(parts[1], null), Convert.FromBase64String(parts[2]), Convert.FromBase64String(parts[3]))
            : (Rounds, new byte[SaltBytes], new byte[HashBytes]);
        return password.Length <= AtMost && CryptographicOperations.FixedTimeEquals(Stretch(password, salt, rounds), hash) && parts is not null;
    }

    /// <summary>Refuses what a stranger would try first; the sentence says what is wrong with it.</summary>
    public static string Check(string? password, string user)
    {
        if (password is null || password.Length < AtLeast)
            throw Weak($"A password has at least {AtLeast} characters.");
        if (password.Length > AtMost)
            throw Weak($"A password has at most {AtMost} characters.");
        var plain = new string([.. password.ToLowerInvariant().Where(c => !char.IsWhiteSpace(c))]);
        if (plain.Distinct().Count() < 5)
            throw Weak("This password repeats a few characters.");
        if (Rows.Any(row => Left(plain, row) < 5))
            throw Weak("This password follows the keyboard or the alphabet.");
        if (user.Length > 2 && plain.Replace(user, "", StringComparison.Ordinal).Length < 6)
            throw Weak("This password is little more than the user name.");
        // Longest first: "administrator" is one word, not "admin" with something unusual behind it.
        var rest = Common.OrderByDescending(word => word.Length).Aggregate(plain, (left, word) => left.Replace(word, "", StringComparison.Ordinal));
        if (rest.Length < plain.Length && rest.Count(char.IsAsciiLetter) < 5)
            throw Weak("This password is one of those that strangers try first.");
        return password;
    }

    /// <summary>How many characters are not part of a run of four or more along the row, forwards or backwards.</summary>
    private static int Left(string password, string row)
    {
        var back = new string([.. row.Reverse()]);
        var (left, at) = (0, 0);
        while (at < password.Length)
        {
            var run = 1;
            while (at + run < password.Length && (row.Contains(password[at..(at + run + 1)], StringComparison.Ordinal) || back.Contains(password[at..(at + run + 1)], StringComparison.Ordinal)))
                run++;
            left += run >= 4 ? 0 : run;
            at += run;
        }

        return left;
    }

    private static byte[] Stretch(string password, byte[] salt, int rounds) => Rfc2898DeriveBytes.Pbkdf2(password, salt, rounds, HashAlgorithmName.SHA256, HashBytes);

    private static ProblemException Weak(string why) => ProblemException.Invalid("password_weak", why, "Take four words that do not belong together.");
}
