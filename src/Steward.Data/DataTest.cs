namespace Steward.Data;

/// <summary>One expectation about the items of a snapshot.</summary>
public sealed record DataTest
{
    private const string MinRowsPerClass = "min_rows_per_class", NoLeak = "no_leak_between_splits";
    private const int MostNames = 5;

    /// <summary><c>min_rows_per_class</c> or <c>no_leak_between_splits</c>.</summary>
    public string Check { get; init; } = "";

    /// <summary>The limit, where the check has one: items per label.</summary>
    public double Value { get; init; }

    internal string? Complaint => Check is MinRowsPerClass or NoLeak ? null : $"'{Check}' is not a data test; write {MinRowsPerClass} or {NoLeak}.";

    /// <summary>What does not hold, with the names of the first offenders.</summary>
    internal IEnumerable<string> Failures(IReadOnlyList<Item> items) => Check == MinRowsPerClass ? TooFew(items) : Leaks(items);

    private IEnumerable<string> TooFew(IReadOnlyList<Item> items)
    {
        var few = items.CountBy(item => item.Label).Where(label => label.Value < Value).OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key} has {label.Value}").ToList();
        if (few.Count > 0)
            yield return $"every label needs {Value:0} items ({FirstOf(few)})";
    }

    /// <summary>The same bytes in two splits: what is judged would have been learned.</summary>
    private static IEnumerable<string> Leaks(IReadOnlyList<Item> items)
    {
        var leaks = items.GroupBy(item => item.Blob).Where(same => same.Select(item => item.Split).Distinct().Count() > 1)
            .Select(same => string.Join(" = ", same.DistinctBy(item => item.Split).Select(item => $"{item.Key} ({item.Split.ToString().ToLowerInvariant()})"))).ToList();
        if (leaks.Count > 0)
            yield return $"the same picture is in more than one split ({FirstOf(leaks)})";
    }

    private static string FirstOf(List<string> all)
        => string.Join(", ", all.Take(MostNames)) + (all.Count > MostNames ? $" and {all.Count - MostNames} more" : "");
}
