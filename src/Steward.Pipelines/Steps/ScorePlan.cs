namespace Steward.Pipelines;

/// <summary>Asks a registered model about the rows of a table; the answers become a table, or documents that applications read.</summary>
public sealed record ScorePlan : StepSettings
{
    /// <summary>A registered model: <c>offers@production</c>, <c>offers@3</c>.</summary>
    public string Model { get; init; } = "";

    /// <summary>The table whose rows are asked about.</summary>
    public string From { get; init; } = "";

    /// <summary>Only the rows of the window, instead of all.</summary>
    public bool OfWindow { get; init; }

    /// <summary>Columns that name a row; they stand beside its answer, and are the key of its document.</summary>
    public IReadOnlyList<string> Key { get; init; } = [];

    /// <summary>The table of the answers.</summary>
    public string? To { get; init; }

    public WriteMode Mode { get; init; } = WriteMode.ReplaceWindow;

    /// <summary>Instead of <see cref="To"/>: a collection of the document store, of which a whole new list takes the place when the window ends.</summary>
    public string? Collection { get; init; }

    /// <summary>How long its documents may be read; for ever when it is not said.</summary>
    public TimeSpan? Ttl { get; init; }

    /// <summary>Of a recommender: how many items each list has, at most.</summary>
    public int? Top { get; init; }

    /// <summary>The engine that scores, each file of the table as a task; this machine when nothing is said.</summary>
    public string? RunOn { get; init; }

    internal override string Kind => "score";

    internal override IReadOnlyList<string> Reads => [TableNames.Lower(From)];

    internal override IReadOnlyList<string> Writes => To is null ? [] : [TableNames.Lower(To)];

    internal override string InWords() => $"asks {Names.Shorten(Model, 60)} about {From}{(RunOn is null ? "" : $" on {Names.Shorten(RunOn, 60)}")}";

    internal override IEnumerable<string> Complaints()
    {
        if (TableNames.Why(() => Reference.Parse("model", Model)) is { } why)
            yield return why;
        foreach (var odd in TableNames.Complaints(Reads, references: true).Concat(TableNames.Complaints(Writes)))
            yield return odd;
        if (To is null == Collection is null)
            yield return "write where the answers go: a table under to, or a collection of documents.";
        if (Collection is not null && !Names.IsName(Collection))
            yield return "a collection's name has lower-case letters, digits and dashes, at most 63, and begins with a letter.";
        if (Key.Count is < 1 or > 20 || Key.Distinct(StringComparer.Ordinal).Count() < Key.Count)
            yield return "key names 1 to 20 columns: key: [customer_id].";
        if (Ttl is not null && (Collection is null || Ttl < TimeSpan.FromSeconds(1) || Ttl > TimeSpan.FromDays(3660)))
            yield return "ttl is how long documents of a collection live, 1s to 3660d.";
        if (Top is < 1 or > 1000)
            yield return "top is 1 to 1,000 items.";
    }
}
