using System.Text.RegularExpressions;
using Steward.Data.Stars;
using Steward.Data.Tables;

namespace Steward.Pipelines;

/// <summary>How rows come into a table that is there already.</summary>
public enum WriteMode
{
    /// <summary>In place of the rows of the same window: run again, a window leaves what it would have left alone.</summary>
    ReplaceWindow,

    Append,

    /// <summary>In place of all rows.</summary>
    ReplaceAll,
}

/// <summary>Files of the inbox into a table; rows that cannot be read are set aside in its quarantine.</summary>
public sealed partial record CsvPlan : StepSettings
{
    /// <summary>A folder of the inbox and a pattern, <c>sales/${window.start:yyyy/MM/dd/HH}/*.csv</c>, or of a connection, <c>lake:/sales/*.csv</c>.</summary>
    public string Read { get; init; } = "";

    /// <summary>The table, <c>bronze.sales</c>.</summary>
    public string To { get; init; } = "";

    /// <summary>Columns and their types; found in the first file when not said.</summary>
    public IReadOnlyDictionary<string, string> Columns { get; init; } = new Dictionary<string, string>();

    public string? Delimiter { get; init; }

    /// <summary>Columns in which an empty value makes a bad row.</summary>
    public IReadOnlyList<string> Required { get; init; } = [];

    /// <summary>More bad rows than this, and the run fails: <c>&gt; 0.5%</c> or <c>&gt; 20</c>.</summary>
    public string StopIfBad { get; init; } = "> 10%";

    public OnSchemaChange OnChange { get; init; } = OnSchemaChange.Stop;

    public WriteMode Mode { get; init; } = WriteMode.ReplaceWindow;

    /// <summary>A window without files fails instead of writing nothing.</summary>
    public bool Wanted { get; init; }

    internal override string Kind => "csv";

    internal override IReadOnlyList<string> Writes => [To];

    internal override string InWords() => $"reads {Read}";

    internal override IEnumerable<string> Complaints()
    {
        if (!Pattern().IsMatch(Read) || Read.Split('/').Contains(".."))
            yield return "read is a folder of the inbox with a pattern, sales/*.csv, or one of a connection, lake:/sales/*.csv.";
        foreach (var why in TableNames.Complaints(Writes))
            yield return why;
        if (Delimiter is { Length: not 1 } and not "\\t")
            yield return "a delimiter is one character.";
    }

