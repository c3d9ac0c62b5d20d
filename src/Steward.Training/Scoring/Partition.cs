namespace Steward.Training;

/// <summary>A file of a folder that is scored, by its place below the folder: <c>day=2026-01-01/part-0.parquet</c>.</summary>
internal sealed record Partition(string Name, string Path)
{
    private static readonly EnumerationOptions All = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };

    /// <summary>Parquet and CSV files, by name; what begins with a dot or an underscore is none of the rows.</summary>
    public static IReadOnlyList<Partition> In(string folder) =>
        [.. new DirectoryInfo(folder).EnumerateFiles("*", All)
            .Select(file => new Partition(System.IO.Path.GetRelativePath(folder, file.FullName).Replace('\\', '/'), file.FullName))
            .Where(one => Ending(one.Name) is not null && !one.Name.Split('/').Any(word => word[0] is '.' or '_') && !one.Name.EndsWith(".bad.csv", StringComparison.Ordinal))
            .OrderBy(one => one.Name, StringComparer.Ordinal)];

    /// <summary><c>.parquet</c> or <c>.csv</c>; null for anything else.</summary>
    public static string? Ending(string name) => System.IO.Path.GetExtension(name).ToUpperInvariant() switch
    {
        ".PARQUET" => ".parquet",
        ".CSV" => ".csv",
        _ => null,
    };

    /// <summary>What folders named <c>day=2026-01-01</c> say of all rows below them.</summary>
    public static IReadOnlyDictionary<string, string> Values(string name)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var word in name.Split('/')[..^1])
            if (word.IndexOf('=', StringComparison.Ordinal) is > 0 and var at)
                values[word[..at]] = Uri.UnescapeDataString(word[(at + 1)..]);
        return values;
    }
}
