using System.Text.RegularExpressions;

namespace Steward.Docs.Tests;

/// <summary>The promises that test sources hold, as <c>Class.Method</c>: read as text, so that no other test project has to be built. What this project promises is about pages and proves no row.</summary>
internal static partial class Promises
{
    public static HashSet<string> Under(string folder) => [.. Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains("/Steward.Docs.Tests/", StringComparison.Ordinal) && !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal))
        .SelectMany(file => In(File.ReadAllText(file)))];

    /// <summary>A test belongs to the nearest class above it that is indented less. One that is skipped, or runs only when asked for, promises nothing.</summary>
    public static IEnumerable<string> In(string source)
    {
        var classes = ClassLine().Matches(source);
        foreach (Match test in TestLine().Matches(source))
            if (!Absent().IsMatch(test.Groups["attributes"].Value) && classes.LastOrDefault(one => one.Index < test.Index && one.Groups["indent"].Length < test.Groups["indent"].Length) is { } owner)
                yield return $"{owner.Groups["name"].Value}.{test.Groups["name"].Value}";
    }

    [GeneratedRegex(@"^(?<indent>[ ]*)(?:(?:public|internal|private|sealed|abstract|static|partial|file)\s+)*(?:class|record)\s+(?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex ClassLine();

    [GeneratedRegex(@"^(?<indent>[ ]*)(?<attributes>\[(?:Fact|Theory)\b(?:(?!^[ ]*public\s).)*?)^\k<indent>public\s+(?:(?:async|virtual|override|static)\s+)*(?:void|Task|ValueTask)\s+(?<name>\w+)\s*\(", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex TestLine();

    [GeneratedRegex(@"\b(?:Skip|Explicit)\s*=")]
    private static partial Regex Absent();
}