    [GeneratedRegex(@"^[A-Za-z0-9_$][A-Za-z0-9._=${}:'/*?-]{0,300}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Pattern();
}

/// <summary>One SELECT into a table. What it reads and writes is declared; it can reach nothing else.</summary>
public sealed record SqlPlan : StepSettings
{
    public string Query { get; init; } = "";

    /// <summary>Every table it reads.</summary>
    [System.Text.Json.Serialization.JsonPropertyName("reads")]
    public IReadOnlyList<string> From { get; init; } = [];

    /// <summary>Of those, the ones of which it sees only the rows of its window.</summary>
    public IReadOnlyList<string> OfWindow { get; init; } = [];

    /// <summary>The table it writes.</summary>
    [System.Text.Json.Serialization.JsonPropertyName("writes")]
    public string To { get; init; } = "";

    public WriteMode Mode { get; init; } = WriteMode.ReplaceWindow;

    public IReadOnlyList<string> PartitionBy { get; init; } = [];

    public OnSchemaChange OnChange { get; init; } = OnSchemaChange.Stop;

    /// <summary>What must hold of the rows it makes.</summary>
    public RowTests Tests { get; init; } = new();

    internal override string Kind => "sql";

    internal override IReadOnlyList<string> Reads => From;

    internal override IReadOnlyList<string> Writes => [To];

    internal override string InWords() => $"selects into {To}";

    internal override IEnumerable<string> Complaints()
    {
        if (string.IsNullOrWhiteSpace(Query) || Query.Length > 100_000)
            yield return "query is one SELECT of at most 100,000 characters.";
        foreach (var why in TableNames.Complaints(From, references: true).Concat(TableNames.Complaints(Writes)).Concat(Tests.Complaints()))
            yield return why;
        if (From.Count > 50)
            yield return "it reads at most 50 tables.";
        if (OfWindow.FirstOrDefault(table => !From.Contains(table)) is { } other)
            yield return $"'{Names.Shorten(other)}' is under of_window, but not under reads.";
    }
}

/// <summary>What must hold of rows before they are kept.</summary>
public sealed record RowTests
{
    public IReadOnlyList<string> NotNull { get; init; } = [];

    /// <summary>Columns that are unique together.</summary>
    public IReadOnlyList<string> Unique { get; init; } = [];

    public long? RowsAtLeast { get; init; }

    internal IEnumerable<string> Complaints()
    {
        if (NotNull.Count > 100 || Unique.Count > 20)
            yield return "tests name at most 100 columns.";
    }
}

/// <summary>A table into another, partitioned by columns.</summary>
public sealed record WritePlan : StepSettings
{
    public string From { get; init; } = "";

    public string To { get; init; } = "";

    public IReadOnlyList<string> PartitionBy { get; init; } = [];

    public WriteMode Mode { get; init; } = WriteMode.ReplaceWindow;

    internal override string Kind => "write";

    internal override IReadOnlyList<string> Reads => [From];

    internal override IReadOnlyList<string> Writes => [To];

    internal override string InWords() => $"writes {From} into {To}{(PartitionBy.Count > 0 ? $" by {string.Join(", ", PartitionBy)}" : "")}";

    internal override IEnumerable<string> Complaints() => TableNames.Complaints([From, To]);
}

/// <summary>The newest row of each key into an operational table.</summary>
public sealed record TablePlan : StepSettings
{
    /// <summary><c>Product</c>, in the schema <see cref="In"/>.</summary>
    public string Name { get; init; } = "";

    /// <summary>A schema of ours, or a connection to a database.</summary>
    public string In { get; init; } = "";

    public string From { get; init; } = "";

    /// <summary>In a database: the window's rows in place of those with the same key, or all rows in place of all. Ours are always the former.</summary>
    public TableMode Mode { get; init; }

    public IReadOnlyList<string> Key { get; init; } = [];

    /// <summary>What is taken besides the key; all when empty.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>The column that says since when a row is true; the window's start when not said.</summary>
    public string? At { get; init; }

    internal override string Kind => "table";

    internal override IReadOnlyList<string> Reads => [From];

    internal override IReadOnlyList<string> Writes => [TableNames.Of(In, Name)];

    internal override string InWords() => $"keeps the newest row of each {string.Join(", ", Key)}";

    internal override IEnumerable<string> Complaints() => TableNames.Complaints([From, .. Writes]).Concat(Key.Count is > 0 and <= 20 ? [] : ["key names 1 to 20 columns."]);
}

/// <summary>How rows come into a table of a database.</summary>
public enum TableMode { Upsert, Replace }

/// <summary>A dimension of a warehouse.</summary>
public sealed record DimPlan : StepSettings
{
    public string Name { get; init; } = "";

    public string In { get; init; } = "";

    public string From { get; init; } = "";

    public IReadOnlyList<string> NaturalKey { get; init; } = [];

    /// <summary>The column of the surrogate key; <c>NAME_sk</c> when not said.</summary>
    public string? Surrogate { get; init; }

    public ScdPlan Scd { get; init; } = new();

    public string? At { get; init; }

    /// <summary>What to do with members that the source no longer has; not <c>ignore</c> only where every window brings all of them.</summary>
    public HardDeletes HardDeletes { get; init; }

    /// <summary>Its surrogate key.</summary>
    public int UnknownMember { get; init; } = -1;

    internal override string Kind => "dim";

    internal override IReadOnlyList<string> Reads => [From];

    internal override IReadOnlyList<string> Writes => [TableNames.Of(In, Name)];

    internal override string InWords() => $"keeps the dimension {TableNames.Of(In, Name)}, type {(Scd.Type2.Count > 0 ? $"2 by {string.Join(", ", Scd.Type2)}" : "1")}";

    internal DimensionOrder Order() => new(TableName.Parse(Writes[0]), SurrogateOr(), NaturalKey, Scd.Type1, Scd.Type2, At, HardDeletes, UnknownMember);

    internal string SurrogateOr() => Surrogate ?? $"{Name.ToLowerInvariant()}_sk";

    internal override IEnumerable<string> Complaints()
    {
        foreach (var why in TableNames.Complaints([From, .. Writes]))
            yield return why;
        var all = NaturalKey.Concat(Scd.Type1).Concat(Scd.Type2).Append(SurrogateOr()).ToList();
        if (NaturalKey.Count is < 1 or > 20 || all.Count > 500)
            yield return "natural_key names 1 to 20 columns.";
        if (all.GroupBy(name => name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(same => same.Count() > 1) is { } twice)
            yield return $"'{Names.Shorten(twice.Key)}' is there twice: a column is a key, of type 1 or of type 2.";
        if (UnknownMember > 0)
            yield return "the unknown member has a key of 0 or less; its members count from 1.";
    }
}

public sealed record ScdPlan
{
    /// <summary>Attributes that are overwritten.</summary>
    public IReadOnlyList<string> Type1 { get; init; } = [];

    /// <summary>Attributes whose history is kept.</summary>
    public IReadOnlyList<string> Type2 { get; init; } = [];
}

/// <summary>Facts with the keys of their members.</summary>
public sealed record FactPlan : StepSettings
{
    public string Name { get; init; } = "";

    public string In { get; init; } = "";

    public string From { get; init; } = "";

    /// <summary>The columns of which every fact has its own values.</summary>
    public IReadOnlyList<string> Grain { get; init; } = [];

    /// <summary>What is taken besides; all when empty.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>The column of the surrogate key and the dimension: <c>{product_sk: Product}</c>. Members are found by the dimension's natural key.</summary>
    public IReadOnlyDictionary<string, string> Lookups { get; init; } = new Dictionary<string, string>();

    /// <summary>The column of a fact's time; the window's start when not said.</summary>
    public string? At { get; init; }

    internal override string Kind => "fact";

    internal override IReadOnlyList<string> Reads => [From, .. Lookups.Values.Select(name => TableNames.Of(In, name)).Distinct()];

    internal override IReadOnlyList<string> Writes => [TableNames.Of(In, Name)];

    internal override string InWords() => $"keeps facts of {string.Join(", ", Grain)}{(Lookups.Count > 0 ? $" with {string.Join(", ", Lookups.Values)}" : "")}";

    internal override IEnumerable<string> Complaints() => TableNames.Complaints([.. Reads, .. Writes]).Concat(Grain.Count is > 0 and <= 20 ? [] : ["grain names 1 to 20 columns."]);
}

/// <summary>Fails the run when tables do not agree.</summary>
public sealed record CheckPlan : StepSettings
{
    /// <summary>A table and a dimension of one name: <c>[sqldb.product, dw.product]</c>.</summary>
    public IReadOnlyList<string> SameName { get; init; } = [];

    /// <summary>Their common key; that of the dimension when not said.</summary>
    public IReadOnlyList<string> Key { get; init; } = [];

    /// <summary>Pairs of numbers that must be the same.</summary>
    public IReadOnlyList<ReconcilePlan> Reconcile { get; init; } = [];

    /// <summary>The tables that the numbers of <see cref="Reconcile"/> are selected from.</summary>
    [System.Text.Json.Serialization.JsonPropertyName("reads")]
    public IReadOnlyList<string> From { get; init; } = [];

    internal override string Kind => "check";

    internal override IReadOnlyList<string> Reads => [.. Same.Concat(From).Distinct()];

    /// <summary>People write <c>sqldb.Product</c>; SQL names are lower-case.</summary>
    internal IReadOnlyList<string> Same => [.. SameName.Select(name => name.ToLowerInvariant())];

    internal override string InWords() => SameName.Count > 0 ? $"checks that {string.Join(" and ", SameName)} agree" : $"checks {Say.Count(Reconcile.Count, "number")}";

    internal override IEnumerable<string> Complaints()
    {
        foreach (var why in TableNames.Complaints(Same.Concat(From)))
            yield return why;
        if (SameName.Count is not (0 or 2))
            yield return "same_name names a table and a dimension.";
        if (SameName.Count == 0 && Reconcile.Count == 0)
            yield return "write what to check: same_name or reconcile.";
        if (Reconcile.Count > 50 || Reconcile.Any(one => one.Left.Length is 0 or > 10_000 || one.Right.Length is 0 or > 10_000 || one.Tolerance < 0))
            yield return "reconcile has at most 50 pairs of SELECTs, left and right, and a tolerance of 0 or more.";
    }
}

/// <summary>Two SELECTs of one number each.</summary>
public sealed record ReconcilePlan
{
    public string Left { get; init; } = "";

    public string Right { get; init; } = "";

    /// <summary>How far they may lie apart.</summary>
    public double Tolerance { get; init; }
}

/// <summary>Names of tables in a plan.</summary>
internal static class TableNames
{
    /// <summary>People write <c>Product</c>; SQL names are lower-case.</summary>
    public static string Of(string schema, string name) => $"{schema}.{name}".ToLowerInvariant();

    public static IEnumerable<string> Complaints(IEnumerable<string> names, bool references = false)
    {
        foreach (var name in names)
            if (Why(name, references) is { } why)
                yield return why;
    }

    /// <summary>The name in lower case; a time behind it stays as it is.</summary>
    public static string Lower(string reference) => reference.Split('@', 2) is [var name, var rest] ? $"{name.ToLowerInvariant()}@{rest}" : reference.ToLowerInvariant();

    /// <summary>What is wrong with something that is written, null when nothing is.</summary>
    public static string? Why(Action read)
    {
        try
        {
            read();
            return null;
        }
        catch (ProblemException problem)
        {
            return problem.Message;
        }
    }

    private static string? Why(string name, bool reference) => Why(() => _ = reference ? TableReference.Parse(name).Table : TableName.Parse(name));
}
