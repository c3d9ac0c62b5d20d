using Steward.Data.Documents;

namespace Steward.Pipelines;

/// <summary>The rows of a table as documents: a whole new list of a collection, which readers see at one stroke.</summary>
public sealed record DocumentPlan : StepSettings
{
    private const int MostKey = 20, MostBody = 500;

    /// <summary>The table: <c>dw.Product</c>, or a snapshot of it, <c>dw.product@12</c>.</summary>
    public string From { get; init; } = "";

    public string Collection { get; init; } = "";

    /// <summary>The columns of a document's key, joined by <c>|</c>.</summary>
    public IReadOnlyList<string> Key { get; init; } = [];

    /// <summary>The columns of its body; all when empty.</summary>
    public IReadOnlyList<string> Body { get; init; } = [];

    /// <summary>How long a document may be read; for ever when not said.</summary>
    public TimeSpan? Ttl { get; init; }

    internal override string Kind => "document";

    internal override IReadOnlyList<string> Reads => [From.ToLowerInvariant()];

    internal override IReadOnlyList<string> Writes => [$"documents/{Collection}"];

    internal override string InWords() => $"publishes {Reads[0]} as the documents of {Collection}, by {string.Join(", ", Key)}";

    internal override IEnumerable<string> Complaints()
    {
        foreach (var why in TableNames.Complaints(Reads, references: true))
            yield return why;
        if (!Collection.Contains("${", StringComparison.Ordinal) && !Names.IsName(Collection))
            yield return $"'{Names.Shorten(Collection)}' cannot be the name of a collection: use lower-case letters, digits and dashes.";
        if (Key.Count is < 1 or > MostKey || Body.Count > MostBody)
            yield return $"key names 1 to {MostKey} columns, body at most {MostBody}.";
        if (Ttl is { } ttl && NewDocument.TtlComplaint(ttl) is { } wrong)
            yield return wrong;
    }
}
