using System.Text.Json.Nodes;
using Steward.Work;

namespace Steward.Engines.Databricks;

/// <summary>
/// A job as one-time runs (<c>jobs/runs/submit</c>). A run has at most 1,000 tasks, so a larger array is several runs side by
/// side. "So many at once" is what the tasks wait for: each begins when the one that many places before it is over, however it ended.
/// </summary>
internal static class SubmitRuns
{
    public const int MostTasks = 1000;
    private const int LongestName = 100, MostTags = 20;
    private const string Environment = "steward";

    /// <summary>A cluster may have to be started first, and that counts; the task's own host keeps the exact time.</summary>
    private static readonly TimeSpan RoomToBegin = TimeSpan.FromMinutes(30);

    public static int Runs(int tasks) => (tasks + MostTasks - 1) / MostTasks;

    public static string Key(int index) => $"t{index}";

    /// <summary>The index of a task by its key; null when it is none of ours.</summary>
    public static int? Index(string? key) => key is ['t', .. var number] && int.TryParse(number, System.Globalization.NumberStyles.None, null, out var index) ? index : null;

    /// <param name="script">Where task.py lies in the volume.</param>
    /// <param name="folder">Of the job, in the volume.</param>
    public static IEnumerable<JsonObject> Of(JobFile job, DatabricksSettings settings, string script, string folder)
    {
        var runs = Runs(job.Tasks);
        for (var run = 0; run < runs; run++)
        {
            var (from, to) = (run * MostTasks, Math.Min((run + 1) * MostTasks, job.Tasks));
            // The places are shared out so that together they are what was asked for.
            var lanes = (job.AtOnce / runs) + (run < job.AtOnce % runs ? 1 : 0);
            var body = new JsonObject
            {
                ["run_name"] = $"{Plain(job.Name)}.{job.Id}",
                // Asked again with it, Databricks answers with the run that it has.
                ["idempotency_token"] = $"{job.Id}-{run}",
                ["queue"] = new JsonObject { ["enabled"] = true },
                ["tasks"] = new JsonArray([.. Enumerable.Range(from, to - from).Select(index => (JsonNode)Task(index, from, lanes, job, settings, script, folder))]),
            };
            if (settings.Cluster is null && job.Runtime is null)
                body["environments"] = new JsonArray(new JsonObject { ["environment_key"] = Environment, ["spec"] = new JsonObject { ["environment_version"] = "2" } });
            yield return body;
        }
    }

    private static JsonObject Task(int index, int first, int lanes, JobFile job, DatabricksSettings settings, string script, string folder)
    {
        var task = new JsonObject
        {
            ["task_key"] = Key(index),
            // Nothing that a client wrote stands here, where Databricks fills in what is between braces: it lies in job.json.
            ["spark_python_task"] = new JsonObject { ["python_file"] = script, ["parameters"] = new JsonArray(script, folder, $"{index}", "{{task.run_id}}") },
            ["timeout_seconds"] = (int)Math.Ceiling(job.Seconds + RoomToBegin.TotalSeconds),
            ["max_retries"] = job.Requeue,
            ["min_retry_interval_millis"] = 0,
            ["retry_on_timeout"] = false,
        };
        if (index - lanes >= first)
            (task["depends_on"], task["run_if"]) = (new JsonArray(new JsonObject { ["task_key"] = Key(index - lanes) }), "ALL_DONE");
        if (settings.Cluster is { } cluster)
            task["existing_cluster_id"] = cluster;
        else if (job.Runtime is not null)
            task["new_cluster"] = NewCluster(job, settings);
        else
            // Serverless repeats what failed by itself unless it is told not to.
            (task["environment_key"], task["disable_auto_optimization"]) = (Environment, true);
        return task;
    }

    /// <summary>One machine, the driver: a task is one process and has no use for workers.</summary>
    private static JsonObject NewCluster(JobFile job, DatabricksSettings settings)
    {
        var tags = new JsonObject { ["ResourceClass"] = "SingleNode", ["steward-job"] = Plain(job.Name) };
        foreach (var (key, value) in job.Labels.OrderBy(label => label.Key, StringComparer.Ordinal).Take(MostTags))
            tags[$"steward-{Plain(key)}"] = Plain(value);
        var cluster = new JsonObject
        {
            ["spark_version"] = job.Runtime,
            ["num_workers"] = 0,
            ["spark_conf"] = new JsonObject { ["spark.master"] = "local[*]", ["spark.databricks.cluster.profile"] = "singleNode" },
            ["custom_tags"] = tags,
        };
        foreach (var (key, value) in new[] { ("node_type_id", settings.Node), ("instance_pool_id", settings.Pool), ("policy_id", settings.Policy) })
            if (value is not null)
                cluster[key] = value;
        return cluster;
    }

    /// <summary>For people who look at the workspace or its bill: plain letters, which every cloud takes as a tag.</summary>
    private static string Plain(string text) => new([.. text.Take(LongestName).Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '_')]);
}

/// <summary>What lies in <c>job.json</c>: all that a task's host must know, and what whoever asks later must, perhaps another server.</summary>
/// <param name="Seconds">It may take.</param>
/// <param name="Keep">Seconds that jobs are kept in the volume.</param>
internal sealed record JobFile(string Id, string Name, IReadOnlyList<string> Command, IReadOnlyDictionary<string, string> Environment, string? Folder, int Tasks, int AtOnce, int Requeue, long Memory, double Seconds, int LogLines, int LogCharacters, double Keep, IReadOnlyDictionary<string, string> Labels)
{
    /// <summary>The exact runtime of its new clusters: asked again, it has the same.</summary>
    public string? Runtime { get; init; }

    public static JobFile Of(string id, JobSpec spec, DatabricksSettings settings) => new(id, spec.Name, spec.Command, spec.Environment, spec.Folder, spec.Tasks, spec.AtOnce, spec.Requeue, spec.Limits.Memory, spec.Limits.Time.TotalSeconds,
        Math.Clamp(spec.Limits.LogLines, 1, 100_000), JobSpec.LogCharactersOf(spec.Tasks), settings.Keep.TotalSeconds, spec.Labels);
}
