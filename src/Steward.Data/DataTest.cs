namespace Steward.Data;

/// <summary>One expectation about the items of a snapshot.</summary>
public sealed record DataTest
{
    private const string MinRowsPerClass = "min_rows_per_class", NoLeak = "no_leak_between_splits", NoDuplicates = "no_duplicate_images";
    private const int MostNames = 5;

    /// <summary><c>min_rows_per_class</c>, <c>no_leak_between_splits</c> or <c>no_duplicate_images</c>.</summary>
    public string Check { get; init; } = "";

    /// <summary>The limit, where the check has one: items per label.</summary>
    public double Value { get; init; }

    /// <summary>When pictures count as the same: <c>bytes</c>, <c>pixels</c>, or <c>phash</c> for those that look the same.</summary>
    public SameBy By { get; init; }

    /// <summary>How many are fine: leaks of <c>no_leak_between_splits</c>, pictures too many of <c>no_duplicate_images</c>.</summary>
    public int Max { get; init; }

    internal bool LooksAtPictures => Check is NoLeak or NoDuplicates;

    internal string? Complaint => Check is MinRowsPerClass or NoLeak or NoDuplicates
        ? Max < 0 ? "max is 0 or more." : null
        : $"'{Check}' is not a data test; write {MinRowsPerClass}, {NoLeak} or {NoDuplicates}.";

    /// <summary>As the project file writes it.</summary>
    internal string Words => Check switch
    {
        MinRowsPerClass => $"{Check}: {Value:0}",
        NoDuplicates => $"{Check} by {Word(By)}, at most {Max:N0}",
        _ => $"{Check} by {Word(By)}",
    };

    /// <summary>What does not hold, with the names of the first offenders; null when all does.</summary>
    internal string? Failure(IReadOnlyList<Item> items, Func<SameBy, DuplicateReport> duplicates) => Check switch
    {
        MinRowsPerClass => TooFew(items),
        NoLeak => Leaks(duplicates(By)),
        _ => Twice(duplicates(By)),
    };

    internal static string Word(SameBy by) => by switch
    {
        SameBy.Bytes => "bytes",
        SameBy.Pixels => "pixels",
        _ => "phash",
    };

    /// <summary>What a word names; <c>phash</c> for no word.</summary>
    internal static SameBy ReadBy(string? word) => word?.ToLowerInvariant() switch
    {
        null or "" or "phash" => SameBy.Phash,
        "pixels" => SameBy.Pixels,
        "bytes" => SameBy.Bytes,
        _ => throw ProblemException.Invalid("by_invalid", $"'{Names.Shorten(word)}' is no way to tell that pictures are the same.", "Choose bytes, pixels or phash."),
    };

    private string? TooFew(IReadOnlyList<Item> items)
    {
        var few = items.Where(item => item.IsNamed).CountBy(item => item.Label).Where(label => label.Value < Value).OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key} has {label.Value}").ToList();
        return few.Count > 0 ? $"every label needs {Value:0} items ({FirstOf(few)})" : null;
    }

    /// <summary>The same picture in two splits: what is judged would have been learned.</summary>
    private string? Leaks(DuplicateReport found) => found.Leaks > Max
        ? $"the same picture is in more than one split ({FirstOf([.. found.Groups.Where(group => group.Leaks).Select(group => group.Words)])})"
        : null;

    private string? Twice(DuplicateReport found) => found.Pictures > Max
        ? $"{Say.Count(found.Pictures, "picture")} {(found.Pictures == 1 ? "is a copy of another" : "are copies of others")}, at most {Max:N0} may be ({FirstOf([.. found.WorstFirst.Select(group => group.Words)])})"
        : null;

    private static string FirstOf(List<string> all)
        => string.Join(", ", all.Take(MostNames)) + (all.Count > MostNames ? $" and {all.Count - MostNames} more" : "");
}
