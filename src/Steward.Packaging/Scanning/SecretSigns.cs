using System.Text;
using System.Text.RegularExpressions;

namespace Steward.Packaging.Scanning;

/// <summary>Secrets that have a form of their own. What only looks random is not guessed at: who is warned of everything reads nothing.</summary>
internal static partial class SecretSigns
{
    private static readonly (Regex Form, string What)[] Forms =
    [
        (PrivateKey(), "a private key"),
        (Aws(), "an access key of AWS"),
        (GitHub(), "a token of GitHub"),
        (GitLab(), "a token of GitLab"),
        (Slack(), "a token of Slack"),
        (Google(), "a key of Google"),
        (Azure(), "an account key of Azure"),
        (Own(), "a token of Steward"),
        (Address(), "an address with a password in it"),
    ];

    /// <summary>What was found in a text; null when nothing was.</summary>
    public static string? In(string text) => Forms.FirstOrDefault(one => one.Form.IsMatch(text)).What;

    /// <summary>The same in a file; files that are no text are left out.</summary>
    public static string? In(ReadOnlySpan<byte> head) => head[..Math.Min(head.Length, 8192)].Contains((byte)0) ? null : In(Encoding.Latin1.GetString(head));

    [GeneratedRegex(@"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s+[A-Za-z0-9+/=]{16}", RegexOptions.NonBacktracking)]
    private static partial Regex PrivateKey();

    [GeneratedRegex(@"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b", RegexOptions.NonBacktracking)]
    private static partial Regex Aws();

    [GeneratedRegex(@"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60})", RegexOptions.NonBacktracking)]
    private static partial Regex GitHub();

    [GeneratedRegex(@"\bglpat-[A-Za-z0-9_-]{20}", RegexOptions.NonBacktracking)]
    private static partial Regex GitLab();

    [GeneratedRegex(@"\bxox[abprs]-[0-9A-Za-z-]{20}", RegexOptions.NonBacktracking)]
    private static partial Regex Slack();

    [GeneratedRegex(@"\bAIza[0-9A-Za-z_-]{35}", RegexOptions.NonBacktracking)]
    private static partial Regex Google();

    [GeneratedRegex(@"AccountKey=[A-Za-z0-9+/]{60,}={0,2}", RegexOptions.NonBacktracking)]
    private static partial Regex Azure();

    [GeneratedRegex(@"\bstw_[A-Za-z0-9_-]{20}", RegexOptions.NonBacktracking)]
    private static partial Regex Own();

    [GeneratedRegex(@"\b[a-z][a-z0-9+.-]{2,12}://[A-Za-z0-9._~-]+:[^@\s/:""'<>{}$]{6,}@[A-Za-z0-9]", RegexOptions.NonBacktracking)]
    private static partial Regex Address();
}
