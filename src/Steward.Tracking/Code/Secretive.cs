using System.Text.RegularExpressions;

namespace Steward.Tracking;

/// <summary>Texts that look like secrets: what is kept of somebody's folder is kept without them, and that is said.</summary>
internal static partial class Secretive
{
    private const string Hidden = "(a line that looks like a secret was left out)";

    /// <summary>Files that are there to hold secrets.</summary>
    public static bool IsName(string path) => SecretFile().IsMatch(path[(path.LastIndexOf('/') + 1)..]);

    /// <summary>The diff without such lines, and a sentence for each file that had some.</summary>
    public static (string Kept, IReadOnlyList<string> Notes) Hide(string diff)
    {
        if (diff.Length == 0)
            return (diff, []);
        var (lines, found, file, secret, key) = (diff.Split('\n'), new SortedDictionary<string, int>(StringComparer.Ordinal), "", false, false);
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i];
            if (line.StartsWith("diff --git ", StringComparison.Ordinal))
            {
                file = line[(line.LastIndexOf(" b/", StringComparison.Ordinal) is > 0 and var at ? at + 3 : 11)..].TrimEnd('"');
                (secret, key) = (IsName(file), false);
            }
            else if (line.Length > 0 && line[0] is '+' or '-' or ' ' && !line.StartsWith("+++ ", StringComparison.Ordinal) && !line.StartsWith("--- ", StringComparison.Ordinal))
            {
                key |= line.Contains("-----BEGIN", StringComparison.Ordinal) && line.Contains("PRIVATE KEY", StringComparison.Ordinal);
                if (secret || key || SecretLine().IsMatch(line.Length > 2000 ? line[..2000] : line))
                {
                    lines[i] = line[0] + Hidden;
                    found[file] = found.GetValueOrDefault(file) + 1;
                }

                key &= !line.Contains("-----END", StringComparison.Ordinal);
            }
        }

        return found.Count == 0 ? (diff, []) : (string.Join('\n', lines), [.. found.Select(one => $"{Names.Shorten(one.Key, 200)}: {Say.Count(one.Value, "line")} that may hold a secret.")]);
    }

    [GeneratedRegex(@"^(\.env(\..*)?|\.netrc|\.pgpass|\.npmrc|\.pypirc|id_(rsa|dsa|ecdsa|ed25519).*|credentials(\.json)?|.*\.(pem|key|p12|pfx|jks|keystore|kdbx|ovpn))$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SecretFile();

    // Keys as their makers write them, and values given to names that say what they are; a value read from elsewhere is none.
    [GeneratedRegex(@"\b(AKIA|ASIA)[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{30,}|\bgithub_pat_[A-Za-z0-9_]{30,}|\bxox[abprs]-[A-Za-z0-9-]{10,}|\bsk-[A-Za-z0-9_-]{20,}|\bglpat-[A-Za-z0-9_-]{15,}|\bdapi[0-9a-f]{32}|\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.|AccountKey=[A-Za-z0-9+/=]{20,}|://[^/\s:@]+:[^/\s:@{}$]{3,}@|(?:passw(?:or)?d|passphrase|secret|api[_-]?key|access[_-]?key|auth[_-]?token|token)[""']?\s*[:=]\s*(?:[""'][^""'${}\s]{6,}[""']|[^""'\s${}()\[\]]{12,}$)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex SecretLine();
}
