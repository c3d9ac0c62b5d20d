using System.Text.RegularExpressions;
using Steward.Outside;

namespace Steward.Engines.Databricks;

/// <summary>A workspace of Databricks, where tasks are runs of its Jobs API (2.2): on a cluster that is there, on new ones, or serverless when neither is named.</summary>
public sealed partial record DatabricksSettings
{
    /// <summary><c>https://adb-1234567890.1.azuredatabricks.net</c>.</summary>
    public string Workspace { get; init; } = "";

    /// <summary><c>secret://name</c>: the token of a service principal, or of a person.</summary>
    public string Token { get; init; } = "";

    /// <summary>A volume of Unity Catalog, or a folder in one, for jobs and their words: <c>/Volumes/main/ml/steward</c>.</summary>
    public string Volume { get; init; } = "";

    /// <summary>A cluster that is there already, which all tasks share.</summary>
    public string? Cluster { get; init; }

    /// <summary>The Databricks Runtime of new clusters, one for each task: <c>15.4.x-scala2.12</c>; <c>latest</c> and <c>latest-lts</c> are looked up once and pinned.</summary>
    public string? Runtime { get; init; }

    /// <summary>The kind of machine of new clusters.</summary>
    public string? Node { get; init; }

    /// <summary>The pool that new clusters take their machines from.</summary>
    public string? Pool { get; init; }

    public string? Policy { get; init; }

    /// <summary>A folder that this server and the clusters see under the same path, when there is one.</summary>
    public string? Folder { get; init; }

    /// <summary>The program <c>steward</c> on the clusters, for what Steward itself does there.</summary>
    public string Program { get; init; } = "/opt/steward/steward";

    /// <summary>How long what is known of a job is kept in the volume after its last word.</summary>
    public TimeSpan Keep { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How long the workspace may be silent before waiting for a job is given up.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(10);

    public DatabricksSettings Checked()
    {
        if (DatabricksApi.Address(Workspace) is null)
            throw Wrong("workspace", Workspace, "Write the address of the workspace and nothing behind it: workspace: https://adb-1234567890.1.azuredatabricks.net");
        if (!Secrets.IsReference(Token))
            throw ProblemException.Invalid("setting_invalid", "its token is not given by reference.", "Write token: secret://databricks and start the server with STEWARD_SECRET_DATABRICKS.");
        if (!InVolume().IsMatch(Volume))
            throw Wrong("volume", Volume, "Name a volume of Unity Catalog: volume: /Volumes/main/ml/steward");
        foreach (var (key, word) in new[] { ("cluster", Cluster), ("runtime", Runtime), ("node", Node), ("pool", Pool), ("policy", Policy) })
            if (word is not null && !Word().IsMatch(word))
                throw Wrong(key, word, "Use letters, digits, dashes, dots and underscores.");
        if (Cluster is not null && (Runtime ?? Node ?? Pool ?? Policy) is not null)
            throw Wrong("cluster", Cluster, "Name either a cluster that is there, or runtime and node for new ones.");
        if (Runtime is null != (Node is null && Pool is null) || (Policy is not null && Runtime is null) || (Node is not null && Pool is not null))
            throw Wrong("runtime", Runtime ?? "", "A new cluster needs a runtime, and a node or a pool: runtime: 15.4.x-scala2.12, node: i3.xlarge");
        if (Folder is not null && !PlainPath().IsMatch(Folder))
            throw Wrong("folder", Folder, "Give a whole path that this server and the clusters share, or none.");
        if (!PlainPath().IsMatch(Program))
            throw Wrong("program", Program, "Give a whole path: program: /opt/steward/steward");
        if (Keep < TimeSpan.FromHours(1) || Keep > TimeSpan.FromDays(365))
            throw Wrong("keep", Say.Span(Keep), "Write 1h to 365d.");
        return this;
    }

    private static ProblemException Wrong(string key, string value, string tryThis) => ProblemException.Invalid("setting_invalid", $"'{Names.Shorten(value)}' cannot be its {key}.", tryThis);

    [GeneratedRegex(@"^/Volumes(/[A-Za-z0-9_-][A-Za-z0-9_.-]*){3,12}\z", RegexOptions.NonBacktracking)]
    private static partial Regex InVolume();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Word();

    [GeneratedRegex(@"^(/[A-Za-z0-9_.-]+)+\z", RegexOptions.NonBacktracking)]
    private static partial Regex PlainPath();
}
