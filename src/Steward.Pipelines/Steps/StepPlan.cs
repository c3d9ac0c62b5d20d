using System.Text.RegularExpressions;

namespace Steward.Pipelines;

/// <summary>One step: its kind, and under it what it does.</summary>
public sealed record StepPlan
{
    public CopyPlan? Copy { get; init; }

    public CsvPlan? Csv { get; init; }

    public SqlPlan? Sql { get; init; }

    public WritePlan? Write { get; init; }

    public TablePlan? Table { get; init; }

    public DimPlan? Dim { get; init; }

    public FactPlan? Fact { get; init; }

    public CheckPlan? Check { get; init; }

    public DocumentPlan? Document { get; init; }

    public TrainPlan? Train { get; init; }

    public CommandPlan? Command { get; init; }

    public WebhookPlan? Webhook { get; init; }

    public ScorePlan? Score { get; init; }

    public DatabricksPlan? Databricks { get; init; }

    /// <summary>The one kind that is said; null when none or several are.</summary>
    internal StepSettings? Settings => Said is [var one] ? one : null;

    internal IReadOnlyList<StepSettings> Said => [.. new StepSettings?[] { Copy, Csv, Sql, Write, Table, Dim, Fact, Check, Document, Train, Command, Webhook, Score, Databricks }.OfType<StepSettings>()];

    internal static IReadOnlyList<string> Kinds { get; } = ["copy", "csv", "sql", "write", "table", "dim", "fact", "check", "document", "train", "command", "webhook", "score", "databricks"];
}

/// <summary>What every step may say.</summary>
public abstract record StepSettings
{
    /// <summary>Its name in the pipeline; its kind when not said.</summary>
    public string? Id { get; init; }

    /// <summary>The steps that come before it; the one above it when not said, none when empty.</summary>
    public IReadOnlyList<string>? Needs { get; init; }

    /// <summary>Whether it runs when what it needs has succeeded, has failed, or either way.</summary>
    public StepWhen When { get; init; }

    /// <summary>The step runs once for each of these values, as <c>${each}</c>.</summary>
    public IReadOnlyList<string>? ForEach { get; init; }

    /// <summary>The step is given up after this long.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>The bytes it may hold.</summary>
    public long Memory { get; init; } = 1L << 30;

    /// <summary>With the same inputs it is not run again within its window: what it made is taken.</summary>
    public bool Cache { get; init; } = true;

    internal abstract string Kind { get; }

    /// <summary>The tables it reads and the one it writes, as they are written in the plan.</summary>
    internal virtual IReadOnlyList<string> Reads => [];

    internal virtual IReadOnlyList<string> Writes => [];

    /// <summary>What it does besides making tables: <c>runs a command</c>, for those who look at the plan.</summary>
    internal abstract string InWords();

    internal virtual string InWords(Projects.Project project) => InWords();

    /// <summary>With every variable filled in.</summary>
    internal virtual StepSettings Filled(Variables variables) => variables.In(this);

    internal virtual IEnumerable<string> Complaints() => [];
}

public enum StepWhen { Success, Failure, Always }

/// <summary>Names of pipelines and steps.</summary>
internal static partial class StepNames
{
    public static bool IsName(string name) => Plain().IsMatch(name);

    [GeneratedRegex(@"^[a-z][a-z0-9_-]{0,62}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Plain();
}
