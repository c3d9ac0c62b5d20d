using System.Text.RegularExpressions;

namespace Steward.Kubernetes.Tests;

/// <summary>
/// Manifests that are wrong in one way each. The last lines of each file say what must be found and why; the line that is
/// wrong ends with <c># here</c>.
/// </summary>
public class BrokenTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Broken");

    public static TheoryData<string> All => [.. Directory.EnumerateFiles(Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal).Select(name => name!)];

    [Fact]
    public void There_are_at_least_forty() => Assert.InRange(All.Count, 40, 1000);

    [Theory]
    [MemberData(nameof(All))]
    public void Each_is_caught_once_with_its_line_its_path_and_the_reason(string name)
    {
        var text = File.ReadAllText(Path.Combine(Folder, name));
        var expected = Regex.Match(text, @"^# expects: (?<code>\w+) at (?<path>.*)\n# because: (?<why>.+)$", RegexOptions.Multiline);
        var found = Assert.Single(ManifestCheck.Run([new(name, text)]).Wrong);
        Assert.Equal((expected.Groups["code"].Value, expected.Groups["path"].Value), (found.Code, found.Path));
        Assert.Contains(expected.Groups["why"].Value, $"{found.Why} {found.Try}", StringComparison.Ordinal);
        if (text.Split('\n').ToList().FindIndex(line => line.EndsWith("# here", StringComparison.Ordinal)) is var line and >= 0)
            Assert.Equal(line + 1, found.Line);
        Assert.Equal(name, found.File);
    }
}
