using System.Security.Cryptography;
using System.Text;

namespace Steward.Packaging;

/// <summary>A file of a person's folder, read whole and within limits.</summary>
/// <param name="Name">As people know it: relative to the folder they stand in.</param>
/// <param name="Digest">Of its bytes.</param>
internal sealed record TextSource(string Name, string Digest, string Text)
{
    private const long MostBytes = 4 << 20;
    private const int MostLine = 10_000;

    public static TextSource Open(string folder, string name)
    {
        var file = new FileInfo(Path.Combine(folder, name));
        if (!file.Exists)
            throw ProblemException.NotFound("file", name, "Look at the path.");
        if (file.Length > MostBytes)
            throw ProblemException.Invalid("too_large", $"{name} has {Say.Bytes(file.Length)}; at most {Say.Bytes(MostBytes)} are read.", "Name the file that lists packages.");
        var bytes = File.ReadAllBytes(file.FullName);
        var text = Encoding.UTF8.GetString(bytes);
        if (text.Contains('\0', StringComparison.Ordinal))
            throw ProblemException.Invalid("not_text", $"{name} is no text.", "Name the file that lists packages.");
        return new(name, "sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes)), text.TrimStart('\uFEFF'));
    }

    /// <summary>Lines as people count them, without their ends.</summary>
    public IEnumerable<(int Number, string Text)> Lines()
    {
        var number = 0;
        using var reader = new StringReader(Text);
        while (reader.ReadLine() is { } line)
            yield return (++number, line.Length <= MostLine ? line : throw ProblemException.Invalid("line_too_long", $"{Name}:{number} has {line.Length:N0} characters; at most {MostLine:N0} are read.", "Look whether this is a list of packages."));
    }

    /// <summary>The line on which something stands first; 0 when it does not.</summary>
    public int LineOf(string words) => Text.IndexOf(words, StringComparison.Ordinal) is >= 0 and var at ? Text.AsSpan(0, at).Count('\n') + 1 : 0;
}
