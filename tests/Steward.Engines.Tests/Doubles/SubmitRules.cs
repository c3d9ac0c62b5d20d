using System.Text.Json;
using System.Text.Json.Nodes;

namespace Steward.Engines.Tests.Doubles;

/// <summary>What the Jobs API checks of a one-time run: its fields and their types (as published in the API's own SDKs), and what must fit together.</summary>
internal static class SubmitRules
{
    private const int MostTasks = 1000, MostParameters = 10_000, LongestToken = 64, MostTags = 45;

    /// <summary>Fields by object; <c>!</c> is required, <c>[]</c> a list.</summary>
    private static readonly Dictionary<string, Dictionary<string, string>> Shapes = new()
    {
        ["run"] = new()
        {
            ["tasks"] = "task[]!", ["run_name"] = "text", ["idempotency_token"] = "text", ["timeout_seconds"] = "whole", ["queue"] = "queue", ["environments"] = "environment[]",
        },
        ["queue"] = new() { ["enabled"] = "yes!" },
        ["environment"] = new() { ["environment_key"] = "text!", ["spec"] = "spec" },
        ["spec"] = new() { ["environment_version"] = "text", ["client"] = "text", ["dependencies"] = "text[]" },
        ["task"] = new()
        {
            ["task_key"] = "text!", ["description"] = "text", ["depends_on"] = "dependency[]", ["run_if"] = "text", ["spark_python_task"] = "python!", ["timeout_seconds"] = "whole", ["max_retries"] = "whole",
            ["min_retry_interval_millis"] = "whole", ["retry_on_timeout"] = "yes", ["existing_cluster_id"] = "text", ["new_cluster"] = "cluster", ["environment_key"] = "text", ["disable_auto_optimization"] = "yes",
        },
        ["dependency"] = new() { ["task_key"] = "text!", ["outcome"] = "text" },
        ["python"] = new() { ["python_file"] = "text!", ["parameters"] = "text[]", ["source"] = "text" },
        ["cluster"] = new()
        {
            ["spark_version"] = "text!", ["num_workers"] = "whole", ["node_type_id"] = "text", ["instance_pool_id"] = "text", ["policy_id"] = "text", ["spark_conf"] = "texts", ["custom_tags"] = "texts",
        },
    };

    /// <summary>Why it is refused, in the API's way; null when it is not.</summary>
    public static string? Complaint(JsonNode? body)
    {
        if (Misshapen(body, "run", "body") is { } misshapen)
            return misshapen;
        var tasks = body!["tasks"]!.AsArray();
        if (tasks.Count is 0 or > MostTasks)
            return $"The number of tasks ({tasks.Count}) is not between 1 and {MostTasks}";
        if (((string?)body["idempotency_token"])?.Length > LongestToken)
            return $"idempotency_token must have at most {LongestToken} characters";
        var environments = body["environments"]?.AsArray().Select(one => (string)one!["environment_key"]!).ToHashSet() ?? [];
        var seen = new HashSet<string>();
        foreach (var task in tasks)
            if (Complaint(task!, environments, seen) is { } why)
                return why;
        return null;
    }

    private static string? Complaint(JsonNode task, HashSet<string> environments, HashSet<string> seen)
    {
        var key = (string)task["task_key"]!;
        // Circles are found by asking that a task stands below what it waits for, as ours always does.
        if (task["depends_on"]?.AsArray().FirstOrDefault(one => !seen.Contains((string)one!["task_key"]!)) is { } unknown)
            return $"Task {key} depends on {unknown["task_key"]}, which is not there";
        if (key.Length > 100 || !key.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') || !seen.Add(key))
            return $"task_key {key} is not unique, or holds other than letters, digits, - and _";
        if ((string?)task["run_if"] is { } when and not ("ALL_DONE" or "ALL_SUCCESS" or "NONE_FAILED" or "AT_LEAST_ONE_SUCCESS" or "ALL_FAILED" or "AT_LEAST_ONE_FAILED"))
            return $"run_if {when} is not known";
        var python = task["spark_python_task"]!;
        if (!((string)python["python_file"]!).StartsWith("/Volumes/", StringComparison.Ordinal) && !((string)python["python_file"]!).StartsWith("dbfs:/", StringComparison.Ordinal) && !((string)python["python_file"]!).StartsWith("/Workspace/", StringComparison.Ordinal))
            return $"python_file {python["python_file"]} is no location";
        if (python["parameters"]?.ToJsonString().Length > MostParameters)
            return $"The parameters of {key} exceed {MostParameters} bytes";
        var (cluster, existing, environment) = (task["new_cluster"], task["existing_cluster_id"], (string?)task["environment_key"]);
        if (new[] { cluster is not null, existing is not null, environment is not null }.Count(one => one) != 1)
            return $"Task {key} must name one of new_cluster, existing_cluster_id and environment_key";
        if (environment is not null && !environments.Contains(environment))
            return $"Environment {environment} of task {key} is not defined";
        if (cluster is not null && cluster["node_type_id"] is null == (cluster["instance_pool_id"] is null))
            return "Exactly 1 of instance_pool_id and node_type_id must be specified";
        if (cluster?["custom_tags"]?.AsObject() is { } tags && (tags.Count > MostTags || tags.Any(tag => tag.Key.Length > 127 || ((string)tag.Value!).Length > 255 || (tag.Key + (string)tag.Value!).Any(c => !char.IsAsciiLetterOrDigit(c) && !" +-=._:/@".Contains(c, StringComparison.Ordinal)))))
            return "custom_tags hold a tag that the cloud does not take";
        if (cluster is not null && (int?)cluster["num_workers"] == 0 && (string?)cluster["spark_conf"]?["spark.databricks.cluster.profile"] != "singleNode")
            return "Number of workers must be at least 1 unless the cluster is a single node";
        return null;
    }

    private static string? Misshapen(JsonNode? node, string shape, string path)
    {
        if (node is not JsonObject thing)
            return $"Could not parse request object: expected an object at {path}";
        var fields = Shapes[shape];
        if (thing.FirstOrDefault(one => !fields.ContainsKey(one.Key)) is { Key: { } unknown })
            return $"Could not parse request object: {path} has no field '{unknown}'";
        foreach (var (name, type) in fields)
            if (thing[name] is not { } value)
            {
                if (type.EndsWith('!'))
                    return $"Missing required field: {path}.{name}";
            }
            else if (Mistyped(value, type.TrimEnd('!'), $"{path}.{name}") is { } why)
                return why;
        return null;
    }

    private static string? Mistyped(JsonNode value, string type, string path)
    {
        if (type.EndsWith("[]", StringComparison.Ordinal))
            return value is JsonArray list ? list.Select((one, i) => Mistyped(one!, type[..^2], $"{path}[{i}]")).FirstOrDefault(why => why is not null) : $"Could not parse request object: expected a list at {path}";
        if (Shapes.ContainsKey(type))
            return Misshapen(value, type, path);
        var fits = type switch
        {
            "text" => value.GetValueKind() is JsonValueKind.String,
            "whole" => value.GetValueKind() is JsonValueKind.Number && long.TryParse(value.ToJsonString(), out var whole) && whole >= 0,
            "yes" => value.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
            _ => value is JsonObject texts && texts.All(one => one.Value?.GetValueKind() is JsonValueKind.String),
        };
        return fits ? null : $"Could not parse request object: {path} is no {type}";
    }
}
