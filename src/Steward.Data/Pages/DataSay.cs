using System.Globalization;

namespace Steward.Data.Pages;

/// <summary>What pages say about data sets.</summary>
internal static class DataSay
{
    public static string Purpose(Split split) => split switch
    {
        Split.Train => "to learn from",
        Split.Valid => "to choose by",
        _ => "to judge with",
    };

    public static string Of(Reason reason) => reason is Reason.Import ? "import" : "labels";

    /// <summary>A kind, or that nobody has said which.</summary>
    /// <summary><c>4,280 pictures of 8 kinds</c>, <c>96 pictures without a name</c>, <c>30 pictures of 2 kinds, 10 of them without a name</c>.</summary>
    public static string Pictures(Snapshot one, Summary numbers)
    {
        var (kinds, unnamed) = (numbers.Labels.Count(label => label.Key.Length > 0), numbers.Labels.Where(label => label.Key.Length == 0).Sum(label => label.Value));
        return Say.Count(one.Items, "picture") + (kinds, unnamed) switch
        {
            (0, > 0) => " without a name",
            (_, > 0) => $" of {Say.Count(kinds, "kind")}, {unnamed:N0} of them without a name",
            _ => $" of {Say.Count(kinds, "kind")}",
        };
    }

    public static string Kind(string label) => label is "" ? "(no name)" : label;

    public static string Percent(double share) => share.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>What to know before training on it, in one sentence made from the numbers. <c>Lead</c> is said in bold.</summary>
    public static (string Lead, string More) Conclusion(Summary numbers)
    {
        var labels = numbers.Labels.OrderBy(label => label.Value).ToList();
        var missing = numbers.Splits.Where(split => split.Value == 0).Select(split => split.Key).ToList();
        if (numbers.Labels.TryGetValue("", out var unnamed))
            return ($"{Say.Count(unnamed, "picture")} without a name", ": steward heaps sorts what looks alike, for people to name.");
        if (missing.Count > 0)
            return ($"Nothing is in {string.Join(" and ", missing)}", $": a model of this data could not be {(missing.Contains("test") ? "judged" : "chosen")} on pictures that it has not seen.");
        if (labels.Count == 1)
            return ("There is only one kind", $", {labels[0].Key}: nothing can be told apart.");
        var (least, most) = (labels[0], labels[^1]);
        return most.Value >= 3 * least.Value
            ? ($"{least.Key} is rare", $": {Say.Count(least.Value, "picture")}, while {most.Key} has {most.Value:N0}. A model will know it less well.")
            : ("Every kind is well represented", least.Value == most.Value ? $": {Say.Count(least.Value, "picture")} each." : $": from {least.Value:N0} ({least.Key}) to {most.Value:N0} ({most.Key}) pictures.");
    }

    /// <summary>What makes two pictures the same, for people.</summary>
    public static string Same(SameBy by) => by switch
    {
        SameBy.Bytes => "the same file",
        SameBy.Pixels => "the same pixels in another file",
        _ => "they look the same",
    };

    /// <summary>How bad it is that pictures are there twice.</summary>
    public static (string Lead, string More) Twice(DuplicateReport found)
    {
        if (found.Pictures == 0)
            return ("Every picture is there once", found.By switch
            {
                SameBy.Bytes => ": no two files are equal.",
                SameBy.Pixels => ": no two have equal pixels.",
                _ => ": no two look the same. Cropped, turned and mirrored ones are not looked for.",
            });
        string[] bad = [.. new[]
        {
            found.Leaks > 0 ? $" {Say.Count(found.Leaks, "time")} in two splits, so a model is judged with what it has learned." : null,
            found.Conflicts > 0 ? $" {Say.Count(found.Conflicts, "time")} with two labels, of which one must be wrong." : null,
        }.OfType<string>()];
        return ($"{Say.Count(found.Pictures, "picture")} {(found.Pictures == 1 ? "is a copy of another" : "are copies of others")}", bad.Length == 0 ? ", always in the same split and with the same label: nothing is judged wrongly by them." : ":" + string.Concat(bad));
    }

    public static (string Lead, string More) Conclusion(SnapshotDiff diff)
    {
        if (diff.IsEmpty)
            return ("The two hold the same", ", picture by picture.");
        var facts = new[] { (diff.Added.Count, "came"), (diff.Removed.Count, "went"), (diff.Changed.Count, "changed") }.Where(fact => fact.Count > 0).ToList();
        var relabelled = diff.Changed.Count(change => change.Before.Label != change.After.Label);
        var moved = diff.Changed.Count(change => change.Before.Split != change.After.Split);
        return ($"{string.Join(", ", facts.Select((fact, i) => i == 0 ? $"{Say.Count(fact.Count, "picture")} {fact.Item2}" : $"{fact.Count:N0} {fact.Item2}"))}",
            $"{(relabelled > 0 ? $"; {relabelled:N0} got another label" : "")}{(moved > 0 ? $"; {moved:N0} moved to another split" : "")}.");
    }
}
