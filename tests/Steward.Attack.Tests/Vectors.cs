namespace Steward.Attack.Tests;

/// <summary>What attackers put where a name belongs. Paths are spelled as they go over the wire.</summary>
public static class Vectors
{
    public static IReadOnlyList<string> Paths { get; } =
    [
        "..", "../..", "../../../../etc/passwd", "/etc/passwd", "//etc/passwd", "%2e%2e%2f%2e%2e%2fetc%2fpasswd", "%252e%252e%252fetc%252fpasswd",
        "%2%0952e%2%0952e%2fetc%2fpasswd", "..;/..;/etc/passwd", "..%5c..%5cetc%5cpasswd", "C:%5cWindows%5cwin.ini", "%5c%5chost%5cshare", "%5c%5c%3f%5cC:%5c",
        "etc%2fpasswd%00.jpg", "%00", "passwd...", "passwd%20", "file:%2f%2f%2fetc%2fpasswd", "%c0%ae%c0%ae%c0%afetc", "%ef%bc%8e%ef%bc%8e%ef%bc%8fetc",
        "%e2%80%a5%2fetc", "%ff%fe", "%0d%0aSet-Cookie:%20a=b", new string('a', 4000), "CON", "%F0%9F%92%A9",
    ];

    /// <summary>For JSON and query values: addresses, shells, SQL, markup, control characters, numbers in disguise.</summary>
    public static IReadOnlyList<string> Values { get; } =
    [
        "../../../../etc/passwd", "/etc/passwd", "file:///etc/passwd", "ftp://127.0.0.1/x", "http://169.254.169.254/latest/meta-data", "dbfs:/x", "x#/../../etc", "x;/../../etc",
        "//proc/self/root/etc/passwd", "$(id)", "`id`", "-rf", "a\nb", "a\0b", "';DROP TABLE person;--", "\" OR 1=1 --", "<img src=x onerror=alert(1)>", "\ud800", "%s%n", "",
        "{{7*7}}", "1e999", "\u202egpj.exe", new('x', 100_000),
    ];

    /// <summary>What no reply may ever hold: lines of a foreign file, private keys, our own innards.</summary>
    public static void AssertHarmless(string what, int status, string body)
    {
        Assert.False(status >= 500 && status != 503, $"{what}: {status} {body}");
        foreach (var canary in (string[])["root:x:0", "PRIVATE KEY", "   at Steward.", "Exception:"])
            Assert.False(body.Contains(canary, StringComparison.Ordinal), $"{what}: {body}");
    }
}
